/** The chat: what the customer does, what the site says and what the server tells, brought together. */
import { Backoff } from "./backoff.js";
import { Composer } from "./composer.js";
import { Conversation, isReply } from "./conversation.js";
import { Identity } from "./identity.js";
import { Notice } from "./notice.js";
import { isSamePerson } from "./owners.js";
import { fetchPart } from "./parts.js";
import { remedyOf } from "./remedies.js";
import { Session } from "./session.js";
import { Stream } from "./stream.js";
import { Surroundings } from "./surroundings.js";
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
  #setting;
  #notice = new Notice(document.getElementById("notice"));
  #composer = new Composer((text) => this.say(text));
  #surroundings;
  #troubles;
  #session;
  #identity;
  #stream;
  #conversation;
  #ownData = null;
  #isOpen = false;
  #state = "agent";
  #unread = 0;
  #changes = 0;
  #dueTimer = null;
  #lingering = null;

  constructor({ page, look, bridge, keeping, setting }) {
    this.#look = look;
    this.#bridge = bridge;
    this.#keeping = keeping;
    this.#setting = setting;
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
      started: (...how) => this.#started(...how),
      renewed: () => this.#identity.look(),
      solve: (challenge) => this.#solve(challenge),
    });
    this.#identity = new Identity({
      bridge,
      session: this.#session,
      become: (...who) => this.#attempt(() => this.#become(...who)),
      expected: (who) => this.#expect(who),
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
      send: (item) => this.#session.send(item),
      giveBack: (text) => this.#composer.giveBack(text),
      delivered: (message) => this.#delivered(message),
      troubled: (problem) => this.#kept(problem),
    });
    this.#watch();
  }

  get isEmpty() {
    return this.#conversation.isEmpty;
  }

  get #isSeen() {
    return this.#isOpen && document.visibilityState === "visible";
  }

  /** The customer sees the chat now: from here on it may keep things and talk to the server. */
  open({ focus }) {
    this.#isOpen = true;
    if (focus) this.#composer.focus();
    this.#conversation.follow();
    this.#count(0);
    // The chat is seen first; cookies and network take their time after that.
    afterPaint(() => {
      if (!navigator.onLine) this.#wentOffline();
      this.#hold();
      this.#identity.look();
    });
  }

  /** Out of sight: the stream is held only as long as an answer is due. */
  hide() {
    this.#isOpen = false;
    this.#hold();
  }

  say(text) {
    this.#conversation.say(text, this.#identity.owner);
    this.#expectAnswer();
    this.#hold();
  }

  /** What the site sends goes as whom it had named by then. */
  sayInTurn(text) {
    this.#identity.inTurn(() => this.say(text));
  }

  async askForPerson() {
    await this.#attempt(async () => {
      this.showState(await this.#session.call("POST", "/handoffs", {}));
    }, WORDS.handoffFailed);
  }

  async startOver() {
    await this.#attempt(async () => {
      await this.#session.ready();
      await this.#beginAgain(() => this.#session.end());
    }, WORDS.startOverFailed);
  }

  /** What the site says: `{parentOrigin?, customer, customerToken, context}`, and whether it names somebody anew. */
  learn(told, how) {
    this.#identity.learn(told, how);
  }

  /** The site's customer has signed out: what this browser may still hold of them is given up, what is seen at once. */
  async logOut({ isResumable }) {
    const isKnown = this.#session.isBegun || isResumable || this.#keeping.secret;
    this.#identity.forget();
    this.#keeping.outbox.clear();
    await this.#change(async () => {
      this.#wipe();
      await this.#identity.inTurn(() => this.#attempt(() => this.#leave(isKnown)));
    });
  }

  /** The site has changed its mind on whether anything may be kept in this browser. */
  async keep(isAllowed) {
    if (this.#session.isBegun) await this.#attempt(() => this.#session.keep(isAllowed));
  }

  /** @param told `{state, name}`: agent, waiting, person or resolved, and the name of the person */
  showState({ state, name }) {
    this.#state = state;
    if (state !== "agent") this.#conversation.showTyping(null);
    this.#surroundings.showState({ state, name });
  }

  /** Whether Escape was meant for something in front of the chat. */
  stepBack() {
    return this.#surroundings.closeMenu() || Boolean(this.#ownData?.close());
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
    if (action === "own-data") this.#showOwnData();
    if (action === "retry") this.#retry(button.closest("[data-message]").dataset.message);
  }

  #retry(clientId) {
    this.#conversation.retry(clientId, this.#identity.owner);
    this.#expectAnswer();
  }

  /** Everything that is kept here of the customer, to be seen, taken along and erased. */
  async #showOwnData() {
    await this.#attempt(async () => {
      const { OwnData } = await fetchPart("own-data");
      this.#ownData ??= new OwnData({
        call: (...request) => this.#session.call(...request),
        forgetMe: () => this.#forgetMe(),
        setting: this.#setting,
      });
      await this.#session.ready();
      const { who } = this.#session;
      await this.#ownData.open(() => who === this.#session.who);
    }, WORDS.partFailed);
  }

  async #leave(isKnown) {
    if (isKnown) await this.#session.leave();
    // Somebody may have been shown while this waited for its turn.
    this.#clear();
    this.#keeping.clear();
    this.#bridge.tell("left");
  }

  async #forgetMe() {
    await this.#beginAgain(() => this.#session.end({ forget: true }));
    this.#notice.say(WORDS.forgotten);
    this.#composer.focus();
  }

  /** Another conversation, of somebody who is not known. */
  async #beginAgain(end) {
    await this.#change(async () => {
      await end();
      this.#wipe();
      await this.#session.ready();
    });
  }

  /** No stream while it changes who is chatting: it would bring what the former one has said. */
  async #change(run) {
    this.#changes += 1;
    this.#stream.release();
    try {
      await run();
    } finally {
      this.#changes -= 1;
      this.#hold();
    }
  }

  /** Hold the stream while open and visible or while an answer is due, and let go a moment after. */
  #hold() {
    clearTimeout(this.#lingering);
    const isWanted = this.#isSeen || this.#dueTimer !== null;
    if (this.#changes || this.#troubles.isRefused) this.#stream.release();
    else if (isWanted) this.#stream.hold();
    else this.#lingering = setTimeout(() => this.#stream.release(), LINGER);
  }

  async #become(introduce, { isRenewal }) {
    await this.#change(async () => {
      // What was written before goes first, as who wrote it.
      await this.#conversation.flush();
      try {
        await this.#session.identify(introduce);
      } catch (problem) {
        if (remedyOf(problem) !== "pause") throw problem;
        if (isRenewal) return this.#tellSite(problem);
        // Nobody goes on as whom the site no longer names.
        this.#session.reset();
        this.#wipe();
        throw problem;
      }
    });
  }

  /** History was rendered for this browser; whether it belongs to the customer named here is not known yet. */
  #expect({ isKnown }) {
    this.#forgive();
    if (isKnown) this.#clear({ withholds: true });
    if (this.#isOpen) this.#hold();
  }

  #started({ customer, conversation, messages = [], features = {} }, before) {
    const { who } = this.#session;
    const isSame = before === null || isSamePerson(before, who);
    this.#forgive();
    this.#notice.say(isSame || this.#changes ? "" : WORDS.ended);
    document.body.classList.toggle("no-handoff", features.handoff === false);
    // What is being typed stays with who may be the same, and goes with somebody who had a name.
    if (!isSame && before.customer != null) this.#composer.clear();
    this.#conversation.begin({ messages, who, before, introduced: this.#identity.introduced });
    if (!isSame || isReply(messages.at(-1) ?? {})) this.#settled();
    if (conversation) this.showState(conversation);
    this.#bridge.emit("identity", { customer });
  }

  /** Take off the screen what was said. */
  #clear(how) {
    this.#conversation.clear(how);
    this.#settled();
    this.showState({ state: "agent" });
  }

  /** And what was typed or not sent, and all else that shows whose chat it was. */
  #wipe() {
    this.#clear();
    this.#conversation.giveUp();
    this.#composer.clear();
    this.#notice.say();
    this.#ownData?.close();
    this.#count(0);
  }

  #forgive() {
    this.#troubles.forgive();
    this.#composer.isOpen = true;
  }

  #heard({ event, data }) {
    const content = JSON.parse(data);
    this.#reached();
    if (event === "message") this.#take(content);
    if (event === "delta") this.#conversation.grow(content);
    if (event === "typing") this.#conversation.showTyping(content.on ? (content.name ?? this.#look.name) : null);
    if (event === "state") this.showState(content);
    if (event === "session") this.#attempt(() => this.#session.ended(content.code));
  }

  #take(message) {
    if (isReply(message)) this.#settled();
    if (this.#conversation.take(message) && isReply(message)) this.#received(message);
  }

  #received({ id, from }) {
    this.#bridge.emit("message:received", { id, from });
    if (!this.#isSeen) this.#count(this.#unread + 1);
  }

  #delivered({ id }) {
    this.#reached();
    this.#notice.say();
    this.#expectAnswer();
    this.#bridge.emit("message:sent", { id });
  }

  /** A message waits, or came back. */
  #kept(problem) {
    this.#settled();
    this.#troubles.explain(problem, { waits: WORDS.slowDown });
  }

  /** Somebody will answer: say so at once, and listen for it even when the chat is closed. */
  #expectAnswer() {
    if (!WITH_PEOPLE.has(this.#state) && !this.#troubles.isAway) this.#conversation.showTyping(this.#look.name);
    clearTimeout(this.#dueTimer);
    this.#dueTimer = setTimeout(() => this.#settled(), ANSWER_IS_DUE);
  }

  /** Nothing is owed any more. */
  #settled() {
    clearTimeout(this.#dueTimer);
    this.#dueTimer = null;
    this.#conversation.showTyping(null);
    this.#hold();
  }

  #count(unread) {
    if (unread === this.#unread) return;
    this.#unread = unread;
    this.#bridge.tell("unread", { count: unread });
    this.#bridge.emit("unread", { count: unread });
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
      this.#troubles.explain(problem, { waits: WORDS.tryIn, otherwise });
    }
  }

  async #solve(challenge) {
    this.#notice.say(WORDS.checking);
    try {
      const { solve } = await fetchPart("challenge");
      return await solve(challenge);
    } finally {
      this.#notice.say();
    }
  }

  #cameOnline() {
    this.#stream.hurry();
    this.#conversation.flush();
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

/** Once what is there has been painted; soon in any case, because a browser need not paint a frame at all. */
function afterPaint(task) {
  let isDone = false;
  const once = () => isDone || ((isDone = true), task());
  requestAnimationFrame(() => setTimeout(once));
  setTimeout(once, 100);
}
