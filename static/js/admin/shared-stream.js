/**
 * One event stream for all tabs of a browser, in the form of an EventSource. Over HTTP/1.1 a browser has six connections
 * to a server: six tabs with a stream each would leave none for anything else.
 *
 * The tab that holds a lock reads, and hands on what it hears; when it is closed, the next one reads. One that a phone
 * has put to sleep does not answer, and a tab that somebody looks at takes its place. A stream has to begin with `look`,
 * upon which a page asks for all that it shows: so nothing is missed between two readers, nor by a tab that joins late.
 */
import { readEvents } from "./event-reader.js";

const ASK_EVERY = 10_000;
const ANSWERS_WITHIN = 5_000;

export class SharedStream extends EventTarget {
  readyState = EventSource.CONNECTING;
  onopen = null;
  onerror = null;
  #url;
  #name;
  #locks;
  #read;
  #channel;
  #ended = new AbortController();
  #waiting = null;
  #isReader = false;
  #isOpen = false;
  #answered = 0;
  #timer;

  /**
   * @param url  where the stream is
   * @param name of the lock: tabs of the same name share the stream
   * @param of   what it is made of, for tests: `locks` and `read`
   */
  constructor(url, name, { locks = navigator.locks, read = readEvents } = {}) {
    super();
    [this.#url, this.#name, this.#locks, this.#read] = [url, name, locks, read];
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }) => this.#heard(data);
    this.#timer = setInterval(() => this.#ask(), ASK_EVERY);
    document.addEventListener("visibilitychange", () => this.#ask(), { signal: this.#ended.signal });
    this.#wait();
    this.#ask();
  }

  close() {
    this.readyState = EventSource.CLOSED;
    this.#ended.abort();
    this.#waiting?.abort();
    clearInterval(this.#timer);
    this.#channel.close();
  }

  /** Reads as soon as no other tab does. */
  #wait() {
    this.#waiting = new AbortController();
    this.#hold({ signal: this.#waiting.signal });
  }

  /** Reads now, whoever has the lock. */
  #take() {
    this.#waiting.abort();
    this.#hold({ steal: true });
  }

  async #hold(how) {
    const reading = new AbortController();
    let isHeld = false;
    const lead = () => ((isHeld = true), this.#lead(reading));
    try {
      await this.#locks.request(this.#name, how, lead);
    } catch {
      // Another tab has taken it, or it is not waited for any more.
      if (isHeld && !this.#ended.signal.aborted) this.#stepBack(reading);
    }
  }

  #lead(reading) {
    if (this.#ended.signal.aborted) return undefined;
    this.#isReader = true;
    this.#ended.signal.addEventListener("abort", () => reading.abort());
    return this.#read(this.#url, reading.signal, {
      open: () => ((this.#isOpen = true), this.#begin()),
      event: ({ event, data }) => this.#tell(event, data),
      broken: () => (this.#isOpen = false),
    });
  }

  #stepBack(reading) {
    reading.abort();
    this.#isReader = this.#isOpen = false;
    this.#wait();
  }

  #tell(event, data) {
    this.#channel.postMessage({ event, data });
    this.dispatchEvent(new MessageEvent(event, { data }));
  }

  #begin() {
    this.readyState = EventSource.OPEN;
    this.onopen?.(new Event("open"));
  }

  /** Whether somebody reads for this tab; one that nobody looks at can wait. */
  #ask() {
    if (this.#isReader || document.visibilityState !== "visible") return;
    const asked = performance.now();
    this.#channel.postMessage({ asks: true });
    setTimeout(() => this.#doubt(asked), ANSWERS_WITHIN);
  }

  #doubt(asked) {
    const isOver = this.#isReader || this.#ended.signal.aborted;
    if (!isOver && this.#answered < asked && document.visibilityState === "visible") this.#take();
  }

  #heard({ asks, event, data }) {
    if (asks) return void (this.#isOpen && this.#channel.postMessage({}));
    this.#answered = performance.now();
    if (this.readyState !== EventSource.OPEN) {
      this.#begin();
      // What happened before this tab listened is not told again.
      if (event !== "look") this.dispatchEvent(new MessageEvent("look", { data: "" }));
    }
    if (event) this.dispatchEvent(new MessageEvent(event, { data }));
  }
}

/** Without locks, which plain http has not, each tab reads for itself. */
export function shareStreams(htmx) {
  const alone = (url) => new EventSource(url, { withCredentials: true });
  htmx.createEventSource = (url) => {
    const shared = document.querySelector("[data-stream-of]");
    if (!navigator.locks || shared?.getAttribute("sse-connect") !== url) return alone(url);
    return new SharedStream(url, `porchlight-stream ${url} ${shared.dataset.streamOf}`);
  };
}
