/** Takes Publish and Discard out of use while there is nothing to publish; the first letter typed brings them back. */
export class DraftBar extends HTMLElement {
  #observer = new MutationObserver(() => this.#settle());

  connectedCallback() {
    this.addEventListener("click", this.#refuse, true);
    this.closest("form").addEventListener("input", this.#wake);
    this.#observer.observe(this.querySelector("#draft-state"), { childList: true, subtree: true, attributes: true });
    this.#settle();
  }

  disconnectedCallback() {
    this.#observer.disconnect();
  }

  #settle() {
    this.#mark(this.querySelector("[data-settled]") !== null);
  }

  #wake = () => this.#mark(false);

  // Not `disabled`: the button that was just pressed keeps the focus.
  #mark(isIdle) {
    for (const button of this.querySelectorAll(".draft-actions [data-needs-changes]")) {
      button.ariaDisabled = isIdle ? "true" : null;
    }
  }

  #refuse = (event) => {
    if (!event.target.closest("[data-needs-changes][aria-disabled=true]")) return;
    event.preventDefault();
    event.stopPropagation();
  };
}
customElements.define("draft-bar", DraftBar);
