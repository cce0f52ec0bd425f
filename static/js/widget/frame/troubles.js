/** Whether the server can be reached and wants to talk, and what the customer is told when not. */
import { remedyOf } from "./remedies.js";
import { say } from "./words.js";

const MISSES_BEFORE_SAYING_SO = 2;

export class Troubles {
  #notice;
  #told;
  #rested;
  #misses = 0;
  #isAway = false;
  #isRefused = false;

  /**
   * @param notice the line above the input
   * @param told   called with each problem that the customer is told of
   * @param rested called when the chat rests; with whether it is over for good
   */
  constructor({ notice, told, rested }) {
    this.#notice = notice;
    this.#told = told;
    this.#rested = rested;
  }

  get isAway() {
    return this.#isAway;
  }

  /** The chat rests: nothing is tried by itself. */
  get isRefused() {
    return this.#isRefused;
  }

  /** Somebody else than the one who was refused may be welcome, or the same one by now. */
  forgive() {
    this.#isRefused = false;
  }

  /** The server answered, whatever the browser thinks of its network. Whether it had been away. */
  reached() {
    const wasAway = this.#isAway;
    this.#misses = 0;
    this.#isAway = false;
    if (wasAway) this.#notice.say();
    return wasAway;
  }

  wentOffline() {
    this.#isAway = true;
    this.#notice.say(say("offline"));
  }

  /**
   * Say what is wrong, when that is worth saying; a single miss is not.
   *
   * @param waits     the key of the words that tell how long something waits; left out where nobody waits
   * @param otherwise what to say when nothing is known but that it failed; left out where it is tried again by itself
   */
  explain(problem, { waits, otherwise = "" } = {}) {
    const remedy = remedyOf(problem);
    if (remedy === "drop") return;
    if (remedy === "close" || remedy === "pause") return this.#rest(problem, remedy === "close");
    if (remedy !== "wait") return this.#tell(problem, otherwise);
    if (problem.status === 429) return this.#slowDown(problem, waits);
    if (otherwise) return this.#notice.say(otherwise);
    this.#miss();
  }

  #tell(problem, otherwise) {
    this.#notice.say(say(`refused_${problem.code}`) || problem.message || otherwise);
    this.#told(problem);
  }

  #rest(problem, isOver) {
    this.#isRefused = true;
    this.#tell(problem, say("refused_not_found"));
    this.#rested(isOver);
  }

  #slowDown(problem, waits) {
    if (!waits) return;
    const words = (seconds) => say(waits, { time: timeOf(seconds) });
    this.#notice.countDown(Math.ceil(problem.retryAfter) || 1, words, say("sending"));
    this.#told(problem);
  }

  #miss() {
    this.#misses += 1;
    if (!navigator.onLine) return this.wentOffline();
    if (this.#misses < MISSES_BEFORE_SAYING_SO) return;
    this.#isAway = true;
    this.#notice.say(say("unreachable"));
  }
}

function timeOf(seconds) {
  return seconds < 90 ? say("seconds", { count: seconds }) : say("minutes", { count: Math.ceil(seconds / 60) });
}
