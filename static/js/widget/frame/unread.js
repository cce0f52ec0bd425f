/** How many replies nobody has seen yet, as the page around is told, and the title of a page of its own says. */
export class Unread {
  #bridge;
  #count = 0;
  #title = document.title;

  constructor(bridge) {
    this.#bridge = bridge;
  }

  add() {
    this.#tell(this.#count + 1);
  }

  clear() {
    if (this.#count) this.#tell(0);
  }

  #tell(count) {
    this.#count = count;
    document.title = count ? `(${count}) ${this.#title}` : this.#title;
    this.#bridge.tell("unread", { count });
    this.#bridge.emit("unread", { count });
  }
}
