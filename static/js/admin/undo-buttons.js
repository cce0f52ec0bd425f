/**
 * Undo and redo for the form around: each state that the server has kept is a step, also after a reload of the page.
 * Steps are bounded; another step after an undo drops what was undone.
 */
import { Steps } from "./steps.js";

const UNTRACKED = new Set(["csrf_token", "revision", "over", "preset_before", "proposal", "tried_page"]);

export class UndoButtons extends HTMLElement {
  #steps;

  connectedCallback() {
    this.#steps = Steps.read(stored(this.#key) ?? null) ?? new Steps(this.#state);
    if (this.#steps.current !== this.#state) this.#steps.add(this.#state);
    this.#form.addEventListener("htmx:afterSettle", this.#note);
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

  /** What the form holds, as text, so that two states can be compared. */
  get #state() {
    const fields = [...new FormData(this.#form)].filter(([name]) => !UNTRACKED.has(name));
    return JSON.stringify(fields);
  }

  #note = () => {
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
    if (!isUndo || event.target.matches("textarea, input:not([type=radio], [type=range], [type=color])")) return;
    event.preventDefault();
    this.#go(event.shiftKey ? this.#steps.forward() : this.#steps.back());
  };

  #go(state) {
    if (state === undefined) return;
    fill(this.#form, JSON.parse(state));
    this.#show();
  }

  #show() {
    this.hidden = false;
    this.querySelector("[data-undo]").disabled = !this.#steps.canGoBack;
    this.querySelector("[data-redo]").disabled = !this.#steps.canGoForward;
    stored(this.#key, this.#steps.written);
  }
}

/** Put values into the fields, and tell of each that has changed; a name that comes often is filled in order. */
function fill(form, values) {
  const byName = grouped(values);
  const changed = new Set();
  for (const field of form.elements) {
    if (!field.name || UNTRACKED.has(field.name) || field.type === "submit") continue;
    const wanted = byName.get(field.name) ?? [];
    if (field.type === "radio") {
      const isChosen = wanted[0]?.[1] === field.value;
      if (field.checked !== isChosen) changed.add(field);
      field.checked = isChosen;
    } else {
      const [, value = ""] = wanted.shift() ?? [];
      if (field.value !== value) changed.add(field);
      field.value = value;
    }
  }
  for (const field of changed) field.dispatchEvent(new Event("input", { bubbles: true }));
}

function grouped(values) {
  const groups = new Map();
  for (const pair of values) groups.set(pair[0], [...(groups.get(pair[0]) ?? []), pair]);
  return groups;
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
