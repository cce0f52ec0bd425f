/** Where a teammate writes: to the customer, or a note to the team. What is typed survives, and leaves once it is stored. */
import { putPart } from "./fragment.js";
import { ReplyDraft } from "./reply-drafts.js";

const LOOKS = 150;
const WORDS = {
  reply: ["Your reply", "Write to the customer, or type / for a canned reply"],
  note: ["Your note", "Write to your team; @ calls somebody"],
};

export class ReplyBox extends HTMLElement {
  #sent = "";
  #draft;
  #timer;

  connectedCallback() {
    const token = () => this.querySelector("[name=csrf_token]").value;
    this.#draft = new ReplyDraft({ key: this.getAttribute("draft"), address: this.getAttribute("drafts"), token });
    this.#restore();
    this.#speak();
    this.addEventListener("input", this.#typed);
    this.addEventListener("change", this.#switched);
    this.addEventListener("click", this.#pressed);
    this.#place.addEventListener("htmx:afterSwap", this.#arrived);
    this.#form.addEventListener("htmx:beforeRequest", this.#leaves);
    this.#form.addEventListener("htmx:afterRequest", this.#answered);
    addEventListener("online", this.#save);
    addEventListener("pagehide", this.#save);
  }

  disconnectedCallback() {
    removeEventListener("online", this.#save);
    removeEventListener("pagehide", this.#save);
    this.#draft.save();
  }

  get #form() {
    return this.querySelector("form");
  }

  get #field() {
    return this.querySelector("textarea");
  }

  get #mode() {
    return this.querySelector("[name=mode]:checked").value;
  }

  get #eye() {
    return this.querySelector("[data-preview]");
  }

  #restore() {
    const unsaved = this.#draft.unsaved;
    if (!unsaved) return;
    this.#field.value = unsaved.text;
    const mode = this.querySelector(`[name=mode][value="${unsaved.mode === "note" ? "note" : "reply"}"]`);
    mode.checked = true;
    this.#draft.save();
  }

  #save = () => this.#draft.save();

  #typed = ({ target }) => {
    if (target !== this.#field) return;
    this.#keep();
    if (this.#isLookedAt) this.#look();
  };

  #keep() {
    this.#draft.keep({ text: this.#field.value, mode: this.#mode });
  }

  #switched = ({ target }) => {
    if (target.name !== "mode") return;
    this.#speak();
    if (this.#field.value) this.#keep();
  };

  #speak() {
    const [label, hint] = WORDS[this.#mode];
    this.querySelector("label[for=text]").textContent = label;
    this.#field.placeholder = hint;
    this.toggleAttribute("note", this.#mode === "note");
  }

  #pressed = (event) => {
    const { target } = event;
    const label = target.closest(".composer-mode");
    // Whoever chooses with the arrow keys stays with the choice; others write at once, and none of their letters is a command.
    if (label && !target.matches("input")) {
      event.preventDefault();
      this.#choose(label.querySelector("input"));
    }
    if (target.closest("[data-preview]")) this.#toggle();
    else if (target.closest("[data-suggest]")) this.#suggest(target.closest("[data-suggest]"));
  };

  #choose(mode) {
    mode.checked = true;
    this.#switched({ target: mode });
    this.#goOn();
  }

  /** A draft is gone on with at its end. */
  #goOn() {
    this.#field.focus();
    this.#field.setSelectionRange(this.#field.value.length, this.#field.value.length);
  }

  get #place() {
    return this.querySelector("#reply-preview");
  }

  get #isLookedAt() {
    return this.#eye.getAttribute("aria-pressed") === "true";
  }

  #toggle() {
    this.#eye.setAttribute("aria-pressed", !this.#isLookedAt);
    if (this.#isLookedAt) this.#look();
    else this.#place.replaceChildren();
  }

  #look() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(this.#eye.dataset.preview, { text: this.#field.value }), LOOKS);
  }

  #suggest(button) {
    this.#eye.setAttribute("aria-pressed", "false");
    this.#ask(button.dataset.suggest, {});
  }

  #ask(address, fields) {
    const token = this.querySelector("[name=csrf_token]").value;
    putPart(address, { source: this, target: this.#place, fields: { ...fields, csrf_token: token } });
  }

  /** A preview that is not wanted any more goes; what is suggested is put where it can be read and changed first. */
  #arrived = ({ detail }) => {
    const isPreview = detail.requestConfig.path === this.#eye.dataset.preview;
    if (isPreview && !this.#isLookedAt) this.#place.replaceChildren();
    const text = this.#place.querySelector("[data-text]")?.dataset.text;
    const field = this.#field;
    if (!text || field.value.includes(text)) return;
    this.#goOn();
    const written = field.value.trim() ? `\n\n${text}` : text;
    // The old command alone can be undone with Ctrl+Z.
    if (!document.execCommand("insertText", false, written)) field.setRangeText(written, field.value.length, field.value.length, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  #leaves = ({ target }) => {
    if (target !== this.#form) return;
    this.#draft.stop();
    this.#sent = this.#field.value;
  };

  #answered = ({ target, detail }) => {
    if (target !== this.#form) return;
    if (detail.xhr.status !== 200) {
      this.#keep();
      return;
    }
    this.querySelector("#reply-problem").replaceChildren();
    this.querySelector("[name=client_id]").value = newId();
    this.querySelector("[name=canned_reply]").value = "";
    // What was typed while the reply was on its way is the beginning of the next one.
    const typed = this.#field.value;
    this.#field.value = typed.startsWith(this.#sent) ? typed.slice(this.#sent.length).trimStart() : typed;
    this.#eye.setAttribute("aria-pressed", "false");
    this.#place.replaceChildren();
    this.#keep();
    this.#draft.save();
    this.#field.focus();
  };
}

/** `crypto.randomUUID` is missing on plain http. */
function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
customElements.define("reply-box", ReplyBox);
