/** What may be meant while somebody types: canned replies behind a slash, teammates behind an @ in a note. */
import { putPart } from "./fragment.js";
import { markBefore } from "./typed-mark.js";

const REST = 80;

export class SuggestionList extends HTMLElement {
  #mark = null;
  #timer;

  connectedCallback() {
    this.addEventListener("input", this.#typed);
    this.addEventListener("keydown", this.#press);
    this.addEventListener("focusout", this.#left);
    // Not the click: by then the field would have lost the focus.
    this.#list.addEventListener("pointerdown", this.#point);
    this.#list.addEventListener("htmx:afterSwap", this.#arrived);
    this.closest("form").addEventListener("click", this.#begin);
  }

  get #field() {
    return this.querySelector("textarea");
  }

  get #list() {
    return this.querySelector("[role=listbox]");
  }

  get #options() {
    return [...this.#list.querySelectorAll("[role=option]:not([aria-disabled])")];
  }

  get #chosen() {
    return this.#list.querySelector("[aria-selected=true]");
  }

  #typed = () => {
    const isNote = this.closest("form").elements.mode.value === "note";
    this.#mark = markBefore(this.#field.value, this.#field.selectionStart, isNote ? "@" : "/");
    clearTimeout(this.#timer);
    if (this.#mark) this.#timer = setTimeout(() => this.#ask(this.#mark), REST);
    else this.#close();
  };

  #ask({ sign, typed }) {
    const address = `${this.getAttribute(sign === "/" ? "replies" : "mentions")}?${new URLSearchParams({ typed })}`;
    putPart(address, { source: this.#list, target: this.#list });
  }

  #arrived = () => {
    if (!this.#mark) {
      this.#close();
      return;
    }
    this.#list.hidden = !this.#list.childElementCount;
    this.#choose(this.#options[0]);
    const found = this.#options.length;
    this.querySelector("[role=status]").textContent = found ? `${found} found. Arrow keys choose, Enter takes.` : this.#list.textContent.trim();
    this.#field.setAttribute("aria-controls", this.#list.id);
  };

  #choose(option) {
    this.#chosen?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.#field.setAttribute("aria-activedescendant", option.id);
    else this.#field.removeAttribute("aria-activedescendant");
  }

  #press = (event) => {
    if (this.#list.hidden || event.isComposing || event.ctrlKey || event.metaKey) return;
    const options = this.#options;
    const place = options.indexOf(this.#chosen);
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && options.length) this.#choose(options[(place + steps[event.key] + options.length) % options.length]);
    else if ((event.key === "Enter" || event.key === "Tab") && this.#chosen) this.#take(this.#chosen);
    else if (event.key === "Escape") this.#close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  #point = (event) => {
    const option = event.target.closest("[role=option]:not([aria-disabled])");
    event.preventDefault();
    if (option) this.#take(option);
  };

  #take({ dataset }) {
    const field = this.#field;
    field.setSelectionRange(this.#mark.from, field.selectionStart);
    this.#close();
    // The old command alone can be undone with Ctrl+Z.
    if (!document.execCommand("insertText", false, dataset.text)) {
      field.setRangeText(dataset.text, field.selectionStart, field.selectionEnd, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (dataset.reply) this.closest("form").elements.canned_reply.value = dataset.reply;
    this.#close();
  }

  #begin = ({ target }) => {
    if (!target.closest("[data-slash]")) return;
    const field = this.#field;
    field.focus();
    const before = field.value.slice(0, field.selectionStart);
    const written = /(^|\s)$/.test(before) ? "/" : " /";
    if (!document.execCommand("insertText", false, written)) field.setRangeText(written, field.selectionStart, field.selectionEnd, "end");
    this.#typed();
  };

  #left = ({ relatedTarget }) => {
    if (!this.contains(relatedTarget)) this.#close();
  };

  #close() {
    clearTimeout(this.#timer);
    this.#mark = null;
    this.#list.hidden = true;
    this.#list.replaceChildren();
    this.#field.removeAttribute("aria-activedescendant");
    this.#field.removeAttribute("aria-controls");
    this.querySelector("[role=status]").textContent = "";
  }
}
customElements.define("suggestion-list", SuggestionList);
