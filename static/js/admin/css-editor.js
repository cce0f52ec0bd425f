/**
 * Makes an editor of the field inside, once it is in sight; what the editor needs is fetched only then. The field stays
 * what the form sends, and works as it is where scripts are blocked.
 */
export class CssEditor extends HTMLElement {
  #code;
  #observer = new IntersectionObserver(([seen]) => seen.isIntersecting && this.#begin());
  #problems = new MutationObserver(() => this.#tellProblems());

  connectedCallback() {
    this.#observer.observe(this);
  }

  disconnectedCallback() {
    this.#observer.disconnect();
    this.#problems.disconnect();
    this.#code?.destroy();
  }

  get #field() {
    return this.querySelector("textarea");
  }

  async #begin() {
    this.#observer.disconnect();
    const { codeEditor } = await import(this.getAttribute("src"));
    const field = this.#field;
    const place = document.createElement("div");
    place.className = "css-code";
    field.before(place);
    this.#code = codeEditor(place.attachShadow({ mode: "open" }), {
      text: field.value,
      names: JSON.parse(this.getAttribute("names")),
      label: "Custom CSS. Tab indents; press Escape, then Tab, to leave.",
      isLocked: field.matches(":disabled"),
      changed: this.#changed,
    });
    field.hidden = true;
    this.querySelector("[data-editor-hint]").hidden = false;
    field.addEventListener("input", this.#follow);
    place.addEventListener("keydown", keepUndo);
    this.#problems.observe(this.#list, { childList: true, subtree: true, attributes: true, characterData: true });
    this.#tellProblems();
  }

  get #list() {
    return document.getElementById("css-problems");
  }

  #changed = (text) => {
    const field = this.#field;
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  /** Undo and redo of the whole form write into the field. */
  #follow = () => this.#code.show(this.#field.value);

  #tellProblems() {
    const rows = [...this.#list.querySelectorAll("[data-line]")];
    this.#code.mark(rows.map(({ dataset }) => ({ line: Number(dataset.line), message: dataset.message })));
  }
}

/** The editor has an undo of its own; the form's would undo a second thing. */
function keepUndo(event) {
  if ((event.ctrlKey || event.metaKey) && /^[zy]$/i.test(event.key)) event.stopPropagation();
}
customElements.define("css-editor", CssEditor);
