import assert from "node:assert/strict";
import { test } from "node:test";
import { markBefore } from "../../static/js/admin/typed-mark.js";

const slash = (text, caret = text.length) => markBefore(text, caret, "/");
const at = (text, caret = text.length) => markBefore(text, caret, "@");

test("a slash counts at the beginning and after a space", () => {
  assert.deepEqual(slash("/"), { sign: "/", typed: "", from: 0 });
  assert.deepEqual(slash("Hello\n/ship"), { sign: "/", typed: "ship", from: 6 });
  assert.deepEqual(slash("/größe-xl later", 9), { sign: "/", typed: "größe-xl", from: 0 });
});

test("a slash within words, dates and addresses is only a slash", () => {
  for (const text of ["and/or", "12/24", "https://shop.example/", "/ship ", "/a/b", "Hello"]) assert.equal(slash(text), null, text);
});

test("a name may have two words, and an address is no name", () => {
  assert.deepEqual(at("Ask @Sue E"), { sign: "@", typed: "Sue E", from: 4 });
  assert.deepEqual(at("(@"), { sign: "@", typed: "", from: 1 });
  assert.equal(at("sue@shop"), null);
  assert.equal(at("@Sue Ellen please"), null);
});

test("what is behind the caret does not count", () => {
  assert.equal(slash("Hello /ship", 5), null);
});

test("a long text is not looked through from its beginning", () => {
  assert.deepEqual(slash(`${"word ".repeat(800)}/hi`), { sign: "/", typed: "hi", from: 4000 });
  assert.equal(slash(`/${"a".repeat(60)}`), null);
});
