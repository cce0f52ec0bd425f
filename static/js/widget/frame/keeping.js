/**
 * What this browser keeps between pages, and where. Nothing is written before `allow()`: that is, before the
 * customer has opened the chat and the site has the consent that it says it needs.
 */
const PROBE = "porchlight-probe";
const OUTBOX_LIFE = 7 * 86_400_000;

export class Keeping {
  #key;
  #isAllowed = false;
  #place = null;
  /** Where nothing may be kept, the right to go on lives as long as the page. */
  #secret;

  constructor(agent) {
    this.#key = `porchlight:${agent}`;
  }

  allow(isAllowed = true) {
    this.#isAllowed = isAllowed;
    if (!isAllowed) remove(this.#key);
    else if (this.#secret) this.secret = this.#secret;
  }

  /** The secret of this tab is good no more; one that another tab has got meanwhile may be. */
  drop() {
    if (read(this.#key).secret === this.#secret) this.secret = undefined;
    this.#secret = undefined;
  }

  /** Forget all of it: whose it was has signed out, or is forgotten. */
  clear() {
    this.#secret = undefined;
    remove(this.#key);
  }

  /** Where the refresh secret is to live: `cookie`, or with this frame (in its storage, or in nothing but its memory). */
  get place() {
    if (!this.#isAllowed) return "frame";
    this.#place ??= acceptsCookies() ? "cookie" : "frame";
    return this.#place;
  }

  /** What is stored comes first: another tab may have used up the one that is remembered here. */
  get secret() {
    return read(this.#key).secret ?? this.#secret;
  }

  set secret(secret) {
    this.#secret = secret;
    if (this.#isAllowed) write(this.#key, { ...read(this.#key), secret });
  }

  /** A small choice of this browser, like sounds that are off. */
  recall(name) {
    return this.#isAllowed ? read(this.#key)[name] : undefined;
  }

  remember(name, choice) {
    if (this.#isAllowed) write(this.#key, { ...read(this.#key), [name]: choice });
  }

  /** Unsent messages of this browser, also of tabs that were closed; each with its owner. */
  get outbox() {
    return {
      load: () => (this.#isAllowed ? (read(this.#key).outbox ?? []).filter(isFresh) : []),
      save: (change) => this.#isAllowed && this.#changeOutbox(change),
      /** Everybody's. */
      clear: () => this.#changeOutbox(() => []),
    };
  }

  #changeOutbox(change) {
    const { outbox = [], ...rest } = read(this.#key);
    const changed = change(outbox.filter(isFresh));
    write(this.#key, changed.length ? { ...rest, outbox: changed } : rest);
  }
}

/** What nobody has come back for is not kept for ever. */
function isFresh({ at }) {
  return Date.now() - Date.parse(at) < OUTBOX_LIFE;
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
