/**
 * A draft: on the server, so that it is there on the next device and after a reload. In this browser it is kept only
 * until the server has it, so that nothing is lost without a connection.
 */
const REST = 700;

export class ReplyDraft {
  #key;
  #address;
  #token;
  #timer;
  #aborter;

  constructor({ key, address, token }) {
    this.#key = key;
    this.#address = address;
    this.#token = token;
  }

  /** What the server has not got yet; null when it has everything. */
  get unsaved() {
    try {
      return JSON.parse(storage((kept) => kept.getItem(this.#key)) ?? "null");
    } catch {
      return null;
    }
  }

  /** Keep it here now, and on the server as soon as nothing is typed for a moment. */
  keep(draft) {
    storage((kept) => kept.setItem(this.#key, JSON.stringify(draft)));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), REST);
  }

  /** Nothing that is on its way may come after what is done now. */
  stop() {
    clearTimeout(this.#timer);
    this.#aborter?.abort();
  }

  /** Bring to the server what it has not got. */
  async save() {
    this.stop();
    const draft = this.unsaved;
    if (!draft) return;
    this.#aborter = new AbortController();
    const body = new URLSearchParams({ ...draft, csrf_token: this.#token() });
    const options = { method: "POST", body, headers: { "HX-Request": "true" }, keepalive: true, signal: this.#aborter.signal };
    const answer = await fetch(this.#address, options).catch(() => null);
    const now = this.unsaved;
    if (answer?.ok && now?.text === draft.text && now.mode === draft.mode) storage((kept) => kept.removeItem(this.#key));
  }
}

/** A browser may refuse to keep anything; then a draft lives as long as the page and on the server. */
function storage(action) {
  try {
    return action(localStorage);
  } catch {
    return null;
  }
}
