/** The conversation as it stands on the page. */
import { dayOf, nameOfDay } from "./days.js";
import { drawMessage, growText, openToKeyboard, setState, settleIn } from "./message-view.js";
import { ScrollKeeper } from "./scroll-keeper.js";
import { say } from "./words.js";

export class Thread {
  #room = document.getElementById("thread");
  #list = document.getElementById("messages");
  #pill = document.getElementById("pill");
  #typing = document.getElementById("typing");
  #elements = new Map();
  #unseen = 0;
  #news = separator(say("news"), "news");
  #setting;
  #keeper = new ScrollKeeper(viewOf(this.#room));

  /** @param setting `{look}` */
  constructor(setting) {
    this.#setting = setting;
    this.#room.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#pill.addEventListener("click", () => this.#jump());
    // Opened at the end, sources would stand below what can be seen.
    this.#list.addEventListener("toggle", ({ target }) => target.open && target.scrollIntoView({ block: "nearest" }), true);
    new ResizeObserver(() => this.#elements.size && this.#keeper.settle()).observe(this.#room);
  }

  /** Take over what the server has rendered; answers the entries as `MessageStore.take` wants them. */
  adopt() {
    const rendered = [...this.#list.querySelectorAll("[data-message]")];
    const entries = rendered.map((element) => {
      const { message: id, seq, from, client } = element.dataset;
      settleIn(element);
      return { id, seq: Number(seq), from, clientId: client || null, at: element.querySelector(".time").dateTime };
    });
    return entries.map((entry, place) => ({ entry, bind: (kept) => this.#elements.set(kept, rendered[place]) }));
  }

  /** Show a message for the first time, before another or at the end. */
  add(entry, next) {
    const element = drawMessage(entry, this.#setting);
    this.#elements.set(entry, element);
    this.#list.insertBefore(element, this.#elements.get(next) ?? null);
    this.#arrived(entry, element);
  }

  /** The server's own version takes the place of what was pending or streaming. */
  replace(entry, next) {
    const element = drawMessage(entry, this.#setting);
    this.#elements.get(entry)?.remove();
    this.#elements.set(entry, element);
    this.#list.insertBefore(element, this.#elements.get(next) ?? null);
    openToKeyboard(element);
    this.#settle(element);
  }

  /** An own message got its place among the others. */
  confirm(entry, next) {
    const element = this.#elements.get(entry);
    element.dataset.message = entry.id;
    const follower = this.#elements.get(next) ?? null;
    if (element.nextElementSibling !== follower) this.#list.insertBefore(element, follower);
    setState(element, entry);
    this.#markDays();
  }

  grow(entry) {
    const element = this.#elements.get(entry);
    growText(element, entry);
    this.#settle(element);
  }

  mark(entry, note) {
    setState(this.#elements.get(entry), { state: entry.state, note });
    this.#keeper.settle();
  }

  remove(entry) {
    this.#elements.get(entry)?.remove();
    this.#elements.delete(entry);
    this.#markDays();
  }

  clear() {
    for (const element of this.#elements.values()) element.remove();
    this.#elements.clear();
    this.#markDays();
    this.showTyping(null);
  }

  /** @param name who is writing, or null for nobody */
  showTyping(name) {
    this.#typing.hidden = name === null;
    if (name !== null) this.#typing.querySelector(".who").textContent = say("writing", { name });
    this.#keeper.settle();
  }

  /** A line where reading stopped. */
  markNews(entry) {
    if (this.#news.isConnected) return;
    const element = this.#elements.get(entry);
    const before = element.previousElementSibling;
    (before?.matches(".day") ? before : element).before(this.#news);
  }

  forgetNews() {
    this.#news.remove();
  }

  /** Go to the newest message; before there is one, the greeting is read from its start. */
  follow() {
    if (this.#elements.size) this.#keeper.follow();
    this.#showPill();
  }

  /** What was said earlier is there: stand at its end, or where its last reply begins. */
  recall() {
    this.follow();
    const last = [...this.#elements.values()].at(-1);
    if (last) this.#settle(last);
  }

  #arrived(entry, element) {
    this.#markDays();
    openToKeyboard(element);
    if (entry.from === "customer" && entry.seq === null) return this.follow();
    this.#settle(element);
    if (!this.#keeper.isAtEnd) {
      this.#unseen += 1;
      this.markNews(entry);
    }
    this.#showPill();
  }

  #settle(element) {
    const isReply = element.dataset.from !== "customer";
    this.#keeper.settle(isReply ? element.offsetTop : undefined);
    this.#showPill();
  }

  #jump() {
    this.follow();
    this.#room.focus({ preventScroll: true });
  }

  #scrolled() {
    this.#keeper.moved();
    this.#showPill();
  }

  #showPill() {
    if (this.#keeper.isAtEnd) this.#unseen = 0;
    this.#pill.hidden = this.#keeper.isAtEnd || !this.#elements.size;
    this.#pill.querySelector("span").textContent = say(this.#unseen ? "new_messages" : "more_below", { count: this.#unseen });
  }

  /** Only what is wrong is touched: a screen reader would read a separator that comes anew. */
  #markDays() {
    let day = null;
    for (const element of this.#list.querySelectorAll("[data-message]")) {
      const moment = element.querySelector(".time").dateTime;
      const before = element.previousElementSibling?.matches(".day") ? element.previousElementSibling : null;
      if (dayOf(moment) === day) before?.remove();
      else if (!before) element.before(separator(nameOfDay(moment)));
      day = dayOf(moment);
    }
    if (day === null) this.#list.replaceChildren();
    document.body.classList.toggle("is-empty", day === null);
  }

  /** Days stand between messages once the reader's clock is known. */
  settleIn() {
    this.#markDays();
    // Scrolling asks for a layout, which an empty chat that is not yet seen can do without.
    if (this.#elements.size) this.follow();
  }
}

function separator(words, className = "day") {
  const element = document.createElement("p");
  element.className = className;
  element.textContent = words;
  return element;
}

function viewOf(room) {
  return {
    get top() {
      return room.scrollTop;
    },
    set top(top) {
      room.scrollTop = top;
    },
    get height() {
      return room.clientHeight;
    },
    get content() {
      return room.scrollHeight;
    },
  };
}
