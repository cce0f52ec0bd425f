/** States one after another, with the place among them; a plain list that knows nothing of forms. */
const MOST = 60;

export class Steps {
  #states;
  #at;

  constructor(first, states = [first], at = 0) {
    this.#states = states;
    this.#at = at;
  }

  /** @returns {Steps|null} what `written` has written, or null when it is not that */
  static read(text) {
    try {
      const { states, at } = JSON.parse(text);
      const isUsable = Array.isArray(states) && states.every((state) => typeof state === "string") && at in states;
      return isUsable ? new Steps(states[0], states, at) : null;
    } catch {
      return null;
    }
  }

  get written() {
    return JSON.stringify({ states: this.#states, at: this.#at });
  }

  get current() {
    return this.#states[this.#at];
  }

  get canGoBack() {
    return this.#at > 0;
  }

  get canGoForward() {
    return this.#at < this.#states.length - 1;
  }

  /** A new state after the current one; the same again is no step. */
  add(state) {
    if (state === this.current) return;
    this.#states = [...this.#states.slice(0, this.#at + 1), state].slice(-MOST);
    this.#at = this.#states.length - 1;
  }

  /** Change every state; neighbours that are the same then become one. */
  rewrite(change) {
    const [before, after] = [this.#states.slice(0, this.#at), this.#states.slice(this.#at)].map((states) => states.map(change));
    const isNew = (state, index, states) => state !== states[index - 1];
    const kept = before.filter(isNew).filter((state, index, states) => index < states.length - 1 || state !== after[0]);
    this.#states = [...kept, ...after.filter(isNew)];
    this.#at = kept.length;
  }

  back() {
    return this.canGoBack ? this.#states[--this.#at] : undefined;
  }

  forward() {
    return this.canGoForward ? this.#states[++this.#at] : undefined;
  }
}
