/** Whether the server can be reached and wants to talk, and what the customer is told when not. */
import { REFUSALS, WORDS } from "./words.js";

/** Refusals that end when the customer signs in on the website. */
const PASSING = new Set(["customer_token_refused", "token_required"]);

export class Troubles {
  #surroundings;
  #refused;
  #misses = 0;
  #isAway = false;
  #isRefused = false;

  /** @param refused called with a problem that trying again does not mend, and whether it may still pass */
  constructor({ surroundings, refused }) {
    this.#surroundings = surroundings;
    this.#refused = refused;
  }

  get isAway() {
    return this.#isAway;
  }

  get isRefused() {
    return this.#isRefused;
  }

  /** Somebody else than the one who was refused may be welcome. */
  forgive() {
    this.#isRefused = false;
  }

  /** The server answered, whatever the browser thinks of its network. Whether it had been away. */
  reached() {
    const wasAway = this.#isAway;
    this.#misses = 0;
    this.#isAway = false;
    if (wasAway) this.#surroundings.say();
    return wasAway;
  }

  wentOffline() {
    this.#isAway = true;
    this.#surroundings.say(WORDS.offline);
  }

  slowDown({ retryAfter }) {
    this.#surroundings.say(WORDS.slowDown(Math.ceil(retryAfter) || 1));
  }

  /** Say what is wrong when it is worth saying; a single miss is not. Answers whether the problem was of this kind. */
  explain(problem) {
    if (problem.code in REFUSALS) return this.#refuse(problem);
    if (problem.status > 0 && problem.status < 500) return false;
    this.#misses += 1;
    if (!navigator.onLine) this.wentOffline();
    else if (this.#misses > 1) this.#lostTouch();
    return true;
  }

  #lostTouch() {
    this.#isAway = true;
    this.#surroundings.say(WORDS.unreachable);
  }

  #refuse(problem) {
    this.#isRefused = true;
    this.#surroundings.refuse(problem);
    this.#refused(problem, { mayPass: PASSING.has(problem.code) });
    return true;
  }
}
