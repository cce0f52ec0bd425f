import assert from "node:assert/strict";
import { test } from "node:test";

import { Keeping } from "../../static/js/widget/frame/keeping.js";

const KEY = "porchlight:a1";
const item = (clientId, at = new Date().toISOString()) => ({ clientId, text: clientId, at, owner: "customer ann" });
const ids = (items) => items.map(({ clientId }) => clientId);

/** A browser that keeps cookies and storage, or one of them, or nothing. */
function makeBrowser({ cookies = true, storage = true } = {}) {
  const kept = new Map();
  let cookie = "";
  globalThis.document = {
    get cookie() {
      return cookie;
    },
    set cookie(text) {
      if (cookies) cookie = text.includes("Max-Age=0") ? "" : text;
    },
  };
  const allowed = (run) => {
    if (!storage) throw new Error("SecurityError");
    return run();
  };
  globalThis.localStorage = {
    getItem: (key) => allowed(() => kept.get(key) ?? null),
    setItem: (key, text) => allowed(() => kept.set(key, text)),
    removeItem: (key) => allowed(() => kept.delete(key)),
  };
  return kept;
}

test("before the chat is opened nothing is written", () => {
  const kept = makeBrowser();
  const keeping = new Keeping("a1");
  keeping.secret = "s1";
  keeping.outbox.save(() => [item("x")]);
  assert.equal(kept.size, 0);
  assert.equal(keeping.secret, "s1");
});

test("what was remembered while nothing might be kept is kept once it may", () => {
  const kept = makeBrowser({ cookies: false });
  const keeping = new Keeping("a1");
  keeping.secret = "s1";
  keeping.allow();
  assert.deepEqual(JSON.parse(kept.get(KEY)), { secret: "s1" });
});

test("the right to come back lies in a cookie, or with the frame", () => {
  const placeWith = (browser) => {
    makeBrowser(browser);
    const keeping = new Keeping("a1");
    keeping.allow();
    return keeping.place;
  };
  assert.deepEqual([placeWith({}), placeWith({ cookies: false }), placeWith({ cookies: false, storage: false })], [
    "cookie",
    "frame",
    "frame",
  ]);
});

test("a browser that keeps nothing remembers as long as the page is there", () => {
  makeBrowser({ cookies: false, storage: false });
  const keeping = new Keeping("a1");
  keeping.allow();
  keeping.secret = "s1";
  keeping.outbox.save(() => [item("x")]);
  assert.equal(keeping.secret, "s1");
  assert.deepEqual(keeping.outbox.load(), []);
});

test("another tab's newer secret comes before the one remembered here", () => {
  makeBrowser({ cookies: false });
  const [one, other] = [new Keeping("a1"), new Keeping("a1")];
  one.allow();
  other.allow();
  one.secret = "s1";
  other.secret = "s2";
  assert.equal(one.secret, "s2");
});

test("what another tab has got meanwhile outlives what this one has lost", () => {
  makeBrowser({ cookies: false });
  const [one, other] = [new Keeping("a1"), new Keeping("a1")];
  one.allow();
  other.allow();
  one.secret = "s1";
  other.secret = "s2";
  one.drop();
  assert.equal(one.secret, "s2");
  other.drop();
  assert.equal(one.secret, undefined);
});

test("a consent that is taken back takes along what was kept, not the chat", () => {
  const kept = makeBrowser({ cookies: false });
  const keeping = new Keeping("a1");
  keeping.allow();
  keeping.secret = "s1";
  keeping.outbox.save(() => [item("x")]);
  keeping.allow(false);
  assert.equal(kept.size, 0);
  assert.deepEqual([keeping.secret, keeping.place], ["s1", "frame"]);
});

test("what nobody came back for within a week is gone", () => {
  makeBrowser();
  const keeping = new Keeping("a1");
  keeping.allow();
  const days = (count) => new Date(Date.now() - count * 86_400_000).toISOString();
  keeping.outbox.save(() => [item("old", days(8)), item("new", days(6)), { clientId: "undated" }]);
  assert.deepEqual(ids(keeping.outbox.load()), ["new"]);
});

test("who signs out takes along everybody's unsent messages, and then the secret", () => {
  const kept = makeBrowser({ cookies: false });
  const keeping = new Keeping("a1");
  keeping.allow();
  keeping.secret = "s1";
  keeping.outbox.save(() => [item("x"), { ...item("y"), owner: "customer bob" }]);
  keeping.outbox.clear();
  assert.deepEqual(JSON.parse(kept.get(KEY)), { secret: "s1" });
  keeping.clear();
  assert.deepEqual([kept.size, keeping.secret], [0, undefined]);
});
