import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Memory } from "../../static/js/widget/rules/memory.js";

beforeEach(() => (globalThis.window = { sessionStorage: {}, localStorage: {} }));

test("nothing is written before there is something to remember", () => {
  new Memory("a.rules", () => true).settle();
  assert.deepEqual(window, { sessionStorage: {}, localStorage: {} });
});

test("what one page writes the next one reads", () => {
  const first = new Memory("a.rules", () => true);
  first.visit.page = 1;
  first.ever.at = { b: 7 };
  first.settle();
  const second = new Memory("a.rules", () => true);
  assert.deepEqual([second.visit, second.ever], [{ page: 1 }, { at: { b: 7 } }]);
});

test("without consent nothing is read or written, and what was kept goes when it is taken back", () => {
  let mayKeep = false;
  const memory = new Memory("a.rules", () => mayKeep);
  memory.visit.page = 1;
  memory.settle();
  assert.deepEqual(window.sessionStorage, {});
  mayKeep = true;
  memory.settle();
  assert.deepEqual(window.sessionStorage, { "a.rules": '{"page":1}' });
  mayKeep = false;
  memory.settle();
  assert.deepEqual(window.sessionStorage, {});
  assert.equal(memory.visit.page, 1);
});

test("closed storage and somebody else's words are no trouble", () => {
  window = { sessionStorage: { "a.rules": "not ours" }, get localStorage() { throw new Error("closed"); } };
  const memory = new Memory("a.rules", () => true);
  memory.visit.page = 2;
  memory.ever.since = 1;
  memory.settle();
  assert.deepEqual(window.sessionStorage, { "a.rules": '{"page":2}' });
});
