/** Messages on their way: in order, one at a time, again and again until the server has each of them once. */
const TRIES_BEFORE_SAYING_SO = 3;

export class Outbox {
  #items = [];
  #isFlushing = false;
  #timer = null;
  #send;
  #keeping;
  #heard;
  #backoff;
  #later;

  /**
   * @param send    `(item) => Promise<{id, seq}>`; rejects with a Problem
   * @param keeping `{load() => items, save(change)}`, what outlives the page
   * @param heard   called with `(item, "sent", answer)` or `(item, "waiting" | "failed" | "refused", problem)`
   */
  constructor({ send, keeping, heard, backoff, later = (run, ms) => setTimeout(run, ms) }) {
    this.#send = send;
    this.#keeping = keeping;
    this.#heard = heard;
    this.#backoff = backoff;
    this.#later = later;
  }

  get items() {
    return [...this.#items];
  }

  add(item) {
    this.#items.push(item);
    this.#save((kept) => [...kept, item]);
    return this.flush();
  }

  /** Take up what an earlier page could not send. */
  restore() {
    const known = new Set(this.#items.map((item) => item.clientId));
    const restored = this.#keeping.load().filter((item) => !known.has(item.clientId));
    this.#items = [...restored, ...this.#items];
    return restored;
  }

  /** Try now, however long the next try was put off. */
  flush() {
    clearTimeout(this.#timer);
    return this.#isFlushing ? Promise.resolve() : this.#run();
  }

  /** The customer asks again for a message that was refused or failed. */
  retry(item) {
    if (!this.#items.some((waiting) => waiting.clientId === item.clientId)) return this.add(item);
    this.#backoff.reset();
    return this.flush();
  }

  /** Forget a message that has arrived by another way. */
  drop(clientId) {
    this.#items = this.#items.filter((item) => item.clientId !== clientId);
    this.#save((kept) => kept.filter((item) => item.clientId !== clientId));
  }

  clear() {
    clearTimeout(this.#timer);
    this.#items = [];
    this.#save(() => []);
  }

  async #run() {
    this.#isFlushing = true;
    try {
      while (this.#items.length && (await this.#deliver(this.#items[0])));
    } finally {
      this.#isFlushing = false;
    }
  }

  /** Whether the next may follow. */
  async #deliver(item) {
    try {
      const answer = await this.#send(item);
      this.#backoff.reset();
      this.drop(item.clientId);
      this.#heard(item, "sent", answer);
      return true;
    } catch (problem) {
      return problem.mayPass ? this.#wait(problem) : this.#giveUp(item, problem);
    }
  }

  #wait(problem) {
    const isSlowedDown = problem.retryAfter > 0;
    const pause = this.#backoff.next(problem.retryAfter * 1000);
    const outcome = this.#backoff.tries < TRIES_BEFORE_SAYING_SO || isSlowedDown ? "waiting" : "failed";
    for (const item of this.#items) this.#heard(item, outcome, problem);
    this.#timer = this.#later(() => this.flush(), pause);
    return false;
  }

  #giveUp(item, problem) {
    this.drop(item.clientId);
    this.#heard(item, "refused", problem);
    return true;
  }

  #save(change) {
    this.#keeping.save(change);
  }
}
