/** All around the conversation: who is answering, and the menu. */
import { firstLetter } from "./message-view.js";
import { say } from "./words.js";

const byId = (id) => document.getElementById(id);

export class Surroundings {
  #standing = byId("standing");
  #menu = byId("menu");
  #look;

  constructor(look) {
    this.#look = look;
    document.addEventListener("click", ({ target }) => {
      if (!this.#menu.contains(target)) this.#menu.open = false;
      // Else the focus went with what it stood on.
      else if (target.closest("button")) this.closeMenu();
    });
  }

  /** Whether Escape was meant for the menu. */
  closeMenu() {
    const wasOpen = this.#menu.open;
    this.#menu.open = false;
    if (wasOpen) this.#menu.querySelector("summary").focus();
    return wasOpen;
  }

  /** @param told `{state, name}` as the server tells it */
  showState({ state, name }) {
    document.body.dataset.with = state;
    const isPerson = state === "person";
    byId("answering").textContent = say(isPerson ? (name ? "person_answers" : "somebody_answers") : state === "waiting" ? "waiting_for_person" : "automatic", { name });
    byId("face").textContent = firstLetter((isPerson && name) || this.#look.name);
    this.#standing.textContent = state === "waiting" ? say("waiting_note") : "";
    for (const button of document.querySelectorAll("#menu [data-do=person]")) button.hidden = state === "waiting" || isPerson;
  }
}
