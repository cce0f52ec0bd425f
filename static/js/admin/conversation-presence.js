/**
 * Who else is in the open conversation, and who writes; tells the others the same of this page, and how far it was read.
 * Nothing of it is stored: pages tell each other, and what is not told again is forgotten.
 */
const TELL_EVERY = 15_000;
const GONE_AFTER = 40_000;
const WRITING_FOR = 6_000;
const WRITE_EVERY = 3_000;

/** The inbox holds one stream; it is opened anew after each break. */
let source = null;
document.addEventListener("htmx:sseOpen", ({ detail }) => {
  source = detail.source;
  document.querySelector("conversation-presence")?.listen();
});

export class ConversationPresence extends HTMLElement {
  #others = new Map();
  #customer = null;
  #doing = "here";
  #wroteAt = 0;
  #timers = [];
  #listeningTo = null;
  #observer = new MutationObserver(() => this.#read());
  #newest = "";
  #seen = 0;

  connectedCallback() {
    this.listen();
    this.#timers = [setInterval(() => this.#tell(), TELL_EVERY), setInterval(() => this.#forget(), 1_000)];
    document.addEventListener("visibilitychange", this.#looked);
    addEventListener("pagehide", this.#leave);
    addEventListener("focus", this.#looked);
    this.#panel.addEventListener("input", this.#typed);
    const thread = document.getElementById("thread");
    if (thread) this.#observer.observe(thread, { childList: true, subtree: true });
    this.#newest = this.#newestId();
    this.#tell({ asks: true });
  }

  disconnectedCallback() {
    for (const timer of this.#timers) clearInterval(timer);
    this.#observer.disconnect();
    this.#listeningTo?.removeEventListener(this.#event, this.#hear);
    document.removeEventListener("visibilitychange", this.#looked);
    removeEventListener("pagehide", this.#leave);
    removeEventListener("focus", this.#looked);
    this.#leave();
  }

  /** Hear from the stream that is open now. */
  listen() {
    if (source === this.#listeningTo) return;
    this.#listeningTo?.removeEventListener(this.#event, this.#hear);
    this.#listeningTo = source;
    source?.addEventListener(this.#event, this.#hear);
    this.#tell({ asks: true });
  }

  get #event() {
    return `presence-${this.dataset.conversation}`;
  }

  get #panel() {
    return this.closest(".conversation");
  }

  get #isLooking() {
    return document.visibilityState === "visible";
  }

  #newestId() {
    return document.querySelector("#thread .said > .message:last-of-type")?.id ?? "";
  }

  /** The number of the last message on the page. */
  #lastSeq() {
    const said = [...document.querySelectorAll("#thread .said > [id^=message-]")].at(-1);
    return Number(said?.id.replace("message-", "") ?? 0);
  }

  #hear = ({ data }) => {
    const told = JSON.parse(data);
    if (told.teammate === null) this.#customer = { name: told.name, until: Date.now() + WRITING_FOR };
    else if (told.teammate !== this.dataset.reader) this.#note(told);
    this.#show();
  };

  #note({ teammate, name, doing, asks }) {
    if (doing === "gone") this.#others.delete(teammate);
    else this.#others.set(teammate, { name, doing, until: Date.now() + (doing === "here" ? GONE_AFTER : WRITING_FOR) });
    if (asks) this.#tell();
  }

  /** Who has not been heard of for a while has stopped writing, or left. */
  #forget() {
    const now = Date.now();
    for (const [teammate, other] of this.#others) {
      if (other.until > now) continue;
      if (other.doing === "here") this.#others.delete(teammate);
      else Object.assign(other, { doing: "here", until: now + GONE_AFTER });
    }
    if (this.#customer?.until <= now) this.#customer = null;
    if (this.#doing !== "here" && now - this.#wroteAt > WRITING_FOR) this.#doing = "here";
    this.#show();
  }

  #show() {
    const [writing, others] = this.children;
    setText(writing, this.#customer ? `${this.#customer.name} is writing…` : "");
    setText(others, sentenceOf([...this.#others.values()]));
    this.toggleAttribute("data-somebody-writes", [...this.#others.values()].some(({ doing }) => doing === "writing"));
  }

  #typed = ({ target }) => {
    if (target.name !== "text" || !target.value.trim()) return;
    const now = Date.now();
    const doing = target.form?.elements.mode?.value === "note" ? "noting" : "writing";
    if (doing === this.#doing && now - this.#wroteAt < WRITE_EVERY) return;
    this.#doing = doing;
    this.#wroteAt = now;
    this.#tell();
  };

  #looked = () => {
    if (this.#isLooking) this.#tell({ asks: true });
    else this.#leave();
  };

  /** Something new stands in the thread: what was being written is there, and is read when somebody looks. */
  #read() {
    const newest = this.#newestId();
    if (newest !== this.#newest) {
      if (document.getElementById(newest)?.dataset.from === "customer") this.#customer = null;
      this.#doing = "here";
      this.#newest = newest;
      this.#show();
    }
    if (this.#isLooking && this.#lastSeq() > this.#seen) this.#tell();
  }

  #leave = () => this.#send({ doing: "gone" });

  #tell({ asks = false } = {}) {
    if (!this.#isLooking) return;
    this.#seen = this.#lastSeq();
    this.#send({ doing: this.#doing, seen: this.#seen, asks: asks ? 1 : 0 });
  }

  #send(what) {
    const body = new URLSearchParams({ ...what, csrf_token: this.dataset.token });
    // It is told again soon; a page that is being left may still tell it.
    fetch(this.dataset.address, { method: "POST", body, keepalive: true }).catch(() => {});
  }
}

/** Who is here and who writes, in one sentence. */
export function sentenceOf(others) {
  const does = (what) => others.filter(({ doing }) => doing === what).map(({ name }) => name);
  const told = [
    [does("writing"), "writing to the customer"],
    [does("noting"), "writing a note"],
    [does("here"), "here, too"],
  ];
  return told
    .filter(([names]) => names.length)
    .map(([names, what]) => `${listed(names)} ${names.length > 1 ? "are" : "is"} ${what}.`)
    .join(" ");
}

function listed(names) {
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0];
}

/** A live region is read aloud each time it is written to, even with the same words. */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
  element.hidden = !text;
}
customElements.define("conversation-presence", ConversationPresence);
