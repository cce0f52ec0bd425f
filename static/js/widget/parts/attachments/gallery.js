/** The files of messages: pictures at their place and size before they are there, anything else as a card. */
import { draw } from "../drawing.js";
import { drawName, drawSheet, isPicture, kindOf, sizeInWords } from "./pieces.js";
import { Viewer } from "./viewer.js";

const PATIENCE = 120_000;
const NEAR = 48;

export class Gallery {
  #stage;
  #viewer;
  #addresses = new Map();
  #who = null;
  #seen;

  constructor(stage) {
    this.#stage = stage;
    this.#viewer = new Viewer(stage);
    this.#seen = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) this.#load(target);
    });
  }

  /** The browser has this one itself: it need not be fetched again. */
  know(id, address) {
    this.#addresses.set(id, Promise.resolve(address));
  }

  /** Show the files of a message that is on the page; once, however often it is told. */
  show({ id, clientId, text, attachments }) {
    this.#keepApart();
    const find = (number) => number && document.querySelector(`#messages [data-message="${CSS.escape(number)}"]`);
    const element = find(id) || find(clientId);
    if (!element || element.querySelector(".files.is-drawn")) return;
    const room = document.getElementById("thread");
    const isAtEnd = room.scrollHeight - room.clientHeight - room.scrollTop <= NEAR;
    const bubble = element.querySelector(".bubble");
    bubble.hidden = !text;
    const files = draw("ul", { className: "files is-drawn" }, attachments.map((file) => this.#draw(file)));
    element.querySelector(".files")?.remove();
    bubble.after(files);
    if (isAtEnd) room.scrollTop = room.scrollHeight;
  }

  /** What one customer has looked at is nothing for the next. */
  #keepApart() {
    const who = this.#stage.session.who?.conversation ?? null;
    if (this.#who !== null && who !== this.#who) {
      for (const address of this.#addresses.values()) address.then(URL.revokeObjectURL, () => {});
      this.#addresses.clear();
    }
    this.#who = who ?? this.#who;
  }

  #draw(file) {
    return draw("li", {}, [isPicture(file) ? this.#picture(file) : this.#card(file)]);
  }

  #picture(file) {
    const image = draw("img", { alt: file.name, width: file.width, height: file.height });
    const button = draw("button", { type: "button", className: "picture", ariaLabel: this.#stage.say("file_open", { name: file.name }) }, [image]);
    button.style.setProperty("--ratio", file.width / file.height);
    button.onclick = () => this.#open(file, button);
    button.file = file;
    this.#seen.observe(button);
    return button;
  }

  async #load(button) {
    this.#seen.unobserve(button);
    try {
      button.firstChild.src = await this.#address(button.file);
    } catch {
      button.classList.add("is-missing");
    }
  }

  #open(file, button) {
    return this.#stage.attempt(async () => {
      const address = await this.#address(file);
      button.firstChild.src = address;
      button.classList.remove("is-missing");
      this.#viewer.open(file, address);
    }, this.#stage.say("file_not_loaded"));
  }

  #card(file) {
    const { say, locale } = this.#stage;
    const label = say("file_save", { name: file.name });
    const what = draw("span", { className: "file-kind" }, [`${kindOf(file)} · ${sizeInWords(file.size, locale())}`]);
    const button = draw("button", { type: "button", className: "file-card", ariaLabel: label }, [drawSheet(), draw("span", {}, [drawName(file.name), what])]);
    button.onclick = () => this.#save(file, button);
    return button;
  }

  #save(file, button) {
    if (button.getAttribute("aria-busy")) return null;
    button.setAttribute("aria-busy", "true");
    return this.#stage
      .attempt(async () => draw("a", { href: await this.#address(file), download: file.name }).click(), this.#stage.say("file_not_loaded"))
      .finally(() => button.removeAttribute("aria-busy"));
  }

  /** Fetched with the session's token, and shown from memory: no address opens it to anybody else. */
  #address({ id, url }) {
    if (!this.#addresses.has(id)) {
      const address = this.#stage.session.lend((token) => fetchFile(url, token)).then((blob) => URL.createObjectURL(blob));
      this.#addresses.set(id, address);
      address.catch(() => this.#addresses.delete(id));
    }
    return this.#addresses.get(id);
  }
}

async function fetchFile(url, token) {
  const response = await fetch(url, { headers: { "X-Widget-Token": token }, signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
  if (response?.ok) return response.blob();
  const { error = {} } = (await response?.json().catch(() => null)) ?? {};
  throw Object.assign(new Error(""), { code: error.code ?? "unreachable", status: response?.status ?? 0, retryAfter: error.retryAfter ?? 0, mayPass: !response });
}
