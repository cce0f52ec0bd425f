/** Shows a moment in the viewer's own time zone; with `short`, as little of it as tells today from earlier. */
const LONG = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

export class LocalTime extends HTMLElement {
  // A morph puts the server's words back; they are replaced before anybody sees them.
  #observer = new MutationObserver(() => this.#show());

  connectedCallback() {
    this.#show();
  }

  disconnectedCallback() {
    this.#observer.disconnect();
  }

  #show() {
    this.#observer.disconnect();
    const then = new Date(this.getAttribute("datetime"));
    if (!Number.isNaN(then.getTime())) {
      this.textContent = (this.hasAttribute("short") ? shortFormat(then) : LONG).format(then);
      this.title = LONG.format(then);
    }
    this.#observer.observe(this, { childList: true, characterData: true, subtree: true, attributeFilter: ["datetime"] });
  }
}

function shortFormat(then, now = new Date()) {
  if (then.toDateString() === now.toDateString()) return TIME;
  return then.getFullYear() === now.getFullYear() ? DAY : DATE;
}
customElements.define("local-time", LocalTime);
