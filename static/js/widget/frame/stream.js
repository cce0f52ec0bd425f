/** Holds the event stream while somebody wants it, and takes it up again where it broke off. */
import { EventParser } from "./event-parser.js";

const SILENCE = 45_000;
const FIRST_WORD = 5_000;

export class Stream {
  #connect;
  #heard;
  #lost;
  #catchUp;
  #backoff;
  #holding = null;
  #wake = () => {};

  /**
   * @param connect `async (signal) => ReadableStream`
   * @param heard   called with each `{event, data, id}`
   * @param lost    called with a Problem; answers whether to try again
   * @param catchUp fetches what came meanwhile, for networks that hold back a stream until it ends
   */
  constructor({ connect, heard, lost, catchUp, backoff }) {
    this.#connect = connect;
    this.#heard = heard;
    this.#lost = lost;
    this.#catchUp = catchUp;
    this.#backoff = backoff;
  }

  get isHeld() {
    return this.#holding !== null;
  }

  hold() {
    if (this.#holding) return;
    this.#holding = new AbortController();
    this.#run(this.#holding.signal);
  }

  release() {
    this.#holding?.abort();
    this.#holding = null;
    this.#wake();
  }

  /** The network is back: do not sit out the pause. */
  hurry() {
    this.#backoff.reset();
    this.#wake();
  }

  async #run(signal) {
    while (!signal.aborted) {
      const pause = await this.#listen(signal);
      if (!signal.aborted) await this.#sleep(pause);
    }
  }

  /** Until the stream ends; the milliseconds to wait before the next. */
  async #listen(signal) {
    const guard = new AbortController();
    const stop = () => guard.abort();
    signal.addEventListener("abort", stop);
    try {
      await this.#read(await this.#connect(guard.signal), stop);
      return this.#backoff.next();
    } catch (problem) {
      if (signal.aborted) return 0;
      if (!this.#lost(problem)) this.release();
      else if (problem.retryAfter) this.#catchUp();
      return this.#backoff.next((problem.retryAfter ?? 0) * 1000);
    } finally {
      signal.removeEventListener("abort", stop);
      stop();
    }
  }

  async #read(body, stop) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    const parser = new EventParser();
    const began = Date.now();
    const polling = setInterval(this.#catchUp, FIRST_WORD);
    let silence = setTimeout(stop, SILENCE);
    try {
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        clearInterval(polling);
        clearTimeout(silence);
        silence = setTimeout(stop, SILENCE);
        for (const event of parser.push(piece.value)) this.#heard(event);
      }
    } finally {
      clearInterval(polling);
      clearTimeout(silence);
      // A stream that ends as soon as it has begun is no sign of health.
      if (Date.now() - began > FIRST_WORD) this.#backoff.reset();
    }
  }

  #sleep(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => (clearTimeout(timer), resolve());
    });
  }
}
