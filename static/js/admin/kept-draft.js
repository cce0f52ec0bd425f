/**
 * Keeps what is typed into the fields inside until it has been saved: after a reload, or on the way back to the page,
 * it is there again. Another `name` (another saved state) is another draft.
 */
const TYPED = "input:not([type=hidden], [type=file], [type=search]), textarea";

export class KeptDraft extends HTMLElement {
  connectedCallback() {
    this.#restore();
    this.addEventListener("input", this.#keep);
    this.#form.addEventListener("htmx:beforeOnLoad", this.#forget);
  }

  disconnectedCallback() {
    this.removeEventListener("input", this.#keep);
  }

  get #form() {
    return this.closest("form");
  }

  get #key() {
    return `draft ${location.pathname}${location.search} ${this.getAttribute("name")}`;
  }

  get #fields() {
    return [...this.querySelectorAll(TYPED)];
  }

  #keep = () => {
    const typed = Object.fromEntries(this.#fields.map((field) => [field.name, field.value]));
    store((drafts) => drafts.setItem(this.#key, JSON.stringify(typed)));
  };

  #restore() {
    const typed = store((drafts) => JSON.parse(drafts.getItem(this.#key)));
    for (const field of typed ? this.#fields : []) {
      if (typeof typed[field.name] !== "string" || typed[field.name] === field.value) continue;
      field.value = typed[field.name];
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  #forget = (event) => {
    const { elt, xhr } = event.detail;
    if (elt === event.currentTarget && xhr.status < 400) store((drafts) => drafts.removeItem(this.#key));
  };
}

/** Where storage is switched off, nothing is kept and nothing breaks. */
function store(action) {
  try {
    return action(sessionStorage);
  } catch {
    return undefined;
  }
}
customElements.define("kept-draft", KeptDraft);
