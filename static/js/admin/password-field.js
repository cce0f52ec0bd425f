/** A password that can be looked at while it is typed. */
export class PasswordField extends HTMLElement {
  connectedCallback() {
    this.#button.hidden = false;
    this.#button.addEventListener("click", this.#toggle);
    this.#input.form?.addEventListener("submit", this.#hide);
  }

  get #button() {
    return this.querySelector("button");
  }

  get #input() {
    return this.querySelector("input");
  }

  #toggle = () => this.#show(this.#input.type === "password");

  // Sent as a password, so that the browser offers to keep it and not to suggest it elsewhere.
  #hide = () => this.#show(false);

  #show(isShown) {
    this.#input.type = isShown ? "text" : "password";
    this.#button.setAttribute("aria-pressed", String(isShown));
  }
}
customElements.define("password-field", PasswordField);
