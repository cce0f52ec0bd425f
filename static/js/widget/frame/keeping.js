/**
 * What this browser keeps between pages, and where. Nothing is written before `allow()`: that is, before the
 * customer has opened the chat and the site has the consent that it says it needs.
 */
const PROBE = "porchlight-probe";

export class Keeping {
  #key;
  #isAllowed = false;
  #place = null;

  constructor(agent) {
    this.#key = `porchlight:${agent}`;
  }

  allow(isAllowed = true) {
    this.#isAllowed = isAllowed;
    if (!isAllowed) remove(this.#key);
  }

  /** Where the refresh secret is to live: `cookie`, `frame` (this storage) or `none`. */
  get place() {
    if (!this.#isAllowed) return "none";
    this.#place ??= acceptsCookies() ? "cookie" : acceptsStorage(this.#key) ? "frame" : "none";
    return this.#place;
  }

  get secret() {
    return read(this.#key).secret;
  }

  set secret(secret) {
    if (this.#isAllowed) write(this.#key, { ...read(this.#key), secret });
  }

  /** Unsent messages of this browser, also of tabs that were closed. */
  get outbox() {
    return {
      load: () => (this.#isAllowed ? (read(this.#key).outbox ?? []) : []),
      save: (change) => this.#changeOutbox(change),
    };
  }

  #changeOutbox(change) {
    if (!this.#isAllowed) return;
    const { outbox = [], ...rest } = read(this.#key);
    const changed = change(outbox);
    write(this.#key, changed.length ? { ...rest, outbox: changed } : rest);
  }
}

/**
 * A cookie can be refused without a word, so one like the server's own is set and looked for. Browsers take a secure one
 * from their own machine too; the lax one is for plain http in a first-party place.
 */
function acceptsCookies() {
  return ["; Secure; SameSite=None; Partitioned", "; SameSite=Lax"].some((attributes) => {
    try {
      document.cookie = `${PROBE}=1; Path=/${attributes}; Max-Age=10`;
      const isKept = document.cookie.includes(PROBE);
      document.cookie = `${PROBE}=; Path=/${attributes}; Max-Age=0`;
      return isKept;
    } catch {
      return false;
    }
  });
}

function acceptsStorage(key) {
  try {
    localStorage.setItem(key, localStorage.getItem(key) ?? "{}");
    return true;
  } catch {
    return false;
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

function write(key, content) {
  try {
    if (Object.values(content).some((value) => value !== undefined)) localStorage.setItem(key, JSON.stringify(content));
    else localStorage.removeItem(key);
  } catch {
    // A full or closed storage costs the next page its memory, not this one its chat.
  }
}

function remove(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Storage that cannot be reached has kept nothing.
  }
}
