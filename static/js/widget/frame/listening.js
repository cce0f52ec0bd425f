/** When the event stream is held: while the chat is seen or an answer is due, and never while it changes who is chatting. */
const ANSWER_IS_DUE = 60_000;
/** People take their time, and write more than once. */
const PERSON_IS_DUE = 600_000;
const LINGER = 4_000;

export class Listening {
  #stream;
  #isSeen;
  #mayTalk;
  #settled;
  #changes = 0;
  #dueTimer = null;
  #lingering = null;

  /**
   * @param stream  the `Stream` that is held
   * @param isSeen  whether the customer looks at the chat
   * @param mayTalk whether the server wants to talk
   * @param settled called when no answer is owed any more
   */
  constructor({ stream, isSeen, mayTalk, settled }) {
    this.#stream = stream;
    this.#isSeen = isSeen;
    this.#mayTalk = mayTalk;
    this.#settled = settled;
  }

  /** Whether it is changing who is chatting. */
  get isChanging() {
    return this.#changes > 0;
  }

  /** Hold the stream or let go of it, the latter a moment after. */
  hold() {
    clearTimeout(this.#lingering);
    if (this.#changes || !this.#mayTalk()) this.#stream.release();
    else if (this.#isSeen() || this.#dueTimer !== null) this.#stream.hold();
    else this.#lingering = setTimeout(() => this.#stream.release(), LINGER);
  }

  /** Somebody will answer: listen for it even when the chat is closed. */
  expect({ isOfPerson = false } = {}) {
    clearTimeout(this.#dueTimer);
    this.#dueTimer = setTimeout(() => this.settle(), isOfPerson ? PERSON_IS_DUE : ANSWER_IS_DUE);
  }

  /** Nothing is owed any more. */
  settle() {
    clearTimeout(this.#dueTimer);
    this.#dueTimer = null;
    this.#settled();
    this.hold();
  }

  /** No stream while it changes who is chatting: it would bring what the former one has said. */
  async change(run) {
    this.#changes += 1;
    this.#stream.release();
    try {
      await run();
    } finally {
      this.#changes -= 1;
      this.hold();
    }
  }
}
