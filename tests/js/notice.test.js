import assert from "node:assert/strict";
import { test } from "node:test";

import { Notice } from "../../static/js/widget/frame/notice.js";

globalThis.document = { createElement: () => ({ textContent: "" }) };

/** A line that knows what is said, and what of it is only seen. */
function makeLine() {
  return {
    parts: [],
    words: "",
    get textContent() {
      return this.words;
    },
    set textContent(words) {
      [this.words, this.parts] = [words, []];
    },
    append(...parts) {
      this.parts = parts;
    },
  };
}

const words = (seconds) => `in ${seconds} s`;

test("the time runs down for the eye, and is told once to who listens", (t) => {
  t.mock.timers.enable({ apis: ["setInterval", "Date"], now: 0 });
  const line = makeLine();
  new Notice(line).countDown(3, words, "Sending…");
  const [heard, seen] = line.parts;
  assert.deepEqual([heard.textContent, seen.textContent, seen.ariaHidden], ["in 3 s", "in 3 s", true]);
  t.mock.timers.tick(1000);
  t.mock.timers.tick(1000);
  assert.deepEqual([heard.textContent, seen.textContent], ["in 3 s", "in 1 s"]);
  t.mock.timers.tick(1000);
  assert.equal(line.textContent, "Sending…");
});

test("what is said next ends the counting", (t) => {
  t.mock.timers.enable({ apis: ["setInterval", "Date"], now: 0 });
  const line = makeLine();
  const notice = new Notice(line);
  notice.countDown(3, words, "Sending…");
  notice.say();
  t.mock.timers.tick(5000);
  assert.equal(line.textContent, "");
});
