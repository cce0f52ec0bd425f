/** How many replies nobody has seen yet, as the page around is told. */
export class Unread {
  #bridge;
  #count = 0;

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
    this.#bridge.tell("unread", { count });
    this.#bridge.emit("unread", { count });
  }
}
