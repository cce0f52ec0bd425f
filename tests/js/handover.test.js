import assert from "node:assert/strict";
import { test } from "node:test";

import { takeHandedOver } from "../../static/js/widget/frame/handover.js";

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
