/** The chat: what the customer does, what the site says and what the server tells, brought together. */
import { afterPaint } from "./after-paint.js";
import { Backoff } from "./backoff.js";
import { Belonging } from "./belonging.js";
import { Composer } from "./composer.js";
import { Conversation, isReply } from "./conversation.js";
import { Doings } from "./doings.js";
import { Identity } from "./identity.js";
import { Notice } from "./notice.js";
import { Listening } from "./listening.js";
import { drawMessage, firstLetter } from "./message-view.js";
import { fetchPart } from "./parts.js";
import { remedyOf } from "./remedies.js";
import { Session } from "./session.js";
import { Stream } from "./stream.js";
import { Surroundings } from "./surroundings.js";
import { Troubles } from "./troubles.js";
import { Unread } from "./unread.js";
import { locale, say } from "./words.js";

/** States in which nobody answers at once. */
const WITH_PEOPLE = new Set(["waiting", "person"]);

export class Chat {
  #look;
  #bridge;
  #notice = new Notice(document.getElementById("notice"));
  #composer = new Composer((...what) => this.say(...what));
  #surroundings;
  #troubles;
  #session;
  #identity;
  #stream;
  #conversation;
  #doings;
  #listening;
  #unread;
  #isOpen = false;
  #state = "agent";

  /** What the chat lends to its parts. `front` is what stands before it, and can be closed. */
  stage;

  /** Whose chat it is. */
  belonging;

  constructor({ page, look, bridge, keeping, setting }) {
    this.#look = look;
    this.#bridge = bridge;
    this.#unread = new Unread(bridge);
    this.#surroundings = new Surroundings(look);
    this.#troubles = new Troubles({
      notice: this.#notice,
      told: (problem) => this.#tellSite(problem),
      rested: (isOver) => this.#rest(isOver),
    });
    this.#session = new Session({
      page,
      keeping,
      introduce: () => this.#identity.introduction(),
      started: (...how) => this.belonging.started(...how),
      renewed: () => this.#identity.look(),
      solve: (challenge) => this.#solve(challenge),
    });
    this.#identity = new Identity({
      bridge,
      session: this.#session,
      become: (...who) => this.#attempt(() => this.belonging.become(...who)),
      expected: (who) => this.belonging.expect(who),
      isSeen: () => this.#isSeen,
    });
    this.#stream = new Stream({
      connect: (signal) => this.#session.events(() => this.#conversation.lastSeq, signal),
      heard: (event) => this.#heard(event),
      lost: (problem) => this.#lost(problem),
      catchUp: () => this.#catchUp(),
      backoff: new Backoff(),
    });
    this.#conversation = new Conversation({
      setting,
      keeping: keeping.outbox,
      send: (item) => this.#session.send(item, this.#identity.context),
      giveBack: (text) => this.#composer.giveBack(text),
      delivered: (message) => this.#delivered(message),
      troubled: (problem) => this.#kept(problem),
      shown: (message) => this.#doings.adorn(message),
    });
    this.#listening = new Listening({
      stream: this.#stream,
      isSeen: () => this.#isSeen,
      mayTalk: () => !this.#troubles.isRefused,
      settled: () => this.#conversation.showTyping(null),
    });
    this.stage = {
      ...{ look, bridge, keeping, setting, fetchPart, drawMessage, firstLetter, locale, say, front: null },
      notice: this.#notice,
      composer: this.#composer,
      troubles: this.#troubles,
      session: this.#session,
      identity: this.#identity,
      conversation: this.#conversation,
      listening: this.#listening,
      unread: this.#unread,
      open: (options) => this.open(options),
      showState: (told) => this.#showState(told),
      isSeen: () => this.#isSeen,
      tellSite: (problem) => this.#tellSite(problem),
      askFirst: (go) => this.#doings.askFirst(go, ""),
      attempt: (...what) => this.#attempt(...what),
      beginAgain: (end) => this.belonging.beginAgain(end),
    };
    this.#doings = new Doings(this.stage, {
      ask: (text) => this.say(text),
      retry: (clientId) => (this.#conversation.retry(clientId, this.#identity.owner), this.#expectAnswer()),
    });
    this.belonging = new Belonging(this.stage);
    this.#watch();
  }

  get #isSeen() {
    return this.#isOpen && document.visibilityState === "visible";
  }

  /** The customer sees the chat now: from here on it may keep things and talk to the server. */
  open({ focus }) {
    this.#isOpen = true;
    if (focus) this.#composer.focus();
    this.#conversation.follow();
    this.#looked();
    // The chat is seen first; cookies and network take their time after that.
    afterPaint(() => {
      if (!navigator.onLine) this.#wentOffline();
      document.getElementById("later").media = "";
      this.#listening.hold();
      this.#identity.look();
    });
  }

  /** Out of sight: the stream is held only as long as an answer is due. */
  hide() {
    this.#conversation.forgetNews();
    this.#isOpen = false;
    this.#listening.hold();
  }

  say(text, files) {
    this.#doings.askFirst(() => this.#say(text, files), text);
  }

  #say(text, files) {
    this.#conversation.forgetNews();
    this.#conversation.say(text, this.#identity.owner, files);
    this.#expectAnswer();
    this.#listening.hold();
  }

  /** What the site sends goes as whom it had named by then. */
  sayInTurn(text) {
    this.#identity.inTurn(() => this.say(text));
  }

  /** What the site says: `{parentOrigin?, customer, customerToken, context}`, and whether it names somebody anew. */
  learn(told, how) {
    this.#identity.learn(told, how);
  }

  /** The site has changed its mind on whether anything may be kept in this browser. */
  async keep(isAllowed) {
    if (this.#session.isBegun) await this.#attempt(() => this.#session.keep(isAllowed));
  }

  /** Whether Escape was meant for something in front of the chat. */
  stepBack() {
    return this.#surroundings.closeMenu() || Boolean(this.stage.front?.close());
  }

  #watch() {
    addEventListener("online", () => (this.#stream.hurry(), this.#conversation.flush()));
    addEventListener("offline", () => this.#wentOffline());
    addEventListener("pageshow", () => this.#listening.hold());
    document.addEventListener("visibilitychange", () => (this.#looked(), this.#listening.hold()));
  }

  /** Somebody has begun to look, or does not any more. */
  #looked() {
    if (this.#isSeen) this.#unread.clear();
    else if (this.#isOpen) this.#conversation.forgetNews();
  }

  /** @param told `{state, name, read}`: agent, waiting, person or resolved, the name of the person, and how far any has read */
  #showState(told) {
    const { state } = told;
    this.#state = state;
    if (state !== "agent") {
      this.#conversation.showTyping(null);
      this.#conversation.dropHalves();
    }
    this.#surroundings.showState(told);
    if (WITH_PEOPLE.has(state)) fetchPart("people").then(({ attend }) => attend(this.stage, told), () => {});
  }

  #heard({ event, data }) {
    const content = JSON.parse(data);
    this.#reached();
    if (event === "message") this.#take(content);
    // Pieces may still be on their way when a person takes over.
    if (event === "delta" && this.#state === "agent") this.#conversation.grow(content);
    if (event === "typing") this.#conversation.showTyping(content.on ? (content.name ?? this.#look.name) : null);
    if (event === "state") this.#showState(content);
    if (event === "session") this.#attempt(() => this.#session.ended(content.code));
  }

  #take(message) {
    if (isReply(message)) this.#listening.settle();
    const isPersons = message.from === "person";
    if (isPersons) this.#listening.expect({ isOfPerson: true });
    const isSeen = this.#isSeen || !isReply(message);
    if (this.#conversation.take(message, { isSeen }) && isReply(message)) this.#received(message);
  }

  #received(message) {
    const { id, from } = message;
    this.#bridge.emit("message:received", { id, from });
    this.stage.ring?.(message, this.#isSeen);
    if (!this.#isSeen) this.#unread.add();
  }

  #delivered({ id }) {
    this.#reached();
    this.#notice.say();
    this.#expectAnswer();
    this.#bridge.emit("message:sent", { id });
  }

  /** A message waits, or came back. */
  #kept(problem) {
    this.#listening.settle();
    if (remedyOf(problem) === "ask") document.body.dataset.before = "1";
    this.#troubles.explain(problem, { waits: "slow_down" });
  }

  /** Somebody will answer: say so at once. */
  #expectAnswer() {
    if (!WITH_PEOPLE.has(this.#state) && !this.#troubles.isAway) this.#conversation.showTyping(this.#look.name);
    this.#listening.expect({ isOfPerson: WITH_PEOPLE.has(this.#state) });
  }

  async #catchUp() {
    const { who } = this.#session;
    try {
      const { messages = [] } = await this.#session.call("GET", `/messages?after=${this.#conversation.lastSeq}`);
      if (who === this.#session.who) for (const message of messages) this.#take(message);
    } catch {
      // The stream is still being tried; its own failure is the one to tell of.
    }
  }

  async #attempt(run, otherwise) {
    try {
      await run();
    } catch (problem) {
      this.#troubles.explain(problem, { waits: "try_in", otherwise });
    }
  }

  async #solve(challenge) {
    this.#notice.say(say("checking"));
    try {
      const { solve } = await fetchPart("challenge");
      return await solve(challenge);
    } finally {
      this.#notice.say();
    }
  }

  #wentOffline() {
    this.#troubles.wentOffline();
    this.#conversation.showTyping(null);
  }

  #reached() {
    if (this.#troubles.reached()) this.#conversation.flush();
  }

  /** Whether the stream is to be tried again. */
  #lost(problem) {
    this.#troubles.explain(problem);
    return !this.#troubles.isRefused;
  }

  #tellSite({ code, message }) {
    this.#bridge.emit("error", { code, message });
  }

  #rest(isOver) {
    if (isOver) this.#composer.isOpen = false;
    this.#stream.release();
  }
}
