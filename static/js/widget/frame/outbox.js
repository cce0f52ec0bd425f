/** Messages on their way: in order, one at a time, again and again until the server has each of them once. */
const TRIES_BEFORE_SAYING_SO = 3;

export class Outbox {
  #items = [];
  #flushing = null;
  #isPaused = false;
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
    this.#save((kept) => [...without(kept, item.clientId), item]);
    return this.flush();
  }

  /**
   * Take up what an earlier page could not send and is `own`, and answer it with what is to be `asked` about. What is
   * somebody else's stays where it is.
   *
   * @param standingOf tells of an item which of these it is
   */
  restore(standingOf) {
    const known = new Set(this.#items.map((item) => item.clientId));
    const kept = this.#keeping.load().filter((item) => !known.has(item.clientId));
    const of = (standing) => kept.filter((item) => standingOf(item) === standing);
    const own = of("own");
    this.#items = [...own, ...this.#items];
    return { own, asked: of("asked") };
  }

  /** All that waits here is this one's: it has become known who wrote it. */
  claim(owner) {
    const claimed = new Set(this.#items.map((item) => item.clientId));
    for (const item of this.#items) item.owner = owner;
    this.#save((kept) => kept.map((item) => (claimed.has(item.clientId) ? { ...item, owner } : item)));
  }

  /**
   * Try now, however long the next try was put off; until all is sent, or one has to wait. A pause that the server has
   * asked for is kept: trying in it would only make it longer.
   */
  flush() {
    if (this.#isPaused) return Promise.resolve();
    clearTimeout(this.#timer);
    this.#flushing ??= this.#run().finally(() => (this.#flushing = null));
    return this.#flushing;
  }

  /** The customer asks again for a message that was refused or failed. */
  retry(item) {
    if (!this.#items.some((waiting) => waiting.clientId === item.clientId)) return this.add(item);
    this.#backoff.reset();
    return this.flush();
  }

  /** Forget a message that has arrived by another way. */
  drop(clientId) {
    this.#items = without(this.#items, clientId);
    this.#save((kept) => without(kept, clientId));
  }

  clear() {
    clearTimeout(this.#timer);
    this.#isPaused = false;
    const gone = new Set(this.#items.map((item) => item.clientId));
    this.#items = [];
    this.#save((kept) => kept.filter((item) => !gone.has(item.clientId)));
  }

  async #run() {
    while (this.#items.length && (await this.#deliver(this.#items[0])));
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
    this.#isPaused = problem.retryAfter > 0;
    const pause = this.#backoff.next(problem.retryAfter * 1000);
    const outcome = this.#backoff.tries < TRIES_BEFORE_SAYING_SO || this.#isPaused ? "waiting" : "failed";
    for (const item of this.#items) this.#heard(item, outcome, problem);
    this.#timer = this.#later(() => {
      this.#isPaused = false;
      return this.flush();
    }, pause);
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

function without(items, clientId) {
  return items.filter((item) => item.clientId !== clientId);
}
