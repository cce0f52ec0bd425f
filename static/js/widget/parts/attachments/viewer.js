/** One picture, as large as the chat. */
import { draw } from "../drawing.js";
import { drawIcon } from "./pieces.js";

const CROSS = "M6 6l12 12M18 6L6 18";
const DOWN = "M12 4v11M7 11l5 5 5-5M5 20h14";

export class Viewer {
  #stage;
  #dialog = null;

  constructor(stage) {
    this.#stage = stage;
  }

  open({ name, width, height }, address) {
    const { say } = this.#stage;
    this.close();
    const off = draw("button", { type: "button", ariaLabel: say("picture_close"), onclick: () => this.close() }, [drawIcon(CROSS)]);
    const save = draw("a", { href: address, download: name, ariaLabel: say("file_save", { name }) }, [drawIcon(DOWN)]);
    const top = draw("div", { className: "viewer-top" }, [draw("span", { dir: "auto" }, [name]), save, off]);
    this.#dialog = draw("dialog", { className: "viewer", ariaLabel: name }, [top, draw("img", { src: address, alt: name, width, height })]);
    // As a listener: a handler that answers false would keep links and buttons in it from doing anything.
    this.#dialog.addEventListener("click", ({ target }) => target === this.#dialog && this.close());
    this.#dialog.onclose = () => this.close();
    document.body.append(this.#dialog);
    this.#stage.front = this;
    // The browser keeps the focus in it, and gives it back.
    this.#dialog.showModal();
    off.focus();
  }

  /** Back to the conversation; answers whether there was anything to close. */
  close() {
    if (!this.#dialog) return false;
    const dialog = this.#dialog;
    this.#dialog = null;
    if (this.#stage.front === this) this.#stage.front = null;
    dialog.close();
    dialog.remove();
    return true;
  }
}
