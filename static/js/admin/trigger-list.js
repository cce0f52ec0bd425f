/**
 * Lists of sentences: shows in the live preview what one would say, and keeps the focus where rows were added or moved.
 * Adding and moving is done by the server, so that it works without this, too.
 */
import { fill, valuesOf } from "../widget/greetings.js";

export class TriggerList extends HTMLElement {
  #pressed = null;
  #before = null;

  connectedCallback() {
    this.addEventListener("click", this.#click);
    this.closest("form").addEventListener("htmx:configRequest", forgetButton);
    this.closest("form").addEventListener("htmx:afterSettle", this.#return);
  }

  disconnectedCallback() {
    this.closest("form")?.removeEventListener("htmx:afterSettle", this.#return);
  }

  #click = ({ target }) => {
    const button = target.closest("button");
    if (button?.name === "arrange") [this.#pressed, this.#before] = [button.value, this.querySelector("ol")];
    if (button?.matches("[data-try]")) this.#try(button.closest("[data-trigger]"));
    if (button?.matches("[data-show]")) this.#tell("show", button.closest("[data-greeting-row]"));
  };

  #try(row) {
    this.#tell(row.querySelector("[name$=-does]").value, row);
  }

  #tell(does, row) {
    const written = row.querySelector("[name$=-text]").value || this.dataset.greeting;
    const text = fill(written, valuesOf(this.dataset.name));
    document.querySelector(".preview-frame").contentWindow.postMessage({ type: "porchlight:try", does, text }, location.origin);
  }

  /** After the rows have changed: to the row that was added or moved, or to what is left. */
  #return = () => {
    // What was typed before that is answered first, with the rows as they were.
    if (!this.#pressed || this.#before?.isConnected) return;
    const [, action, place] = this.#pressed.split(":");
    this.#pressed = null;
    const rows = this.querySelectorAll(".rule-row");
    const at = { add: rows.length - 1, up: place - 1, down: Number(place) + 1, remove: Math.min(place, rows.length - 1) }[action];
    const row = rows[at];
    (row?.querySelector(".word, textarea") ?? this.querySelector("[value$=':add']"))?.focus();
  };
}

/** htmx sends along the button that was pressed last, also with what is typed after that. */
function forgetButton({ detail }) {
  if (detail.triggeringEvent?.type !== "submit") detail.formData.delete("arrange");
}
customElements.define("trigger-list", TriggerList);
