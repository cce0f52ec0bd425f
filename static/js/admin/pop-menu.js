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
    // What was chosen goes on elsewhere, like a dialog that gives the focus back to what had it. Not before the click is
    // over: htmx sends along which button was pressed only while that has the focus.
    else if (event.target.closest(".dropdown-item")) setTimeout(() => this.#close());
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
