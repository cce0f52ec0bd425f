/**
 * Shows a moment in the viewer's own time zone; with `short`, as little of it as tells today from earlier, and with
 * `short="clock"` always the time.
 */
const LONG = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const DAY_TIME = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" });
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
      this.textContent = (this.hasAttribute("short") ? shortFormat(then, this.getAttribute("short") === "clock") : LONG).format(then);
      this.title = LONG.format(then);
    }
    this.#observer.observe(this, { childList: true, characterData: true, subtree: true, attributeFilter: ["datetime"] });
  }
}

function shortFormat(then, hasClock, now = new Date()) {
  if (then.toDateString() === now.toDateString()) return TIME;
  if (then.getFullYear() !== now.getFullYear()) return hasClock ? LONG : DATE;
  return hasClock ? DAY_TIME : DAY;
}
customElements.define("local-time", LocalTime);
