import assert from "node:assert/strict";
import { test } from "node:test";

import { styleOf } from "../../static/js/widget/loader/style.js";
import { styleOf as windowStyleOf } from "../../static/js/widget/loader/window.js";

globalThis.visualViewport = { scale: 1, height: 800, offsetTop: 0 };

const LOOK = { css: ":host{all:initial;--ca-c:#b4490f}::slotted(button){color:var(--ca-o)}", position: "bottom-right" };
const declarations = (css) => [...css.matchAll(/[{;]([a-z-]+:[^;{}]+)(?=[;}])/g)].map(([, declaration]) => declaration);
const placed = (css) => css.match(/inset:20px.*?(?=[};]*@media)/)[0];

test("every declaration beats the page's own", () => {
  for (const css of [styleOf(LOOK, undefined, "none"), windowStyleOf([360, 700, 480], 2)]) {
    assert.ok(declarations(css).length > 10);
    for (const declaration of declarations(css)) assert.match(declaration, /!important$/);
  }
});

test("each of the nine places has its own flow, and the page's word counts before the look's", () => {
  const flows = new Set();
  for (const row of ["top", "middle", "bottom"]) {
    for (const column of ["left", "center", "right"]) {
      flows.add(placed(styleOf(LOOK, `${row}-${column}`)));
      assert.equal(placed(styleOf(LOOK, `${row}-${column}`)), placed(styleOf({ ...LOOK, position: `${row}-${column}` })));
    }
  }
  assert.equal(flows.size, 9);
});

test("a phone may have a place of its own, unless the page has chosen one for both", () => {
  const look = { ...LOOK, phone: "top-left" };
  assert.match(styleOf(look).split("@media").at(-1), /top:max/);
  assert.doesNotMatch(styleOf(look, "bottom-center"), /top:max/);
});

test("a closed frame cannot be seen or reached", () => {
  assert.match(windowStyleOf([360, 700, 480], 0), /slotted\(\[inert\]\)\{[^}]*visibility:hidden/);
});

test("the keyboard of a phone takes its part of the chat, zooming in does not", () => {
  globalThis.visualViewport = { scale: 1, height: 420, offsetTop: 30 };
  assert.match(windowStyleOf([360, 700, 480], 0), /inset:30px 0 auto.*height:420px/);
  globalThis.visualViewport = { scale: 2, height: 400, offsetTop: 90 };
  assert.match(windowStyleOf([360, 700, 480], 0), /inset:0px 0 auto.*height:800px/);
});

test("the window is as large as the look says, never larger than the page, and all of a small one", () => {
  assert.match(windowStyleOf([360, 700, 480], 0), /width:min\(360px,100%\)!important;height:min\(700px,100%\)/);
  assert.match(windowStyleOf([360, 700, 600], 0), /@media\(max-width:600px\),\(max-height:440px\)/);
  assert.match(windowStyleOf([360, 700, 0], 0), /@media\(max-width:0px\),\(max-height:0px\)/);
});

test("what is unread is counted, and nothing is not", () => {
  assert.match(windowStyleOf([360, 700, 480], 3), /content:"3"/);
  assert.doesNotMatch(windowStyleOf([360, 700, 480], 0), /content:"0"/);
});
