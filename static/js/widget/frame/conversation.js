/** What is said: each message on the page once, from the moment it is written until it has arrived. */
import { Backoff } from "./backoff.js";
import { MessageStore } from "./message-store.js";
import { Outbox } from "./outbox.js";
import { fateOf, isSamePerson, ownerOf, standingOf } from "./owners.js";
import { remedyOf } from "./remedies.js";
import { Thread } from "./thread.js";
import { say } from "./words.js";

export class Conversation {
  #store = new MessageStore();
  #thread;
  #outbox;
  #giveBack;
  #delivered;
  #troubled;
  #shown;
  #withheld = [];

  /**
   * @param setting   `{look}`
   * @param keeping   what outlives the page, as `Outbox` takes it
   * @param send      `async (item) => {id, seq}`
   * @param giveBack  `(text) => boolean`: put a text back into the box, if there is room
   * @param delivered called with `{id}` when the server has a message
   * @param troubled  called with a problem that kept one back
   * @param shown     called with each message that is on the page, whenever it is told
   */
  constructor({ setting, keeping, send, giveBack, delivered, troubled, shown }) {
    this.#thread = new Thread(setting);
    this.#giveBack = giveBack;
    this.#delivered = delivered;
    this.#troubled = troubled;
    this.#shown = shown;
    this.#outbox = new Outbox({ send, keeping, heard: (...news) => this.#carried(...news), backoff: new Backoff() });
    for (const { entry, bind } of this.#thread.adopt()) bind(this.#store.take(entry).entry);
    this.#thread.settleIn();
  }

  get isEmpty() {
    return this.#store.isEmpty;
  }

  get lastSeq() {
    return this.#store.lastSeq;
  }

  follow() {
    this.#thread.follow();
  }

  forgetNews() {
    this.#thread.forgetNews();
  }

  /** @param name who is writing, or null for nobody */
  showTyping(name) {
    this.#thread.showTyping(name);
  }

  say(text, owner, attachments) {
    const item = { clientId: newId(), text, at: new Date().toISOString(), owner, attachments };
    this.#show(item);
    this.#outbox.add(item);
  }

  retry(clientId, owner) {
    const entry = this.#store.mark(clientId, "sending");
    this.#thread.mark(entry);
    this.#outbox.retry({ clientId, text: entry.text, at: entry.at, owner, attachments: entry.attachments });
  }

  /** Send what waits; answers when it is sent, or has to wait on. */
  async flush() {
    if (this.#outbox.items.length) await this.#outbox.flush();
  }

  /** Take off what was being written: it comes as a whole, or nobody finishes it. */
  dropHalves() {
    for (const half of this.#store.dropStreaming()) this.#thread.remove(half);
  }

  /**
   * Take a message of the server.
   *
   * @param isSeen whether somebody looks at the chat
   * @returns whether it is news
   */
  take(message, { isSeen = true } = {}) {
    const { entry, news } = this.#store.take(message);
    if (isReply(message)) this.dropHalves();
    const next = this.#store.after(entry);
    if (news === "added") this.#thread.add(entry, next);
    const isAsTyped = message.from === "customer" && !message.masked?.length;
    if (news === "replaced") this.#thread[isAsTyped ? "confirm" : "replace"](entry, next);
    if (news === "replaced" && message.clientId) this.#arrived(message);
    this.#shown(message);
    if (!isSeen && news !== "known") this.#thread.markNews(entry);
    return news !== "known";
  }

  /** A piece of a reply that is being written. */
  grow(piece) {
    const isNew = !this.#store.all().some(({ id }) => id === piece.id);
    const entry = this.#store.grow(piece);
    if (!entry) return;
    this.#thread.showTyping(null);
    if (isNew) this.#thread.add(entry);
    else this.#thread.grow(entry);
  }

  /** Take off the screen what was said; with `unsent`, that is not given up but kept from sight until `begin`. */
  clear({ withholds = false } = {}) {
    this.#withheld = withholds ? [...this.#withheld, ...this.#store.unsent()] : [];
    this.#store.clear();
    this.#thread.clear();
  }

  /** Give up what was not sent. */
  giveUp() {
    this.#withheld = [];
    this.#outbox.clear();
  }

  /**
   * A session has begun: show what was said in it, and decide what becomes of what is not sent yet. That is neither lost
   * nor sent in another's name.
   *
   * @param who, before `{customer, conversation}` now and in the session before this one, if any
   * @param introduced  as whom the site had it begin, as `Identity.introduced`
   */
  begin({ messages, who, before, introduced }) {
    const unsent = [...this.#withheld.splice(0), ...this.#store.unsent()];
    if ((before && !isSamePerson(before, who)) || this.#showsOthers(messages)) this.clear();
    const isKnown = !this.isEmpty;
    for (const message of messages) this.take(message);
    if (!isKnown) this.#thread.recall();
    for (const entry of unsent) this.#settle(entry, fateOf(entry.owner, { before, who, introduced }));
    this.#outbox.claim(ownerOf(who));
    this.#takeUp(who);
  }

  #show(item) {
    this.#thread.add(this.#store.pend(item));
    this.#shown(item);
  }

  #showsOthers(messages) {
    const known = new Set(messages.map(({ id }) => id));
    return this.#store.lastSeq > 0 && !this.#store.all().some(({ id }) => known.has(id));
  }

  #settle(item, fate) {
    if (fate === "other") return this.#withdraw(item.clientId);
    if (!this.#store.all().includes(item)) this.#show(item);
    if (fate === "asked") this.#outbox.drop(item.clientId);
    if (fate === "asked" || item.state === "failed") this.#mark(item, "failed");
  }

  /** What an earlier page could not send goes now, if it is this customer's. */
  #takeUp(who) {
    const { own, asked } = this.#outbox.restore(({ owner = "" }) => standingOf(owner, who));
    const arrived = new Set(this.#store.all().map(({ clientId }) => clientId));
    for (const item of [...own, ...asked]) {
      // The server had it after all; the page was gone before it heard so.
      if (arrived.has(item.clientId)) this.#outbox.drop(item.clientId);
      else this.#settle(item, own.includes(item) ? "own" : "asked");
    }
    if (own.length) this.flush();
  }

  #carried(item, outcome, news) {
    if (outcome === "sent") return this.#acknowledged(item, news);
    const isFailed = outcome === "refused" || (outcome === "failed" && navigator.onLine);
    const isShown = this.#mark(item, isFailed ? "failed" : "sending", isFailed || navigator.onLine ? undefined : say("goes_later"));
    if (!isShown) return;
    if (["giveBack", "ask"].includes(remedyOf(news)) && this.#giveBack(item.text)) this.#withdraw(item.clientId);
    // Those that wait behind it wait for the same reason.
    if (outcome === "refused" || item === this.#outbox.items[0]) this.#troubled(news);
  }

  #acknowledged(item, answer) {
    const entry = this.#store.acknowledge(item.clientId, answer);
    if (!entry) return;
    this.#thread.confirm(entry, this.#store.after(entry));
    this.#delivered(answer);
  }

  /** The stream told of it before the request was answered. */
  #arrived(message) {
    this.#outbox.drop(message.clientId);
    this.#delivered(message);
  }

  #mark({ clientId }, state, note) {
    const entry = this.#store.mark(clientId, state);
    if (entry) this.#thread.mark(entry, note);
    return entry !== null;
  }

  #withdraw(clientId) {
    this.#outbox.drop(clientId);
    const entry = this.#store.withdraw(clientId);
    if (entry) this.#thread.remove(entry);
  }
}

export function isReply({ from }) {
  return from === "agent" || from === "person";
}

/** 128 random bits; `crypto.randomUUID` is missing on plain http. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
