/** This browser's right to chat: made when the chat is opened, renewed without a word, begun again when it was ended. */
import { call, fetchTicket, openEvents, Problem } from "./api.js";

const SPENT = new Set(["token_required", "token_invalid", "token_expired"]);

export class Session {
  #page;
  #keeping;
  #introduce;
  #started;
  #token = null;
  #listeningWith = null;
  #ticket;
  #who = null;
  #pending = null;

  /**
   * @param page      `{agent, mode, ticket}`
   * @param introduce `async () => {parentOrigin, customer?, customerToken?, context?}`, asked for each new session
   * @param started   called with the server's answer whenever a session has begun
   */
  constructor({ page, keeping, introduce, started }) {
    this.#page = page;
    this.#ticket = page.ticket;
    this.#keeping = keeping;
    this.#introduce = introduce;
    this.#started = started;
  }

  get isLive() {
    return this.#token !== null;
  }

  /** Begin unless begun; everybody who asks meanwhile waits for the same answer. */
  async ready() {
    if (!this.#token) await this.#once(() => this.#start());
    return this.#token;
  }

  /** Call the API as this customer, with one silent recovery of a token that has run out or was ended. */
  async call(method, path, body) {
    return this.#withToken((token) => call(method, path, { body, token }));
  }

  /** Send a message; never as anybody but the customer who wrote it. */
  async send({ clientId, text }) {
    await this.ready();
    const author = this.#who;
    return this.#withToken((token) => {
      if (!isSame(author, this.#who)) throw new Problem("customer_changed", "", { status: 409 });
      return call("POST", "/messages", { body: { clientId, text }, token });
    });
  }

  events(lastSeq, signal) {
    return this.#withToken((token) => {
      this.#listeningWith = token;
      return openEvents({ token, lastSeq, signal });
    });
  }

  /** The stream said that the token it was opened with is good no more. */
  ended(code) {
    return this.#recover(code, this.#listeningWith);
  }

  /** Say who the customer is, or, with nothing, that nobody is signed in any more. */
  async identify(identity) {
    this.#accept(await this.call("POST", "/customer", { ...identity, keep: this.#keeping.place }));
  }

  /** End it here and on the server; the next call begins a new one. */
  async end(options) {
    await this.call("DELETE", "/sessions", options);
    this.#forget();
  }

  async #withToken(request) {
    const token = await this.ready();
    try {
      return await request(token);
    } catch (problem) {
      if (!SPENT.has(problem.code) && problem.code !== "token_revoked") throw problem;
      await this.#recover(problem.code, token);
      return request(this.#token);
    }
  }

  /** Make good what a refusal with this code has taken away, unless somebody has done so already. */
  async #recover(code, spent) {
    if (this.#token !== spent) return;
    await this.#once(() => (code === "token_revoked" ? this.#startAnew() : this.#refresh()));
  }

  #once(run) {
    this.#pending ??= run().finally(() => (this.#pending = null));
    return this.#pending;
  }

  async #start() {
    const identity = await this.#introduce();
    const body = { ...this.#browser(), ...identity };
    this.#accept(await this.#withTicket((ticket) => call("POST", "/sessions", { body: { ...body, ticket } })));
  }

  async #withTicket(request) {
    const ticket = this.#ticket ?? (await fetchTicket(this.#page));
    this.#ticket = null;
    try {
      return await request(ticket);
    } catch (problem) {
      if (problem.code !== "ticket_expired") throw problem;
      return request(await fetchTicket(this.#page));
    }
  }

  async #refresh() {
    try {
      this.#keep(await call("POST", "/sessions/refresh", { body: this.#browser() }));
    } catch (problem) {
      if (problem.mayPass) throw problem;
      await this.#startAnew();
    }
  }

  #startAnew() {
    this.#forget();
    return this.#start();
  }

  #forget() {
    this.#token = null;
    this.#keeping.secret = undefined;
  }

  #browser() {
    return { agentId: this.#page.agent, keep: this.#keeping.place, refreshSecret: this.#keeping.secret };
  }

  #accept(answer) {
    this.#keep(answer);
    const before = this.#who;
    this.#who = { conversation: answer.conversation.id, customer: answer.customer.id };
    this.#started(answer, { isSame: before === null || isSame(before, this.#who) });
  }

  #keep({ token, refreshSecret }) {
    this.#token = token;
    if (refreshSecret) this.#keeping.secret = refreshSecret;
  }
}

/** An anonymous customer has no id to go by, but one conversation is one customer's. */
function isSame(one, other) {
  return one.conversation === other.conversation || (one.customer !== null && one.customer === other.customer);
}
