/** Marks the row of the conversation that is open, however the list or the panel beside it was refreshed. */
export class InboxList extends HTMLElement {
  connectedCallback() {
    document.addEventListener("htmx:afterSwap", this.#swapped);
  }

  disconnectedCallback() {
    document.removeEventListener("htmx:afterSwap", this.#swapped);
  }

  #swapped = ({ detail }) => {
    this.#mark();
    if (detail.target?.id === "inbox-panel") this.#opened();
  };

  #mark() {
    for (const row of this.querySelectorAll(".inbox-row")) {
      if (row.pathname === location.pathname) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  #opened() {
    const conversation = document.getElementById("conversation");
    document.title = conversation.dataset.title;
    // On a phone the list has gone, and the focus with it.
    if (!this.querySelector(".inbox-list").offsetParent) conversation.querySelector("h2").focus();
  }
}
customElements.define("inbox-list", InboxList);
