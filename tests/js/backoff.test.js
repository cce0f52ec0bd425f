import assert from "node:assert/strict";
import { test } from "node:test";

import { Backoff } from "../../static/js/widget/frame/backoff.js";

test("each pause is twice the one before, up to the longest", () => {
  const backoff = new Backoff({ first: 500, longest: 3000, random: () => 1 });
  assert.deepEqual([1, 2, 3, 4, 5].map(() => backoff.next()), [500, 1000, 2000, 3000, 3000]);
});

test("chance takes away at most half", () => {
  const backoff = new Backoff({ first: 1000, random: () => 0 });
  assert.equal(backoff.next(), 500);
});

test("what the server asks for is the least", () => {
  const backoff = new Backoff({ first: 100, random: () => 1 });
  assert.equal(backoff.next(7000), 7000);
  assert.equal(backoff.next(1), 200);
});

test("after a success it begins anew", () => {
  const backoff = new Backoff({ first: 100, random: () => 1 });
  backoff.next();
  backoff.next();
  backoff.reset();
  assert.equal(backoff.tries, 0);
  assert.equal(backoff.next(), 100);
});
