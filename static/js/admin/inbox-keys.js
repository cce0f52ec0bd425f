/** Works through the inbox without a mouse: j and k move, r replies, e resolves, ? shows the list of keys. */
import { singleKeysWork } from "./shortcut-switch.js";

export class InboxKeys extends HTMLElement {
  #keys = {
    j: () => this.#move(1),
    k: () => this.#move(-1),
    r: () => this.querySelector("reply-box textarea")?.focus(),
    e: () => this.querySelector('[data-key="e"]')?.click(),
    "?": () => this.querySelector(".inbox-help").click(),
  };

  connectedCallback() {
    document.addEventListener("keydown", this.#press);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#press);
  }

  #press = (event) => {
    const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "Escape" && isTyping && this.contains(isTyping)) isTyping.blur();
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const action = this.#keys[event.key];
    if (!action || document.querySelector("dialog[open]") || !singleKeysWork()) return;
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
}
customElements.define("inbox-keys", InboxKeys);
