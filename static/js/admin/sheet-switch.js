/** On a narrow screen: brings the preview over the settings, and takes it away again. */
export class SheetSwitch extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    document.body.classList.add("has-sheet");
    this.addEventListener("click", this.#toggle);
    document.addEventListener("keydown", this.#press);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#press);
    document.body.classList.remove("has-sheet", "is-sheet-open");
  }

  #toggle = ({ target }) => {
    if (target.closest("button")) this.#open(!document.body.classList.contains("is-sheet-open"));
  };

  #press = ({ key }) => {
    if (key === "Escape") this.#open(false);
  };

  #open(isOpen) {
    document.body.classList.toggle("is-sheet-open", isOpen);
    this.querySelector("button").ariaExpanded = isOpen;
  }
}
customElements.define("sheet-switch", SheetSwitch);
