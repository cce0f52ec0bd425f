/** The way to the page that shows this frame: a port handed over by its loader, or nothing where there is none. */
import { Problem } from "./api.js";
import { takeHandedOver } from "./handover.js";
import { fetchPart } from "./parts.js";
import { say } from "./words.js";

const PATIENCE = 10_000;

export class Bridge {
  #port = null;
  #heard;
  #asking = null;
  #answer = null;
  #handedOver;

  /** @param heard called with each message of the loader, and first with `{type: "connect", parentOrigin, …}` */
  constructor(heard) {
    this.#heard = heard;
  }

  /** Wait for the loader. Only the direct parent may connect, and only it learns that somebody is here. */
  greet() {
    addEventListener("message", (event) => {
      if (event.source === parent && event.data?.type === "porchlight:connect" && event.ports[0]) this.#connect(event);
    });
    parent.postMessage({ type: "porchlight:hello" }, "*");
  }

  /** The page has no loader: an iframe by itself, or the direct link. A token can come behind the `#`, at any time. */
  standAlone() {
    this.#heard({ type: "connect", parentOrigin: parent === window ? location.origin : embeddingOrigin() });
    this.#receive();
    addEventListener("hashchange", () => this.#receive());
  }

  tell(type, content) {
    this.#port?.postMessage({ type, ...content });
  }

  emit(name, detail) {
    this.tell("event", { name, detail });
  }

  /**
   * The site's signed word about its customer, asked for anew for each session.
   *
   * @throws {Problem} when the site has announced one and does not give it: somebody else's history must not show up
   */
  async customerToken() {
    const token = this.#handedOver ?? (await this.#ask());
    if (!token) throw new Problem("customer_token_refused", "The website gave no customer token.", { status: 401 });
    return token;
  }

  #ask() {
    this.#asking ??= new Promise((resolve) => {
      this.#answer = resolve;
      this.tell("token");
      setTimeout(resolve, PATIENCE);
    }).finally(() => (this.#asking = null));
    return this.#asking;
  }

  async #receive() {
    const token = takeHandedOver(window);
    if (token === undefined) return;
    // In a frame the page around, which is allowed to embed us, answers for it. Nobody answers for a link.
    if (token && parent === window && !(await this.#isWelcome(token))) return;
    this.#handedOver = token;
    this.#heard(token ? { type: "identify", customerToken: true } : { type: "logout" });
  }

  async #isWelcome(token) {
    try {
      return await (await fetchPart("hand-over")).isWelcome(token, document.body.dataset, say);
    } catch {
      return false;
    }
  }

  #connect(event) {
    this.#port = event.ports[0];
    this.#port.onmessage = ({ data }) => (data.type === "token" ? this.#answer?.(data.token) : this.#heard(data));
    this.#heard({ type: "connect", parentOrigin: event.origin });
  }
}

/** Best effort without a loader: not every browser tells, and a page may withhold its referrer. */
function embeddingOrigin() {
  const ancestor = location.ancestorOrigins?.[0];
  if (ancestor) return ancestor;
  try {
    return new URL(document.referrer).origin;
  } catch {
    return "";
  }
}
