/** A field for one line, into which several may be pasted: their ends become spaces instead of vanishing. */
export class PastedWords extends HTMLElement {
  connectedCallback() {
    this.addEventListener("paste", this.#paste);
  }

  disconnectedCallback() {
    this.removeEventListener("paste", this.#paste);
  }

  #paste = (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const field = event.target;
    if (!/[\r\n]/.test(text) || !(field instanceof HTMLInputElement)) return;
    event.preventDefault();
    field.setRangeText(text.trim().split(/\s+/).join(" "), field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
}
customElements.define("pasted-words", PastedWords);
