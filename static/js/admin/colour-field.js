/** Keeps the colour picker and the written colour the same, and takes a proposed colour over. */
export class ColourField extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", this.#input);
    this.addEventListener("click", this.#click);
  }

  get #picker() {
    return this.querySelector("[data-picker]");
  }

  get #text() {
    return this.querySelector("[data-colour]");
  }

  #input = ({ target }) => {
    if (target === this.#picker) this.#text.value = target.value;
    else if (/^#[0-9a-f]{6}$/i.test(target.value.trim())) this.#picker.value = target.value.trim();
  };

  #click = (event) => {
    const proposal = event.target.closest("[data-proposal]");
    if (!proposal) return;
    event.preventDefault();
    this.#text.value = proposal.dataset.proposal;
    this.#text.focus();
    this.#text.dispatchEvent(new Event("input", { bubbles: true }));
  };
}
customElements.define("colour-field", ColourField);
