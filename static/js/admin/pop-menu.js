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
    // What was chosen goes on elsewhere, like a dialog.
    if (!this.contains(event.target) || event.target.closest(".dropdown-item")) this.#details.open = false;
  };

  #closeByKey = (event) => {
    if (event.key !== "Escape" || !this.#details.open) return;
    this.#details.open = false;
    this.#details.querySelector("summary").focus();
  };
}
customElements.define("pop-menu", PopMenu);
