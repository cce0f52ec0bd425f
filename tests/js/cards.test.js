import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import show from "../../static/js/widget/parts/cards.js";

/** As much of an element as the part touches. */
class Element {
  content = [];
  heard = {};

  constructor(tag) {
    this.tag = tag;
  }

  append(...content) {
    this.content.push(...content);
    for (const child of content) if (child instanceof Element) child.parent = this;
  }

  addEventListener(kind, run) {
    this.heard[kind] = run;
  }

  remove() {
    this.parent.content = this.parent.content.filter((child) => child !== this);
  }

  get text() {
    return this.content.map((child) => child.text ?? child).join("|");
  }

  all(tag) {
    const found = this.content.flatMap((child) => (child instanceof Element ? child.all(tag) : []));
    return this.tag === tag ? [this, ...found] : found;
  }
}

const LAMP = { title: "Lamp", text: "Bright", price: "9 €", note: "Sold out", choices: ["red", "blue"], picture: "/p/1", link: "https://shop.example/lamp", look: "Look" };
let shown, room, asked;

beforeEach(() => {
  shown = null;
  asked = [];
  room = { scrollHeight: 1_000, clientHeight: 400, scrollTop: 580 };
  const bubble = { after: (list) => ((shown = list), (room.scrollHeight += 300)) };
  const message = { querySelector: (selector) => (selector === ".bubble" ? bubble : shown) };
  globalThis.CSS = { escape: (text) => text.replaceAll('"', '\\"') };
  globalThis.document = {
    createElement: (tag) => new Element(tag),
    getElementById: () => room,
    querySelector: (selector) => (asked.push(selector), selector.includes("gone") ? null : message),
  };
});

const cards = (...list) => show({}, { message: { id: "m1", extras: { cards: list } } });

test("a product has a title, a price, its choices, a picture and a link that leaves nothing behind", () => {
  cards(LAMP);
  assert.equal(shown.className, "goods-cards");
  assert.equal(shown.tabIndex, 0);
  assert.equal(shown.text, "|Lamp|9 €|Bright|red · blue|Sold out|Look");
  const [link] = shown.all("a");
  assert.deepEqual([link.href, link.target, link.rel], ["https://shop.example/lamp", "_blank", "noopener noreferrer"]);
  const [picture] = shown.all("img");
  assert.deepEqual([picture.src, picture.alt, picture.loading], ["/p/1", "", "lazy"]);
});

test("what a shop does not tell leaves no hole", () => {
  cards({ title: "Lamp", choices: [] }, { title: "Candle" });
  assert.deepEqual(shown.all("li").map(({ text }) => text), ["Lamp", "Candle"]);
  assert.deepEqual(["img", "a", "b", "small"].flatMap((tag) => shown.all(tag)), []);
});

test("words of a shop stay words", () => {
  cards({ title: "<img src=x onerror=alert(1)>", text: "<b>", look: "<i>", link: "https://shop.example/" });
  assert.deepEqual(shown.all("strong")[0].content, ["<img src=x onerror=alert(1)>"]);
  assert.equal(shown.all("img").length, 0);
});

test("a picture that cannot be had is taken away", () => {
  cards(LAMP);
  shown.all("img")[0].heard.error();
  assert.deepEqual(shown.all("img"), []);
  assert.equal(shown.all("strong")[0].text, "Lamp");
});

test("the same message has its cards once, and one that is gone has none", () => {
  cards(LAMP);
  const first = shown;
  cards(LAMP);
  assert.equal(shown, first);
  shown = null;
  show({}, { message: { id: 'gone"', extras: { cards: [LAMP] } } });
  assert.equal(shown, null);
  assert.equal(asked.at(-1), '#messages [data-message="gone\\""]');
});

test("who reads the newest message still does, and who reads an older one is left there", () => {
  cards(LAMP);
  assert.equal(room.scrollTop, room.scrollHeight);
  Object.assign(room, { scrollHeight: 1_000, scrollTop: 100 });
  shown = null;
  cards(LAMP);
  assert.equal(room.scrollTop, 100);
});
