/**
 * What has been said, each message once and in the order of the server.
 * The same message may come from the page, the session, the stream, another tab, or as the answer to sending it.
 */
export class MessageStore {
  #entries = [];
  #lastSeq = 0;

  /** The newest sequence number up to which nothing is missing; where a stream takes up again. */
  get lastSeq() {
    return this.#lastSeq;
  }

  get isEmpty() {
    return this.#entries.length === 0;
  }

  all() {
    return [...this.#entries];
  }

  /** Keep a message that this tab is about to send. */
  pend({ clientId, text, at, owner, attachments }) {
    const known = this.#find({ clientId });
    if (known) return known;
    return this.#insert({ id: null, seq: null, from: "customer", state: "sending", clientId, text, at, owner, attachments });
  }

  /** What the customer wrote and the server does not have, sent again or not. */
  unsent() {
    return this.#entries.filter(({ from, seq }) => from === "customer" && seq === null);
  }

  /** The server has it, if that is news. `lastSeq` stays: another tab's earlier message may still be on its way. */
  acknowledge(clientId, { id, seq }) {
    const entry = this.#find({ clientId });
    if (!entry || entry.seq !== null) return null;
    return this.#move(Object.assign(entry, { id, seq, state: "sent" }));
  }

  mark(clientId, state) {
    const entry = this.#find({ clientId });
    // What has arrived through the stream is delivered, whatever became of the request.
    if (!entry || entry.seq !== null) return null;
    return Object.assign(entry, { state });
  }

  /** A piece of a reply: made, or grown. Null when the whole reply is already here. */
  grow({ id, html }) {
    const known = this.#find({ id });
    if (known) return known.state === "streaming" ? Object.assign(known, { html }) : null;
    return this.#insert({ id, seq: null, from: "agent", state: "streaming", clientId: null, html, at: null });
  }

  /**
   * Take a message of the server.
   *
   * @returns `{entry, news}` where news is `added`, `replaced` (it was pending, streaming or unmasked) or `known`
   */
  take(message) {
    this.#lastSeq = Math.max(this.#lastSeq, message.seq ?? 0);
    const state = message.from === "customer" ? "sent" : "done";
    const known = this.#find(message);
    if (!known) return { entry: this.#insert({ ...message, state }), news: "added" };
    // What was masked on the way is shown as it is kept, also in the tab that has just sent it.
    const isMasked = message.masked?.length > 0 && known.text !== message.text;
    const news = known.state === "streaming" || known.seq === null || isMasked ? "replaced" : "known";
    if (news === "replaced") this.#move(Object.assign(known, message, { state }));
    return { entry: known, news };
  }

  /** The entry shown right after this one, or null for the last. */
  after(entry) {
    return this.#entries[this.#entries.indexOf(entry) + 1] ?? null;
  }

  /** A stream that ended in the middle of a reply brings it again from the start, under the same id or none. */
  dropStreaming() {
    const dropped = this.#entries.filter((entry) => entry.state === "streaming");
    this.#entries = this.#entries.filter((entry) => entry.state !== "streaming");
    return dropped;
  }

  /** Take a message out that has not been sent, and answer it. */
  withdraw(clientId) {
    const entry = this.unsent().find((pending) => pending.clientId === clientId);
    if (entry) this.#entries.splice(this.#entries.indexOf(entry), 1);
    return entry;
  }

  clear() {
    this.#entries = [];
    this.#lastSeq = 0;
  }

  #find({ id, clientId }) {
    return this.#entries.find((entry) => (id && entry.id === id) || (clientId && entry.clientId === clientId));
  }

  #insert(entry) {
    const rank = entry.seq ?? Infinity;
    let place = this.#entries.length;
    while (place > 0 && (this.#entries[place - 1].seq ?? Infinity) > rank) place -= 1;
    this.#entries.splice(place, 0, entry);
    return entry;
  }

  #move(entry) {
    this.#entries.splice(this.#entries.indexOf(entry), 1);
    return this.#insert(entry);
  }
}
