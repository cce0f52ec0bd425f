/**
 * Fills the form inside it with a passkey and sends it: `ceremony` says whether one is made (`create`) or shown (`get`),
 * `options` where the server says what it asks for. Where the browser has no passkeys, it says so instead.
 */
import { readCreationOptions, readRequestOptions, writeCredential } from "./passkeys.js";

const WORDS = {
  NotAllowedError: "Nothing was done: it was cancelled, or it took too long. Try again when you are ready.",
  InvalidStateError: "This device has a passkey for your account already.",
  ConstraintError: "This device cannot ask who you are. Set up a screen lock or a PIN first, or use another device.",
};
const OTHERWISE = "The passkey could not be used. Reload the page and try again, or use another way.";

export class PasskeyForm extends HTMLElement {
  connectedCallback() {
    const isPossible = Boolean(window.PublicKeyCredential);
    this.querySelector("[data-impossible]").hidden = isPossible;
    this.#form.hidden = !isPossible;
    this.#form.addEventListener("submit", this.#ask);
  }

  get #form() {
    return this.querySelector("form");
  }

  #ask = async (event) => {
    event.preventDefault();
    if (!this.#form.reportValidity()) return;
    this.#say("");
    this.#rest(true);
    try {
      this.#form.elements.credential.value = JSON.stringify(await this.#credential());
      this.#form.submit();
    } catch (error) {
      this.#say(error.words ?? WORDS[error.name] ?? OTHERWISE);
      this.#rest(false);
    }
  };

  async #credential() {
    const options = await this.#options();
    const credential =
      this.getAttribute("ceremony") === "create"
        ? await navigator.credentials.create({ publicKey: readCreationOptions(options) })
        : await navigator.credentials.get({ publicKey: readRequestOptions(options) });
    return writeCredential(credential);
  }

  async #options() {
    const answer = await fetch(this.getAttribute("options"), { method: "POST", body: new FormData(this.#form) });
    if (!answer.ok || answer.redirected) {
      throw Object.assign(new Error(), { words: "This page was open for too long. Reload it and try again." });
    }
    return answer.json();
  }

  #say(words) {
    const problem = this.querySelector("[data-problem]");
    problem.textContent = words;
    problem.hidden = !words;
  }

  #rest(isWaiting) {
    this.querySelector("button").disabled = isWaiting;
  }
}
customElements.define("passkey-form", PasskeyForm);
