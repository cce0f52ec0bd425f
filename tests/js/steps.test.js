import assert from "node:assert/strict";
import { test } from "node:test";

import { Steps } from "../../static/js/admin/steps.js";

test("one goes back and forward among states", () => {
  const steps = new Steps("a");
  steps.add("b");
  steps.add("c");
  assert.equal(steps.back(), "b");
  assert.equal(steps.back(), "a");
  assert.equal(steps.back(), undefined);
  assert.equal(steps.forward(), "b");
  assert.ok(steps.canGoBack && steps.canGoForward);
});

test("a new state drops what was undone, the same again is none", () => {
  const steps = new Steps("a");
  steps.add("b");
  steps.back();
  steps.add("a");
  assert.ok(steps.canGoForward);
  steps.add("c");
  assert.ok(!steps.canGoForward);
  assert.equal(steps.back(), "a");
});

test("steps are bounded and come back from storage", () => {
  const steps = new Steps("0");
  for (let number = 1; number < 200; number++) steps.add(String(number));
  const again = Steps.read(steps.written);
  assert.equal(again.current, "199");
  let count = 0;
  while (again.back() !== undefined) count++;
  assert.equal(count, 59);
});

test("what is no list of steps is none", () => {
  for (const text of [null, "", "{}", '{"states":[1],"at":0}', '{"states":["a"],"at":3}']) assert.equal(Steps.read(text), null);
});

test("what others changed becomes a part of every state, and states that are the same then become one", () => {
  const steps = new Steps("a");
  for (const state of ["b", "B", "c"]) steps.add(state);
  steps.back();
  steps.rewrite((state) => `${state.toLowerCase()}!`);
  assert.equal(steps.current, "b!");
  assert.equal(steps.back(), "a!");
  assert.equal(steps.forward(), "b!");
  assert.equal(steps.forward(), "c!");
});
