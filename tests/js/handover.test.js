import assert from "node:assert/strict";
import { test } from "node:test";

import { takeHandedOver } from "../../static/js/widget/frame/handover.js";
import { isWelcome } from "../../static/js/widget/parts/welcome.js";

/** A window at an address; what was done to it is written down. */
function windowAt(address) {
  const { pathname, search, hash } = new URL(address, "https://chat.example.com");
  const done = { addresses: [], warnings: [] };
  return {
    done,
    location: { pathname, search, hash },
    history: { state: null, replaceState: (_state, _title, url) => done.addresses.push(url) },
    console: { warn: (words) => done.warnings.push(words) },
  };
}

test("a token behind the # is taken and leaves the address", () => {
  const frame = windowAt("/widget/a1?mode=inline#customerToken=e30.e30.c2ln");
  assert.equal(takeHandedOver(frame), "e30.e30.c2ln");
  assert.deepEqual(frame.done, { addresses: ["/widget/a1?mode=inline"], warnings: [] });
});

test("an empty one says that the customer has signed out", () => {
  const frame = windowAt("/chat/a1#customerToken=");
  assert.equal(takeHandedOver(frame), "");
  assert.deepEqual(frame.done.addresses, ["/chat/a1"]);
});

test("an address without one is left alone", () => {
  const frame = windowAt("/chat/a1#top");
  assert.equal(takeHandedOver(frame), undefined);
  assert.deepEqual(frame.done, { addresses: [], warnings: [] });
});

test("a token in the query is not taken, leaves the address, and the developer is told", () => {
  const frame = windowAt("/widget/a1?mode=inline&customerToken=e30.e30.c2ln");
  assert.equal(takeHandedOver(frame), undefined);
  assert.deepEqual(frame.done.addresses, ["/widget/a1?mode=inline"]);
  assert.equal(frame.done.warnings.length, 1);
  assert.doesNotMatch(frame.done.warnings[0], /e30/);
});

test("of both, only the one behind the # counts", () => {
  const frame = windowAt("/chat/a1?customerToken=old#customerToken=new");
  assert.equal(takeHandedOver(frame), "new");
  assert.deepEqual(frame.done.addresses, ["/chat/a1"]);
});

const ANNA = `e30.${btoa(JSON.stringify({ sub: "c-1", name: "Anna" }))}.c2ln`;

/** A browser in which the reader gives these answers. */
function reader(...answers) {
  const kept = new Map();
  const asked = [];
  const storage = () => ({ getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) });
  const ask = async (name) => (asked.push(name), answers.shift());
  return { asked, agent: "a1", storage, ask };
}

test("a link that says who somebody is asks once", async () => {
  const anna = reader(true);
  assert.equal(await isWelcome(ANNA, anna), true);
  assert.equal(await isWelcome(ANNA, anna), true);
  assert.deepEqual(anna.asked, ["Anna"]);
});

test("somebody else's link is not taken, and asks again the next time", async () => {
  const bert = reader(false, false);
  assert.equal(await isWelcome(ANNA, bert), false);
  assert.equal(await isWelcome(ANNA, bert), false);
  assert.equal(bert.asked.length, 2);
});

test("where nothing can be kept it is asked each time, and a token that names nobody too", async () => {
  const closed = { ...reader(true, true), storage: () => { throw new Error("closed"); } };
  assert.equal(await isWelcome(ANNA, closed), true);
  assert.equal(await isWelcome(ANNA, closed), true);
  const nobody = reader(true, true);
  await isWelcome("x", nobody);
  await isWelcome("x", nobody);
  assert.deepEqual(nobody.asked, ["", ""]);
});
