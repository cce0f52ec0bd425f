/** A <details> that is a menu: Escape and a click elsewhere close it. */
export class PopMenu extends HTMLElement {
  connectedCallback() {
    document.addEventListener("click", this.#closeFromOutside);
    this.addEventListener("keydown", this.#closeByKey);
  }

  disconnectedCallback() {
    document.removeEventListener("click", this.#closeFromOutside);
  }

  get #details() {
    return this.querySelector("details");
  }

  #closeFromOutside = (event) => {
    if (!this.contains(event.target)) this.#details.open = false;
    // What was chosen goes on elsewhere, like a dialog that gives the focus back to what had it.
    else if (event.target.closest(".dropdown-item")) this.#close();
  };

  #closeByKey = (event) => {
    if (event.key === "Escape" && this.#details.open) this.#close();
  };

  #close() {
    this.#details.open = false;
    this.#details.querySelector("summary").focus();
  }
}
customElements.define("pop-menu", PopMenu);
