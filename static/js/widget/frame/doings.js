/** What clicks, pastes and messages ask for that is wanted now and then: each comes as a part when it is wanted. */
import { isReply } from "./conversation.js";

export class Doings {
  #stage;
  #ask;
  #retry;

  /**
   * @param stage what the chat lends to its parts
   * @param ask   called with the words of a suggested question
   * @param retry called with the id of a message that is to be sent again
   */
  constructor(stage, { ask, retry }) {
    [this.#stage, this.#ask, this.#retry] = [stage, ask, retry];
    document.addEventListener("click", (event) => this.#clicked(event.target.closest("[data-do]")));
    for (const kind of ["paste", "dragenter", "dragover", "drop"]) addEventListener(kind, (event) => this.#brought(event));
    const { sound } = document.body.dataset;
    // Browsers allow a tone after the first touch only; where it cannot be made there is none.
    if (sound) for (const sign of ["pointerdown", "keydown"]) addEventListener(sign, () => stage.fetchPart("sound").then(({ attend }) => attend(stage), () => {}), { once: true });
  }

  /** What has to come before the first message comes now; what was written waits in its box. */
  askFirst(go, text) {
    if (!document.body.dataset.before) return go();
    this.#stage.composer.giveBack(text);
    return this.#fetched("pre-chat", go);
  }

  /** What stands beside the words of a message: its files, each extra by the part of its name, and previews of links. */
  adorn(message) {
    for (const part in message.extras) this.#act({ dataset: { part }, message });
    if (message.attachments?.length) this.#act({ dataset: { part: "attachments" }, message });
    if (document.body.dataset.links && isReply(message) && message.html.includes("<a ")) {
      this.#act({ dataset: { part: "link-previews" }, message });
    }
  }

  #clicked(button) {
    const action = button?.dataset.do;
    if (action === "ask") this.#ask(button.textContent.trim());
    else if (action === "retry") this.#retry(button.closest("[data-message]").dataset.message);
    else if (action) this.#act(button);
  }

  /** Files are pasted, or dragged over the chat. Pasted words come with a picture of themselves, and stay words. */
  #brought(event) {
    const { type, clipboardData, dataTransfer } = event;
    const { types, files } = clipboardData ?? dataTransfer;
    const button = document.querySelector("[data-do=attach]");
    if (button.hidden || !types.includes("Files") || (clipboardData && types.includes("text/plain"))) return;
    event.preventDefault();
    if (type !== "dragover") this.#act({ dataset: button.dataset, type, files: [...files] });
  }

  #act(button) {
    return this.#fetched(button.dataset.part ?? "menu", button);
  }

  #fetched(part, told) {
    const { attempt, fetchPart, say } = this.#stage;
    return attempt(async () => (await fetchPart(part)).default(this.#stage, told), say("part_failed"));
  }
}
