/** Keeps the colour picker and the written colour the same, and takes a proposed colour over. */
export class ColourField extends HTMLElement {
  // The server sends the picker anew where an empty colour follows another one.
  #sent = new MutationObserver(() => this.#follow());

  connectedCallback() {
    this.addEventListener("input", this.#input);
    this.addEventListener("click", this.#click);
    this.#sent.observe(this.#picker, { attributeFilter: ["value"] });
  }

  disconnectedCallback() {
    this.#sent.disconnect();
  }

  get #picker() {
    return this.querySelector("[data-picker]");
  }

  get #text() {
    return this.querySelector("[data-colour]");
  }

  #input = ({ target }) => {
    if (target === this.#picker) this.#text.value = target.value;
    else if (isColour(target.value.trim())) this.#picker.value = target.value.trim();
  };

  #follow() {
    const colour = this.#picker.getAttribute("value");
    if (isColour(this.#text.placeholder)) this.#text.placeholder = colour;
    // What was written while the answer was on its way counts more than it.
    this.#picker.value = isColour(this.#text.value.trim()) ? this.#text.value.trim() : colour;
  }

  #click = (event) => {
    const proposal = event.target.closest("[data-proposal]");
    if (!proposal) return;
    event.preventDefault();
    this.#text.value = proposal.dataset.proposal;
    this.#text.focus();
    this.#text.dispatchEvent(new Event("input", { bubbles: true }));
  };
}

const isColour = (text) => /^#[0-9a-f]{6}$/i.test(text);

customElements.define("colour-field", ColourField);
