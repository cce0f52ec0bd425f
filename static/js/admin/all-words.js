/** The texts of one language: finds those that hold some words, takes one's own back, and shows the language in the preview. */
export class AllWords extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", this.#written);
    this.addEventListener("click", this.#clicked);
    const preview = document.querySelector("live-preview iframe")?.contentWindow;
    preview?.postMessage({ type: "porchlight:locale", locale: this.dataset.language }, location.origin);
  }

  disconnectedCallback() {
    this.removeEventListener("input", this.#written);
    this.removeEventListener("click", this.#clicked);
  }

  #written = (event) => {
    // Each text is saved by itself; the form around it has not changed.
    event.stopPropagation();
    const { target } = event;
    if (target.type === "search") this.#find(target.value.trim().toLocaleLowerCase());
    else target.closest("[data-word]").querySelector("[data-reset]").hidden = !target.value;
  };

  #clicked = ({ target }) => {
    const field = target.closest("[data-reset]")?.closest("[data-word]").querySelector("textarea");
    if (!field) return;
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  };

  #find(words) {
    let found = 0;
    for (const group of this.querySelectorAll("[data-group]")) {
      const rows = [...group.querySelectorAll("[data-word]")];
      for (const row of rows) row.hidden = !textOf(row).includes(words);
      const shown = rows.filter((row) => !row.hidden).length;
      group.hidden = shown === 0;
      group.open = words ? shown > 0 : group.open;
      found += shown;
    }
    this.querySelector("[data-none]").hidden = found > 0;
  }
}
customElements.define("all-words", AllWords);

function textOf(row) {
  const { value, placeholder } = row.querySelector("textarea");
  return `${value}\n${placeholder}`.toLocaleLowerCase();
}
