import assert from "node:assert/strict";
import { test } from "node:test";

import { askAgainIn, claimsOf } from "../../static/js/widget/frame/claims.js";

const NOW = 1_800_000_000_000;
const token = (claims) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;
const inSeconds = (seconds) => NOW / 1000 + seconds;

test("claims are read whatever letters they hold", () => {
  assert.deepEqual(claimsOf(token({ sub: "Zoë ✓ 山田?>" })), { sub: "Zoë ✓ 山田?>" });
});

test("what is no token says nothing", () => {
  for (const wrong of [null, undefined, "", "abc", "a.b.c", "a.!!!.c", `a.${btoa("null")}.c`, 7]) {
    assert.deepEqual(claimsOf(wrong), {});
  }
});

test("the next token is asked for a minute before this one ends, or a quarter of its life", () => {
  assert.equal(askAgainIn(token({ exp: inSeconds(3600) }), NOW), 3_540_000);
  assert.equal(askAgainIn(token({ exp: inSeconds(40) }), NOW), 30_000);
});

test("a clock that is wrong here neither hurries nor forgets", () => {
  const issued = { iat: inSeconds(-7200), exp: inSeconds(-6900) };
  assert.equal(askAgainIn(token(issued), NOW), 240_000);
  assert.equal(askAgainIn(token({ iat: inSeconds(7200), exp: inSeconds(7500) }), NOW), 240_000);
});

test("a token that was issued a while ago lasts no longer for it", () => {
  assert.equal(askAgainIn(token({ iat: inSeconds(-300), exp: inSeconds(40) }), NOW), 30_000);
});

test("a token that ends in a moment is no reason for a storm, one for years none for never", () => {
  assert.equal(askAgainIn(token({ exp: inSeconds(1) }), NOW), 5_000);
  assert.equal(askAgainIn(token({ exp: inSeconds(1e9) }), NOW), 6 * 3_600_000);
});

test("a token without an end is not asked for again", () => {
  assert.equal(askAgainIn(token({ sub: "ann" }), NOW), null);
  assert.equal(askAgainIn(token({ exp: "soon" }), NOW), null);
  assert.equal(askAgainIn("no token", NOW), null);
});
