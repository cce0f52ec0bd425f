/**
 * Works through the inbox without a mouse. j and k move, x ticks, figures open the views, ? shows the list of
 * keys; any other key presses what says that it is its key (`data-key`), the list's first while something is ticked.
 */
import { singleKeysWork } from "./shortcut-switch.js";

const VIEWS = "123456789";

export class InboxKeys extends HTMLElement {
  #keys = {
    j: () => this.#move(1),
    k: () => this.#move(-1),
    x: () => this.#tick(),
    "?": () => this.#use(this.querySelector(".inbox-help")),
    Escape: () => this.#leave(),
  };

  connectedCallback() {
    document.addEventListener("keydown", this.#press);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#press);
  }

  #press = (event) => {
    const isTyping = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (event.key === "Escape" && isTyping && this.contains(isTyping)) isTyping.blur();
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]") || !singleKeysWork()) return;
    const action = this.#keys[event.key] ?? this.#view(event.key) ?? this.#marked(event.key);
    if (!action) return;
    event.preventDefault();
    action();
  };

  #move(step) {
    const rows = [...this.querySelectorAll(".inbox-row")];
    const now = rows.findIndex((row) => row.hasAttribute("aria-current"));
    const next = rows[now < 0 ? 0 : now + step];
    next?.focus();
    next?.click();
  }

  /** The row that has the focus, or the one that is open. */
  #tick() {
    const row = document.activeElement.closest(".inbox-item") ?? this.querySelector(".inbox-item:has([aria-current])");
    row?.querySelector(".inbox-tick input")?.click();
  }

  #leave() {
    const list = this.querySelector("inbox-list");
    if (list.hasChosen) list.choose(false);
    else if (!list.querySelector(".inbox-list").offsetParent) this.querySelector(".inbox-back")?.click();
  }

  #view(key) {
    const view = VIEWS.includes(key) ? this.querySelectorAll(".inbox-view")[VIEWS.indexOf(key)] : null;
    return view ? () => view.click() : null;
  }

  #marked(key) {
    const marked = [...this.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find((one) => one.checkVisibility());
    if (!marked) return null;
    return () => (marked.matches("input, select, textarea") ? marked.focus() : this.#use(marked));
  }

  #use(marked) {
    // What opens has somewhere to give the focus back to.
    if (document.activeElement === document.body) marked.focus();
    marked.click();
    // What has just opened is gone on with at once.
    if (marked.matches("details[open] > summary")) marked.parentElement.querySelector("input:not([type=hidden]), select")?.focus();
  }
}
customElements.define("inbox-keys", InboxKeys);
