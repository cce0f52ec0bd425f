/**
 * Undo and redo for the form around: each state that the server has kept is a step, also after a reload of the page.
 * Steps are bounded; another step after an undo drops what was undone. What others have changed meanwhile becomes a part
 * of every step, so that undoing one's own changes does not undo theirs.
 */
import { entriesOf, fill, replaced, written } from "./form-state.js";
import { Steps } from "./steps.js";

export class UndoButtons extends HTMLElement {
  #steps;

  connectedCallback() {
    this.#steps = Steps.read(stored(this.#key) ?? null) ?? new Steps(this.#state);
    if (this.#steps.current !== this.#state) this.#steps.add(this.#state);
    this.#form.addEventListener("htmx:afterSettle", this.#note);
    this.#form.addEventListener("look:merged", this.#rebase);
    document.addEventListener("keydown", this.#press);
    this.addEventListener("click", this.#click);
    this.#show();
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#press);
  }

  get #form() {
    return this.closest("form");
  }

  get #key() {
    return `steps ${location.pathname}`;
  }

  get #state() {
    return written(entriesOf(this.#form));
  }

  #note = () => {
    // Until somebody has chosen, or what others changed is in the form, there is no state to come back to.
    if (this.#form.querySelector(".draft-conflict, [data-merged]")) return;
    this.#steps.add(this.#state);
    this.#show();
  };

  #rebase = ({ detail: { names, entries } }) => {
    this.#steps.rewrite((state) => written(replaced(JSON.parse(state), names, entries)));
    this.#steps.add(this.#state);
    this.#show();
  };

  #click = ({ target }) => {
    const button = target.closest("[data-undo], [data-redo]");
    if (button) this.#go("undo" in button.dataset ? this.#steps.back() : this.#steps.forward());
  };

  /** A field of text has an undo of its own while somebody writes in it. */
  #press = (event) => {
    const isUndo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
    if (!isUndo || event.target.matches("textarea, input:not([type=radio], [type=checkbox], [type=range], [type=color])")) return;
    event.preventDefault();
    this.#go(event.shiftKey ? this.#steps.forward() : this.#steps.back());
  };

  #go(state) {
    if (state === undefined) return;
    const entries = JSON.parse(state);
    fill(this.#form, entries);
    // Rows that are not in the page are drawn by the server.
    if (state !== this.#state) {
      this.#form.dispatchEvent(new CustomEvent("look:send", { detail: entries }));
    }
    this.#show();
  }

  #show() {
    this.hidden = false;
    this.querySelector("[data-undo]").disabled = !this.#steps.canGoBack;
    this.querySelector("[data-redo]").disabled = !this.#steps.canGoForward;
    stored(this.#key, this.#steps.written);
  }
}

/** Read or write a text of this tab; where storage is switched off, the steps live as long as the page. */
function stored(key, text) {
  try {
    if (text === undefined) return sessionStorage.getItem(key);
    return sessionStorage.setItem(key, text);
  } catch {
    return undefined;
  }
}
customElements.define("undo-buttons", UndoButtons);
