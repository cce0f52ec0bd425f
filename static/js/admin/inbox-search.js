/**
 * Searching the inbox while somebody types: the conversation that is open stays open, and the way back leads past the
 * whole word to what was shown before it.
 */
export class InboxSearch extends HTMLElement {
  #asked = "";

  connectedCallback() {
    this.#asked = this.#field.value;
    this.addEventListener("submit", this.#leave);
    this.addEventListener("htmx:confirm", this.#begin);
    this.addEventListener("htmx:configRequest", this.#ask);
    this.addEventListener("htmx:sendError", this.#forget);
    this.addEventListener("htmx:responseError", this.#forget);
    document.body.addEventListener("htmx:beforeHistoryUpdate", this.#remember);
  }

  disconnectedCallback() {
    document.body.removeEventListener("htmx:beforeHistoryUpdate", this.#remember);
  }

  get #field() {
    return this.querySelector("[name=search]");
  }

  /** Who is done typing goes on by single keys. */
  #leave = () => this.#field.blur();

  /** Enter and a pause in typing ask for the same: once is enough. */
  #begin = (event) => {
    if (this.#field.value === this.#asked) event.preventDefault();
    this.#asked = this.#field.value;
  };

  #forget = () => {
    this.#asked = null;
  };

  #ask = ({ detail }) => {
    // Of the conversation that is open, the same page has the list beside it.
    detail.path = location.pathname;
    if (!detail.parameters.search) delete detail.parameters.search;
  };

  #remember = ({ detail }) => {
    if (!this.contains(detail.requestConfig?.elt)) return;
    if (new URLSearchParams(location.search).has("search")) detail.history.type = "replace";
  };
}
customElements.define("inbox-search", InboxSearch);
