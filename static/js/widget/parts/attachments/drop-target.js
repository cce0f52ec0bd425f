/** Says over the whole chat that files may be dropped, as long as some are held over it. */
import { draw } from "../drawing.js";

export class DropTarget {
  #element;

  constructor(words) {
    this.#element = draw("div", { className: "drop-target" }, [draw("p", {}, [words])]);
    // A drag that ends elsewhere tells nobody; over the chat it says so several times a second.
    let resting = null;
    const rest = () => this.#element.remove();
    addEventListener("dragover", () => {
      clearTimeout(resting);
      resting = setTimeout(rest, 600);
    });
    for (const end of ["drop", "dragend"]) addEventListener(end, rest);
    addEventListener("dragleave", ({ relatedTarget }) => relatedTarget || rest());
  }

  show() {
    if (!this.#element.isConnected) document.body.append(this.#element);
  }
}
