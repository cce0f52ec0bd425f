/**
 * A picture of the look beside the ways to another or none. Its hidden field is a field of the form like any other: what
 * is chosen, removed or undone is told by `input`. The tool that cuts pictures is fetched when somebody wants one.
 */
export class PictureField extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.#click);
    this.addEventListener("input", this.#draw);
    if ("new" in this.dataset) this.#adopt();
  }

  get #id() {
    return this.querySelector("[type=hidden]");
  }

  /** It has just come from the server, in the place of the one before. */
  #adopt() {
    delete this.dataset.new;
    this.#tell();
    document.querySelector("#dialogs dialog")?.close();
    this.querySelector("[data-choose]").focus();
  }

  #click = (event) => {
    if (event.target.closest("[data-choose]")) import(this.dataset.tool);
    if (!event.target.closest("[data-without]")) return;
    event.preventDefault();
    this.#id.value = "";
    this.#tell();
    this.querySelector("[data-choose]").focus();
  };

  #tell() {
    this.#id.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #draw = () => {
    const { value } = this.#id;
    const frame = this.querySelector("[data-frame]");
    this.querySelector("[data-without]").hidden = !value;
    if (value) {
      const picture = frame.querySelector("img") ?? new Image();
      picture.src = `/pictures/${value}.webp`;
      picture.alt = frame.dataset.frame;
      frame.replaceChildren(picture);
    } else frame.replaceChildren();
  };
}
customElements.define("picture-field", PictureField);
