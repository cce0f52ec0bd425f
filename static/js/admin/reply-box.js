/** A reply that survives a reload, goes with Ctrl or Cmd and Enter, and leaves the field once it has been stored. */
export class ReplyBox extends HTMLElement {
  #sent = "";

  connectedCallback() {
    this.#field.value ||= kept.get(this.dataset.draft);
    this.addEventListener("input", this.#keep);
    this.addEventListener("keydown", this.#sendOnEnter);
    this.addEventListener("htmx:beforeRequest", this.#remember);
    this.addEventListener("htmx:afterRequest", this.#clear);
  }

  get #field() {
    return this.querySelector("textarea");
  }

  #keep = () => kept.set(this.dataset.draft, this.#field.value);

  #remember = () => (this.#sent = this.#field.value);

  #sendOnEnter = (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    this.querySelector("form").requestSubmit();
  };

  #clear = ({ detail }) => {
    if (detail.xhr.status !== 200) return;
    this.querySelector("#reply-problem").replaceChildren();
    this.querySelector("[name=client_id]").value = newId();
    // What was typed while the reply was on its way is the beginning of the next one.
    const typed = this.#field.value;
    this.#field.value = typed.startsWith(this.#sent) ? typed.slice(this.#sent.length).trimStart() : typed;
    this.#keep();
    this.#field.focus();
  };
}

/** A browser may refuse to keep anything; then a draft lives as long as the page. */
const kept = {
  get(key) {
    try {
      return localStorage.getItem(key) ?? "";
    } catch {
      return "";
    }
  },
  set(key, text) {
    try {
      if (text) localStorage.setItem(key, text);
      else localStorage.removeItem(key);
    } catch {
      // Nothing is lost as long as the page stays open.
    }
  },
};

/** `crypto.randomUUID` is missing on plain http. */
function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
customElements.define("reply-box", ReplyBox);
