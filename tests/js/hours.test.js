import assert from "node:assert/strict";
import { test } from "node:test";

import { saidAt } from "../../static/js/widget/hours.js";

const AWAY = { text: "Back at {time}.", turns: [100, 200, 300, 400] };
const at = (seconds, away = AWAY) => saidAt(away, seconds * 1000, (moment) => `${moment / 1000} s`);

test("nothing is said while people are there, and from when they go when they are back", () => {
  assert.equal(at(99), "");
  assert.equal(at(100), "Back at 200 s.");
  assert.equal(at(199), "Back at 200 s.");
  assert.equal(at(200), "");
  assert.equal(at(350), "Back at 400 s.");
});

test("what is not known any more is not said", () => {
  assert.equal(at(4_000), "");
});

test("a sentence without a time stays as it is, and a time is no pattern", () => {
  assert.equal(at(150, { ...AWAY, text: "Gone." }), "Gone.");
  assert.equal(saidAt(AWAY, 150_000, () => "$&"), "Back at $&.");
});
