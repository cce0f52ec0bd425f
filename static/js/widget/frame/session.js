/** This browser's right to chat: made when the chat is opened, renewed without a word, begun again when it was ended. */
import * as http from "./api.js";
import { ownerOf } from "./owners.js";
import { remedyOf, repairOf } from "./remedies.js";

const ENDS = new Set(["refresh", "anew"]);

export class Session {
  #page;
  #keeping;
  #introduce;
  #started;
  #renewed;
  #solve;
  #api;
  #token = null;
  #listeningWith = null;
  #ticket;
  #who = null;
  #pending = null;
  #isLeaving = false;
  #borrow = null;

  /**
   * @param page      `{agent, mode, ticket}`
   * @param introduce `async () => {parentOrigin, customer?, customerToken?, context?}`, asked for each new session
   * @param started   called with the server's answer, and who it was before, whenever a session has begun
   * @param renewed   called when the same session goes on with a new token
   * @param solve     `async (challenge) => solution`
   */
  constructor({ page, keeping, introduce, started, renewed, solve, api = http }) {
    this.#page = page;
    this.#ticket = page.ticket;
    this.#keeping = keeping;
    this.#introduce = introduce;
    this.#started = started;
    this.#renewed = renewed;
    this.#solve = solve;
    this.#api = api;
  }

  get isLive() {
    return this.#token !== null;
  }

  /** Whether there is a session, or there is about to be one. */
  get isBegun() {
    return this.isLive || this.#pending !== null;
  }

  /** `{customer, conversation}`, or null before the first session. */
  get who() {
    return this.#who;
  }

  /** Begin unless begun; everybody who asks meanwhile waits for the same answer. */
  async ready() {
    if (!this.#token) await this.#once(() => this.#start());
    return this.#token;
  }

  /** Call the API as this customer, with one silent recovery of a token that has run out or was ended. */
  async call(method, path, body, format) {
    return this.#withToken((token) => this.#ask(method, path, { body, token, format }));
  }

  /** Call the API in a way of the caller's own: `async (token, solution) => …`, with the same recoveries. */
  async lend(run) {
    return this.#withToken((token) => this.#solved((solution) => run(token, solution)));
  }

  /** Send a message, with what the page tells of itself; never as anybody but its owner. */
  async send(item, context) {
    await this.ready();
    return this.#withToken((token) => {
      const { clientId, text, attachments } = item;
      // Whose it is may have become known by now, with the session.
      if (!this.#who || item.owner !== ownerOf(this.#who)) throw new http.Problem("customer_changed", "", { status: 409 });
      return this.#ask("POST", "/messages", { body: { clientId, text, attachments: attachments?.map(({ id }) => id), context }, token });
    });
  }

  events(lastSeq, signal) {
    return this.#withToken((token) => {
      this.#listeningWith = token;
      return this.#api.openEvents({ token, lastSeq: lastSeq(), signal });
    });
  }

  /** The stream said that the token it was opened with is good no more. */
  async ended(code) {
    const problem = new http.Problem(code, "", { status: 403 });
    if (remedyOf(problem) === "close") throw problem;
    await this.#recover(problem, this.#listeningWith);
  }

  /** @param introduce `async () => {customer?, customerToken?}`: who the customer is from now on; always another session */
  async identify(introduce) {
    const keep = this.#keeping.place;
    this.#accept(await this.#proven(introduce, (who) => this.call("POST", "/customer", { ...who, keep })));
  }

  /**
   * Go on with the session of the window that has opened this one.
   *
   * @param borrow `async () => token`: a good one in the place of one that has run out, or nothing when it is over
   */
  adopt(answer, borrow) {
    this.#borrow = borrow;
    this.#accept(answer);
  }

  /** End it here and on the server; the next call begins a new one. */
  async end(options = {}) {
    await this.call("DELETE", "/sessions", options);
    this.#drop();
  }

  /**
   * End what this browser may still hold of a customer who has signed out, also of an earlier page. As long as the server
   * does not know, no other session begins.
   */
  async leave() {
    this.#isLeaving = true;
    this.#who = null;
    await this.#pending?.catch(() => {});
    await this.#endEarlier();
  }

  /** Go on as nobody: the next call begins another session, if the server agrees to who it is. */
  reset() {
    this.#token = null;
    this.#who = null;
  }

  /** The site has changed its mind on whether anything may be kept here. The session stays, the cookie comes or goes. */
  async keep(isAllowed) {
    await this.#pending;
    if (!this.#token) return;
    const browser = this.#browser();
    const keep = isAllowed || browser.refreshSecret ? browser.keep : "none";
    this.#keep(await this.#ask("POST", "/sessions/refresh", { body: { ...browser, keep } }));
  }

  async #withToken(request) {
    const token = await this.ready();
    try {
      return await request(token);
    } catch (problem) {
      if (!ENDS.has(repairOf(problem))) throw problem;
      await this.#recover(problem, token);
      return request(this.#token);
    }
  }

  /** Make good what a refusal has taken away, unless somebody has done so already. */
  async #recover(problem, spent) {
    if (this.#token !== spent) return;
    if (this.#borrow) return this.#once(() => this.#borrowAgain());
    await this.#once(() => (repairOf(problem) === "anew" ? this.#startAnew() : this.#refresh()));
  }

  async #borrowAgain() {
    this.#token = await this.#borrow();
    if (!this.#token) throw new http.Problem("not_found", "", { status: 404 });
    this.#renewed();
  }

  #once(run) {
    this.#pending ??= run().finally(() => (this.#pending = null));
    return this.#pending;
  }

  async #start() {
    if (this.#isLeaving) await this.#endEarlier();
    this.#accept(await this.#proven(this.#introduce, (who) => this.#open({ ...this.#browser(), ...signals(), ...who })));
  }

  async #endEarlier() {
    const token = this.#token;
    this.reset();
    try {
      const live = token ?? (await this.#ask("POST", "/sessions/refresh", { body: this.#browser() })).token;
      await this.#ask("DELETE", "/sessions", { token: live, body: {} });
    } catch (problem) {
      // Refused: there is nothing left to end.
      if (problem.mayPass) throw problem;
    }
    this.#isLeaving = false;
    this.#drop();
  }

  /** With the site's word for it; a token that is refused is asked for once more, because there may be a better one. */
  async #proven(introduce, run) {
    const who = await introduce();
    try {
      return await run(who);
    } catch (problem) {
      if (repairOf(problem) !== "token" || !who.customerToken) throw problem;
      const better = await introduce();
      if (better.customerToken === who.customerToken) throw problem;
      return run(better);
    }
  }

  async #open(body) {
    const begin = (ticket) => this.#ask("POST", "/sessions", { body: { ...body, ticket } });
    const ticket = this.#ticket ?? (await this.#api.fetchTicket(this.#page));
    this.#ticket = null;
    try {
      return await begin(ticket);
    } catch (problem) {
      if (repairOf(problem) !== "ticket") throw problem;
      return begin(await this.#api.fetchTicket(this.#page));
    }
  }

  /** One call; made once more with the solution where the server wants a challenge to be solved first. */
  #ask(method, path, options) {
    return this.#solved((solution) => this.#api.call(method, path, { ...options, solution }));
  }

  async #solved(run) {
    try {
      return await run();
    } catch (problem) {
      if (repairOf(problem) !== "solve" || !problem.challenge) throw problem;
      return run(await this.#solve(problem.challenge));
    }
  }

  async #refresh() {
    try {
      this.#keep(await this.#ask("POST", "/sessions/refresh", { body: this.#browser() }));
      this.#renewed();
    } catch (problem) {
      if (problem.mayPass) throw problem;
      await this.#startAnew();
    }
  }

  #startAnew() {
    this.#drop();
    return this.#start();
  }

  #drop() {
    this.#token = null;
    this.#keeping.drop();
  }

  #browser() {
    return { agentId: this.#page.agent, keep: this.#keeping.place, refreshSecret: this.#keeping.secret };
  }

  #accept(answer) {
    this.#keep(answer);
    // Whoever it is has signed out meanwhile: only to be ended.
    if (this.#isLeaving) return;
    const before = this.#who;
    this.#who = { conversation: answer.conversation.id, customer: answer.customer.id };
    this.#started(answer, before);
  }

  /** A secret that is not told lies in the cookie by now; an older one would look stolen there. */
  #keep({ token, refreshSecret }) {
    this.#token = token;
    this.#keeping.secret = refreshSecret;
  }
}

function signals() {
  return navigator.webdriver ? { signals: { webdriver: true } } : {};
}
