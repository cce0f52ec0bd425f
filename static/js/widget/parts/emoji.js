/** The emoji picker: by category, by word in the widget's language, and what was used lately where that may be kept. */
import { draw } from "./drawing.js";

const MOST_RECENT = 16;
const MOST_FOUND = 80;
const TONES = ["", "🏻", "🏼", "🏽", "🏾", "🏿"];
const HAND = "✋";
let catalogue = null;

/** Open the picker, or close it where it is open. The admin opens it, too, on a stage of its own. */
export default async function toggle(stage, button) {
  if (stage.front?.isEmoji) return stage.front.close();
  catalogue ??= await load(stage.emojiData ?? JSON.parse(document.body.dataset.parts)["emoji-data"]);
  stage.front?.close();
  new Picker(stage, button).open();
}

async function load(address) {
  const groups = await (await fetch(address)).json();
  const shown = groups.map(([name, rows]) => ({ name, rows: rows.map(([emoji, words, tones]) => ({ emoji, words, tones })) }));
  return { groups: shown, byEmoji: new Map(shown.flatMap(({ rows }) => rows.map((row) => [row.emoji, row]))) };
}

class Picker {
  isEmoji = true;
  #stage;
  #button;
  #field = document.querySelector("#composer textarea");
  #room = draw("div", { className: "emoji-room" });
  #search;
  #view;
  #tone;
  #away = (event) => this.#view.contains(event.target) || this.#button.contains(event.target) || this.close();

  constructor(stage, button) {
    const { say, keeping } = stage;
    this.#stage = stage;
    this.#button = button;
    this.#tone = keeping.recall("tone") ?? 0;
    this.#search = draw("input", { type: "search", placeholder: say("emoji_search"), ariaLabel: say("emoji_search"), autocomplete: "off" });
    this.#search.oninput = () => this.#fill();
    this.#view = draw("div", { className: "emoji-picker", role: "dialog", ariaLabel: say("emoji_open") }, [
      draw("div", { className: "emoji-top" }, [this.#search, this.#tones()]),
      draw("p", { className: "unseen", role: "status" }),
      this.#room,
    ]);
    // A browser may not know it as a property.
    this.#view.setAttribute("aria-label", say("emoji_open"));
    this.#search.setAttribute("aria-label", say("emoji_search"));
    this.#view.onkeydown = (event) => this.#steer(event);
    this.#room.onclick = ({ target }) => this.#pick(target.closest("button"));
  }

  open() {
    document.getElementById("composer").before(this.#view);
    this.#fill();
    this.#stage.front = this;
    this.#button.setAttribute("aria-expanded", "true");
    document.addEventListener("pointerdown", this.#away);
    this.#search.focus();
  }

  /** Answers whether there was anything to close. */
  close() {
    if (!this.#view.isConnected) return false;
    const hadFocus = this.#view.contains(document.activeElement);
    this.#view.remove();
    this.#stage.front = null;
    this.#button.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", this.#away);
    if (hadFocus) this.#stage.composer.focus();
    return true;
  }

  #fill() {
    const words = this.#search.value.trim().toLocaleLowerCase();
    const groups = words ? [{ name: "", rows: found(words) }] : [...this.#recent(), ...catalogue.groups];
    this.#room.replaceChildren(...groups.filter(({ rows }) => rows.length).map((group) => this.#section(group)));
    const none = words && !groups[0].rows.length ? this.#stage.say("emoji_none") : "";
    if (none) this.#room.append(draw("p", { className: "emoji-none" }, [none]));
    this.#view.querySelector("[role=status]").textContent = none;
    this.#room.scrollTop = 0;
    this.#enter(this.#buttons[0]);
  }

  #recent() {
    const kept = this.#stage.keeping.recall("emoji") ?? [];
    const rows = kept.map((emoji) => catalogue.byEmoji.get(emoji)).filter(Boolean);
    return [{ name: this.#stage.say("emoji_recent"), rows }];
  }

  #section({ name, rows }) {
    const grid = draw("div", { className: "emoji-grid" }, rows.map((row) => this.#drawn(row)));
    return draw("section", {}, [name && draw("h3", {}, [name]), grid]);
  }

  #drawn({ emoji, words, tones }) {
    const [label] = words.split("|");
    const button = draw("button", { type: "button", tabIndex: -1, title: label }, [tones ? toned(emoji, this.#tone) : emoji]);
    button.setAttribute("aria-label", label);
    button.dataset.emoji = emoji;
    return button;
  }

  get #buttons() {
    return [...this.#room.querySelectorAll("button")];
  }

  #pick(button) {
    if (!button) return;
    const { keeping } = this.#stage;
    const { emoji } = button.dataset;
    this.#field.setRangeText(button.textContent, this.#field.selectionStart, this.#field.selectionEnd, "end");
    this.#field.dispatchEvent(new Event("input", { bubbles: true }));
    keeping.remember("emoji", [emoji, ...(keeping.recall("emoji") ?? []).filter((kept) => kept !== emoji)].slice(0, MOST_RECENT));
  }

  #tones() {
    const set = draw("fieldset", { className: "emoji-tones" }, [draw("legend", { className: "unseen" }, [this.#stage.say("emoji_skin")])]);
    TONES.forEach((tone, number) => {
      const choice = draw("input", { type: "radio", name: "emoji-tone", className: "unseen", checked: number === this.#tone });
      choice.setAttribute("aria-label", `${this.#stage.say("emoji_skin")} ${number + 1}`);
      choice.onchange = () => this.#change(number);
      set.append(draw("label", {}, [choice, draw("span", { ariaHidden: "true" }, [HAND + tone])]));
    });
    return set;
  }

  #change(tone) {
    this.#tone = tone;
    this.#stage.keeping.remember("tone", tone);
    this.#fill();
  }

  /** One of the emoji can be reached by Tab; the arrows lead from there to all others. */
  #enter(button) {
    for (const other of this.#room.querySelectorAll("[tabindex='0']")) other.tabIndex = -1;
    if (button) button.tabIndex = 0;
  }

  #steer(event) {
    const isInSearch = event.target === this.#search;
    if (!isInSearch && !event.target.closest(".emoji-grid")) return;
    const next = isInSearch ? this.#fromSearch(event.key) : this.#nextTo(event.target, event.key);
    if (!next) return;
    event.preventDefault();
    if (next === true) return;
    this.#enter(next);
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  /** Enter takes the first that was found. */
  #fromSearch(key) {
    const [first] = this.#buttons;
    if (key === "ArrowDown") return first;
    if (key !== "Enter") return null;
    if (this.#search.value.trim()) this.#pick(first);
    return true;
  }

  #nextTo(button, key) {
    const buttons = this.#buttons;
    const place = buttons.indexOf(button);
    const onward = getComputedStyle(this.#room).direction === "rtl" ? -1 : 1;
    const steps = { ArrowRight: onward, ArrowLeft: -onward, Home: -place, End: buttons.length - 1 - place };
    if (key in steps) return buttons[place + steps[key]];
    if (key !== "ArrowUp" && key !== "ArrowDown") return null;
    return above(button, key === "ArrowUp" ? buttons.slice(0, place).reverse() : buttons.slice(place + 1)) ?? (key === "ArrowUp" ? this.#search : null);
  }
}

/** The nearest one of the next row, in the direction in which the others are listed. */
function above(button, others) {
  const { left, top } = button.getBoundingClientRect();
  const row = others.find((other) => other.getBoundingClientRect().top !== top)?.getBoundingClientRect().top;
  const inRow = others.filter((other) => other.getBoundingClientRect().top === row);
  return inRow.sort((one, other) => gap(one, left) - gap(other, left))[0];
}

function gap(button, left) {
  return Math.abs(button.getBoundingClientRect().left - left);
}

/** Those whose name begins with it first. */
function found(words) {
  const wanted = words.split(/\s+/);
  const rows = catalogue.groups.flatMap((group) => group.rows).filter((row) => wanted.every((word) => row.words.toLocaleLowerCase().includes(word)));
  const rank = ({ words: all }) => (all.toLocaleLowerCase().startsWith(words) ? 0 : all.toLocaleLowerCase().includes(`|${words}`) ? 1 : 2);
  return rows.sort((one, other) => rank(one) - rank(other)).slice(0, MOST_FOUND);
}

function toned(emoji, tone) {
  if (!tone) return emoji;
  const [first, ...rest] = [...emoji];
  return first + TONES[tone] + rest.filter((sign, place) => place > 0 || sign !== "\ufe0f").join("");
}
