/** One customer's conversation: what they do, and what the server says, brought together on the page. */
import { Backoff } from "./backoff.js";
import { Composer } from "./composer.js";
import { MessageStore } from "./message-store.js";
import { Outbox } from "./outbox.js";
import { Session } from "./session.js";
import { Stream } from "./stream.js";
import { Surroundings } from "./surroundings.js";
import { Thread } from "./thread.js";
import { Troubles } from "./troubles.js";
import { WORDS } from "./words.js";

const ANSWER_IS_DUE = 60_000;
const LINGER = 4_000;

/** States in which nobody answers at once. */
const WITH_PEOPLE = new Set(["waiting", "person"]);

export class Chat {
  #look;
  #bridge;
  #keeping;
  #store = new MessageStore();
  #thread;
  #composer = new Composer((text) => this.say(text));
  #surroundings;
  #troubles;
  #session;
  #stream;
  #outbox;
  #told = {};
  #isOpen = false;
  #state = "agent";
  #unread = 0;
  #isMeantToChange = false;
  #dueTimer = null;
  #lingering = null;

  constructor({ page, look, bridge, keeping, setting }) {
    this.#look = look;
    this.#bridge = bridge;
    this.#keeping = keeping;
    this.#thread = new Thread(setting);
    this.#surroundings = new Surroundings(look);
    this.#troubles = new Troubles({ surroundings: this.#surroundings, refused: (...why) => this.#refused(...why) });
    this.#session = new Session({
      page,
      keeping,
      introduce: () => this.#introduce(),
      started: (answer, how) => this.#started(answer, how),
    });
    this.#stream = new Stream({
      connect: (signal) => this.#session.events(this.#store.lastSeq, signal),
      heard: (event) => this.#heard(event),
      lost: (problem) => this.#lost(problem),
      catchUp: () => this.#catchUp(),
      backoff: new Backoff(),
    });
    this.#outbox = new Outbox({
      send: (item) => this.#session.send(item),
      keeping: keeping.outbox,
      heard: (...news) => this.#carried(...news),
      backoff: new Backoff(),
    });
    this.#adopt();
    this.#watch();
  }

  get isEmpty() {
    return this.#store.isEmpty;
  }

  /** The customer sees the chat now: from here on it may keep things and talk to the server. */
  open({ focus }) {
    const isFirst = !this.#isOpen;
    this.#isOpen = true;
    if (focus) this.#composer.focus();
    this.#thread.follow();
    this.#count(0);
    // The chat is seen first; cookies and network take their time after that.
    afterPaint(() => {
      if (isFirst) this.#takeUp();
      this.#hold();
    });
  }

  /** Out of sight: the stream is held only as long as an answer is due. */
  hide() {
    this.#isOpen = false;
    this.#hold();
  }

  say(text) {
    const item = { clientId: newId(), text, at: new Date().toISOString() };
    this.#thread.add(this.#store.pend(item));
    this.#expectAnswer();
    this.#outbox.add(item);
    this.#hold();
  }

  async askForPerson() {
    await this.#attempt(async () => {
      this.showState(await this.#session.call("POST", "/handoffs", {}));
    }, WORDS.handoffFailed);
  }

  async startOver() {
    await this.#attempt(async () => {
      await this.#session.ready();
      this.#stream.release();
      await this.#session.end({});
      this.#clear();
      this.#isMeantToChange = true;
      await this.#session.ready().finally(() => (this.#isMeantToChange = false));
      this.#hold();
    }, WORDS.startOverFailed);
  }

  /**
   * Take what the site says: `{customer, customerToken, context}`, the token only as whether there is one to ask for.
   * Before the first session it is kept for that.
   */
  async learn(told) {
    const before = this.#told;
    this.#told = { ...before, ...told };
    // Nobody is what `logOut` is for.
    if (isSameIdentity(before, this.#told) || !(this.#told.customer || this.#told.customerToken)) return;
    if (!this.#session.isLive) return this.#welcome();
    await this.#attempt(async () => this.#become(await this.#identity()));
  }

  /** The site's customer has signed out: what this browser may still hold of them is given up. */
  async logOut({ isResumable }) {
    if (this.#session.isLive || isResumable || this.#keeping.secret) await this.#attempt(() => this.#become({}));
  }

  /** @param told `{state, name}`: agent, waiting, person or resolved, and the name of the person */
  showState({ state, name }) {
    this.#state = state;
    if (state !== "agent") this.#thread.showTyping(null);
    this.#surroundings.showState({ state, name });
  }

  closeMenu() {
    return this.#surroundings.closeMenu();
  }

  #adopt() {
    for (const { entry, bind } of this.#thread.adopt()) bind(this.#store.take(entry).entry);
    this.#thread.settleIn();
  }

  #watch() {
    addEventListener("online", () => this.#cameOnline());
    addEventListener("offline", () => this.#wentOffline());
    addEventListener("pageshow", () => this.#hold());
    document.addEventListener("visibilitychange", () => this.#hold());
    document.addEventListener("click", (event) => this.#clicked(event.target.closest("[data-do]")));
  }

  #clicked(button) {
    const action = button?.dataset.do;
    if (action === "ask") this.say(button.textContent.trim());
    if (action === "person") this.askForPerson();
    if (action === "start-over") this.startOver();
    if (action === "retry") this.#retry(button.closest("[data-message]").dataset.message);
  }

  #takeUp() {
    for (const item of this.#outbox.restore()) this.#thread.add(this.#store.pend(item));
    if (this.#outbox.items.length) this.#outbox.flush();
    if (!navigator.onLine) this.#wentOffline();
  }

  /** Hold the stream while open and visible or while an answer is due, and let go a moment after. */
  #hold() {
    clearTimeout(this.#lingering);
    const isWanted = (this.#isOpen && document.visibilityState === "visible") || this.#dueTimer !== null;
    if (this.#troubles.isRefused) this.#stream.release();
    else if (isWanted) this.#stream.hold();
    else this.#lingering = setTimeout(() => this.#stream.release(), LINGER);
  }

  async #introduce() {
    const { parentOrigin, context } = this.#told;
    return { parentOrigin, context, ...(await this.#identity()) };
  }

  async #identity() {
    const { customer, customerToken } = this.#told;
    return { customer, customerToken: customerToken ? await this.#bridge.customerToken() : undefined };
  }

  async #become(who) {
    // The stream of the old session would report its end as a loss.
    this.#stream.release();
    this.#isMeantToChange = true;
    try {
      await this.#session.identify(who);
      this.#hold();
    } catch (problem) {
      if (problem.code === "customer_token_refused") this.#clear();
      throw problem;
    } finally {
      this.#isMeantToChange = false;
    }
  }

  #welcome() {
    this.#troubles.forgive();
    // History was rendered for this browser; whether it belongs to the customer named here is not known yet.
    document.body.classList.toggle("is-unsure", Boolean(this.#told.customerToken));
    if (this.#isOpen) this.#hold();
  }

  #started({ customer, conversation, messages = [], features = {} }, { isSame }) {
    const known = new Set(messages.map(({ id }) => id));
    const isOther = this.#store.lastSeq > 0 && !this.#store.all().some(({ id }) => known.has(id));
    const unsent = isSame || this.#isMeantToChange ? [] : this.#outbox.items;
    if (!isSame || isOther) this.#clear();
    this.#surroundings.say(isSame || this.#isMeantToChange ? "" : WORDS.ended);
    document.body.classList.remove("is-unsure");
    document.body.classList.toggle("no-handoff", features.handoff === false);
    for (const message of messages) this.#take(message, { isNews: false });
    if (conversation) this.showState(conversation);
    for (const item of unsent) this.#offerAgain(item);
    this.#bridge.emit("identity", { customer });
  }

  /** What somebody wrote before their session was ended is neither lost nor sent in another's name unasked. */
  #offerAgain(item) {
    this.#thread.add(this.#store.pend(item));
    this.#thread.mark(this.#store.mark(item.clientId, "failed"));
  }

  #clear() {
    this.#outbox.clear();
    this.#store.clear();
    this.#thread.clear();
    this.#settled();
    this.showState({ state: "agent" });
  }

  #heard({ event, data }) {
    const content = JSON.parse(data);
    this.#reached();
    if (event === "message") this.#take(content);
    if (event === "delta") this.#grow(content);
    if (event === "typing") this.#thread.showTyping(content.on ? (content.name ?? this.#look.name) : null);
    if (event === "state") this.showState(content);
    if (event === "session") this.#attempt(() => this.#session.ended(content.code));
  }

  #take(message, { isNews = true } = {}) {
    const isReply = message.from === "agent" || message.from === "person";
    const { entry, news } = this.#store.take(message);
    if (isReply) this.#settled(entry);
    const next = this.#store.after(entry);
    if (news === "added") this.#thread.add(entry, next);
    if (news === "replaced") this.#thread[message.from === "customer" ? "confirm" : "replace"](entry, next);
    if (news === "replaced" && message.clientId) this.#sent(message);
    if (isNews && isReply && news !== "known") this.#received(message);
  }

  #received({ id, from }) {
    this.#bridge.emit("message:received", { id, from });
    if (!this.#isOpen || document.visibilityState !== "visible") this.#count(this.#unread + 1);
  }

  #grow(piece) {
    const isNew = !this.#store.all().some(({ id }) => id === piece.id);
    const entry = this.#store.grow(piece);
    if (!entry) return;
    this.#thread.showTyping(null);
    if (isNew) this.#thread.add(entry);
    else this.#thread.grow(entry);
  }

  #carried(item, outcome, news) {
    if (outcome === "sent") return this.#delivered(item, news);
    const isFailed = outcome === "refused" || (outcome === "failed" && navigator.onLine);
    const entry = this.#store.mark(item.clientId, isFailed ? "failed" : "sending");
    if (!entry) return;
    this.#settled();
    this.#thread.mark(entry, isFailed || navigator.onLine ? undefined : WORDS.later);
    if (news.status === 429) this.#troubles.slowDown(news);
    else this.#troubles.explain(news);
  }

  #delivered(item, answer) {
    this.#reached();
    const entry = this.#store.acknowledge(item.clientId, answer);
    this.#surroundings.say();
    if (!entry) return;
    this.#thread.confirm(entry, this.#store.after(entry));
    this.#expectAnswer();
    this.#bridge.emit("message:sent", { id: answer.id });
  }

  /** The stream told of it before the request was answered. */
  #sent({ id, clientId }) {
    this.#outbox.drop(clientId);
    this.#bridge.emit("message:sent", { id });
  }

  #retry(clientId) {
    const { text, at } = this.#store.all().find((entry) => entry.clientId === clientId);
    this.#thread.mark(this.#store.mark(clientId, "sending"));
    this.#expectAnswer();
    this.#outbox.retry({ clientId, text, at });
  }

  /** Somebody will answer: say so at once, and listen for it even when the chat is closed. */
  #expectAnswer() {
    if (!WITH_PEOPLE.has(this.#state) && !this.#troubles.isAway) this.#thread.showTyping(this.#look.name);
    clearTimeout(this.#dueTimer);
    this.#dueTimer = setTimeout(() => this.#settled(), ANSWER_IS_DUE);
  }

  /** Nothing is owed any more; a half-told reply that this one takes the place of goes too. */
  #settled(reply) {
    clearTimeout(this.#dueTimer);
    this.#dueTimer = null;
    this.#thread.showTyping(null);
    if (reply) for (const entry of this.#store.dropStreaming()) this.#thread.remove(entry);
    this.#hold();
  }

  #count(unread) {
    if (unread === this.#unread) return;
    this.#unread = unread;
    this.#bridge.tell("unread", { count: unread });
  }

  async #catchUp() {
    try {
      const { messages = [] } = await this.#session.call("GET", `/messages?after=${this.#store.lastSeq}`);
      for (const message of messages) this.#take(message);
    } catch {
      // The stream is still being tried; its own failure is the one to tell of.
    }
  }

  async #attempt(run, words) {
    try {
      await run();
    } catch (problem) {
      if (!this.#troubles.explain(problem) && words) this.#surroundings.say(words);
    }
  }

  #cameOnline() {
    this.#stream.hurry();
    if (this.#outbox.items.length) this.#outbox.flush();
  }

  #wentOffline() {
    this.#troubles.wentOffline();
    this.#thread.showTyping(null);
  }

  #reached() {
    if (this.#troubles.reached() && this.#outbox.items.length) this.#outbox.flush();
  }

  /** Whether the stream is to be tried again. */
  #lost(problem) {
    this.#troubles.explain(problem);
    return !this.#troubles.isRefused;
  }

  #refused({ code, message }, { mayPass }) {
    if (!mayPass) this.#composer.close();
    this.#bridge.emit("error", { code, message });
    this.#stream.release();
  }
}

function isSameIdentity(one, other) {
  return one.customerToken === other.customerToken && JSON.stringify(one.customer) === JSON.stringify(other.customer);
}

/** 128 random bits; `crypto.randomUUID` is missing on plain http. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Once what is there has been painted; soon in any case, because a browser need not paint a frame at all. */
function afterPaint(task) {
  let isDone = false;
  const once = () => isDone || ((isDone = true), task());
  requestAnimationFrame(() => setTimeout(once));
  setTimeout(once, 100);
}
