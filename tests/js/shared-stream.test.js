import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

globalThis.EventSource ??= class {
  static CONNECTING = 0;
  static OPEN = 1;
  static CLOSED = 2;
};
globalThis.document = Object.assign(new EventTarget(), { visibilityState: "visible" });

const { SharedStream } = await import("../../static/js/admin/shared-stream.js");

/** Locks as browsers have them (Web Locks API), for one name. */
class Locks {
  #queue = [];
  #holder = null;

  request(_name, { signal, steal }, hold) {
    return new Promise((resolve, reject) => {
      const wish = { hold, resolve, reject };
      if (steal) {
        this.#holder?.reject(new DOMException("stolen", "AbortError"));
        this.#grant(wish);
        return;
      }
      this.#queue.push(wish);
      signal.addEventListener("abort", () => {
        this.#queue = this.#queue.filter((one) => one !== wish);
        reject(new DOMException("given up", "AbortError"));
      });
      this.#next();
    });
  }

  #next() {
    if (!this.#holder && this.#queue.length) this.#grant(this.#queue.shift());
  }

  async #grant(wish) {
    this.#holder = wish;
    wish.resolve(await wish.hold());
    if (this.#holder === wish) this.#holder = null;
    this.#next();
  }
}

let locks, tabs, readers, number = 0;

beforeEach(() => {
  [locks, tabs, readers] = [new Locks(), [], []];
  number += 1;
});

afterEach(() => {
  for (const tab of tabs) tab.source.close();
  mock.timers.reset();
});

/** What a tab hears; of the reader, the connection to the server. */
function openTab() {
  const tab = { told: [], opened: 0 };
  const read = (_url, signal, told) =>
    new Promise((resolve) => {
      const reader = { tab, told, signal };
      readers.push(reader);
      signal.addEventListener("abort", () => (readers.splice(readers.indexOf(reader), 1), resolve()));
    });
  tab.source = new SharedStream("/events", `stream ${number}`, { locks, read });
  for (const name of ["look", "change"]) tab.source.addEventListener(name, ({ data }) => tab.told.push(`${name}${data}`));
  tab.source.onopen = () => (tab.opened += 1);
  tabs.push(tab);
  return tab;
}

function serve() {
  const [reader] = readers;
  reader.told.open();
  reader.told.event({ event: "look", data: "" });
  return reader;
}

async function settle() {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function pass(seconds) {
  for (let passed = 0; passed < seconds; passed += 1) {
    mock.timers.tick(1_000);
    await settle();
  }
}

test("one tab reads, and all hear the same in the same order", async () => {
  const [first, second] = [openTab(), openTab()];
  await settle();
  assert.deepEqual(readers.map(({ tab }) => tab), [first]);
  const reader = serve();
  for (const data of ["1", "2"]) reader.told.event({ event: "change", data });
  await settle();
  assert.deepEqual(first.told, ["look", "change1", "change2"]);
  assert.deepEqual(second.told, first.told);
  assert.equal(second.opened, 1);
});

test("a tab that joins late asks for all that it shows, and hears what follows", async () => {
  openTab();
  await settle();
  const reader = serve();
  reader.told.event({ event: "change", data: "1" });
  await settle();
  const late = openTab();
  await settle();
  assert.deepEqual(late.told, ["look"]);
  reader.told.event({ event: "change", data: "2" });
  await settle();
  assert.deepEqual(late.told, ["look", "change2"]);
});

test("when the reader is closed the next one reads, and everybody looks again", async () => {
  const [first, second, third] = [openTab(), openTab(), openTab()];
  await settle();
  serve();
  await settle();
  first.source.close();
  await settle();
  assert.deepEqual(readers.map(({ tab }) => tab), [second]);
  serve();
  await settle();
  assert.deepEqual(third.told, ["look", "look"]);
  assert.equal(first.source.readyState, EventSource.CLOSED);
});

test("a reader that does not answer is replaced, and steps back when it wakes", async () => {
  mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  const [first, second] = [openTab(), openTab()];
  await settle();
  // Its connection is there, but a phone has put its tab to sleep: it neither reads nor answers.
  mock.timers.tick(5_000);
  await settle();
  assert.deepEqual(readers.map(({ tab }) => tab), [second]);
  serve();
  await settle();
  assert.deepEqual([first.told, second.told], [["look"], ["look"]]);
  await pass(60);
  assert.deepEqual(readers.map(({ tab }) => tab), [second], "one that answers stays");
  second.source.close();
  await settle();
  assert.deepEqual(readers.map(({ tab }) => tab), [first]);
});

test("a tab that nobody looks at takes nothing", async () => {
  mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  const first = openTab();
  document.visibilityState = "hidden";
  openTab();
  await pass(60);
  assert.deepEqual(readers.map(({ tab }) => tab), [first]);
  document.visibilityState = "visible";
});
