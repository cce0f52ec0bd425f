/** A button that copies the text of the element it names in `for`, and says so. */
export class CopyButton extends HTMLElement {
  #timer;

  connectedCallback() {
    this.#button.addEventListener("click", this.#copy);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  get #button() {
    return this.querySelector("button");
  }

  #copy = async () => {
    const source = document.getElementById(this.getAttribute("for"));
    const copied = await write(source.value ?? source.textContent, source);
    const label = this.querySelector("[data-label]");
    this.dataset.before ??= label.textContent;
    label.textContent = copied ? "Copied" : "Press Ctrl+C to copy";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (label.textContent = this.dataset.before), 2500);
  };
}

/** Over plain http the clipboard is closed to pages; the old command still works there. */
async function write(text, source) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection().selectAllChildren(source);
    return document.execCommand("copy");
  }
}
customElements.define("copy-button", CopyButton);
