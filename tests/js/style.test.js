import assert from "node:assert/strict";
import { test } from "node:test";

import { styleOf } from "../../static/js/widget/loader/style.js";

globalThis.visualViewport = { scale: 1, height: 800, offsetTop: 0 };

const LOOK = { accent: "#b4490f", onAccent: "#ffffff", accentDark: "#f0a06a", onAccentDark: "#2a1506", icon: "chat", width: 360, height: 700 };
const style = (position, state = {}) =>
  styleOf(LOOK, position, state.isDark, state.isOpen, state.isShown, state.unread ?? 0);

test("every declaration beats the page's own", () => {
  const declarations = [...style("bottom-right", { unread: 2 }).matchAll(/[{;]([a-z-]+:[^;{}]+)(?=[;}])/g)];
  assert.ok(declarations.length > 40);
  for (const [, declaration] of declarations) assert.match(declaration, /!important$/);
});

test("each of the nine places has its own flow", () => {
  const flows = new Set();
  for (const row of ["top", "middle", "bottom"]) {
    for (const column of ["left", "center", "right"]) {
      const [host] = style(`${row}-${column}`).split("\n");
      flows.add(host.match(/flex-direction.*(?=;color-scheme)/)[0]);
    }
  }
  assert.equal(flows.size, 9);
});

test("a closed frame cannot be seen or reached, an open one can", () => {
  assert.match(style("bottom-right"), /visibility:hidden/);
  assert.doesNotMatch(style("bottom-right", { isOpen: true, isShown: true }), /visibility:hidden/);
});

test("the dark look has its own accent", () => {
  assert.match(style("bottom-right", { isDark: true }), /background:#f0a06a/);
});

test("the keyboard of a phone takes its part of the chat, zooming in does not", () => {
  globalThis.visualViewport = { scale: 1, height: 420, offsetTop: 30 };
  assert.match(style("bottom-right"), /inset:30px 0 auto.*height:420px/);
  globalThis.visualViewport = { scale: 2, height: 400, offsetTop: 90 };
  assert.match(style("bottom-right"), /inset:0px 0 auto.*height:800px/);
});

test("the window is as large as the look says, and never larger than the page", () => {
  assert.match(style("bottom-right"), /width:min\(360px,100%\)!important;height:min\(700px,100% - 72px\)/);
});
