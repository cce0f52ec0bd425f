/** Where the customer writes. */
import { say } from "./words.js";

const LIMIT = 4000;
const SHOW_LIMIT_FROM = 3600;

export class Composer {
  #form = document.getElementById("composer");
  #field = this.#form.querySelector("textarea");
  #left = document.getElementById("left");

  /** Where files wait to be sent along, once there are any (parts/attachments.js). */
  tray = null;

  /** @param send called with the text, and the files that go with it */
  constructor(send) {
    this.#form.noValidate = true;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit(send);
    });
    this.#field.addEventListener("input", () => this.#written());
    this.#field.addEventListener("keydown", (event) => {
      if (asksToSend(event)) {
        event.preventDefault();
        this.#submit(send);
      }
    });
    this.#written();
  }

  focus() {
    this.#field.focus({ preventScroll: true });
  }

  /** Whether there is somebody to write to. What was typed stays. */
  set isOpen(isOpen) {
    for (const control of this.#form.elements) control.disabled = !isOpen;
  }

  /** Put a text back that could not be sent; not on top of another. Answers whether it was. */
  giveBack(text) {
    if (this.#field.value.trim()) return false;
    this.#field.value = text;
    this.#written();
    return true;
  }

  clear() {
    this.tray?.clear();
    this.#empty();
  }

  #empty() {
    this.#field.value = "";
    this.#written();
  }

  #submit(send) {
    const text = this.#field.value.trim();
    // What is still on its way up is waited for; the tray sends the form then.
    if ((!text && !this.tray?.isFull) || text.length > LIMIT || this.tray?.isBusy) return this.focus();
    const files = this.tray?.take();
    this.#empty();
    this.focus();
    send(text, files);
  }

  #written() {
    const length = this.#field.value.trim().length;
    this.#left.textContent = length > SHOW_LIMIT_FROM ? wordsFor(LIMIT - length) : "";
    this.#field.setAttribute("aria-invalid", length > LIMIT);
    this.#form.classList.toggle("is-ready", length > 0 && length <= LIMIT);
    this.#grow();
  }

  #grow() {
    // Browsers that know `field-sizing` do this by themselves.
    if (CSS.supports("field-sizing", "content")) return;
    this.#field.style.height = "auto";
    this.#field.style.height = `${this.#field.scrollHeight}px`;
  }
}

function wordsFor(left) {
  return say(left < 0 ? "characters_over" : "characters_left", { count: Math.abs(left) });
}

/** Enter sends, unless it breaks the line or chooses a word in an input method (Safari says only 229). */
function asksToSend(event) {
  return event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;
}
