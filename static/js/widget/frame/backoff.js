/** How long to wait before trying again: twice as long each time, and never in step with everybody else. */
export class Backoff {
  #tries = 0;
  #first;
  #longest;
  #random;

  constructor({ first = 500, longest = 30_000, random = Math.random } = {}) {
    this.#first = first;
    this.#longest = longest;
    this.#random = random;
  }

  get tries() {
    return this.#tries;
  }

  /** Milliseconds until the next try; `atLeast` is what the server asked for. */
  next(atLeast = 0) {
    const full = Math.min(this.#longest, this.#first * 2 ** this.#tries++);
    const jittered = full * (0.5 + this.#random() / 2);
    return Math.round(Math.max(jittered, atLeast));
  }

  reset() {
    this.#tries = 0;
  }
}
