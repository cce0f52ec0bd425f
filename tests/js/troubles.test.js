import assert from "node:assert/strict";
import { test } from "node:test";

import "./words.js";
import { Problem } from "../../static/js/widget/frame/api.js";
import { remedyOf } from "../../static/js/widget/frame/remedies.js";
import { Troubles } from "../../static/js/widget/frame/troubles.js";

const problem = (code, status, { message = "", retryAfter = 0 } = {}) => new Problem(code, message, { status, retryAfter });

function makeTroubles({ onLine = true } = {}) {
  Object.defineProperty(globalThis, "navigator", { value: { onLine }, configurable: true });
  const stage = { said: [], counted: [], told: [], rested: [] };
  const notice = {
    say: (words = "") => stage.said.push(words),
    countDown: (seconds, words, after) => stage.counted.push([seconds, words(seconds), after]),
  };
  const troubles = new Troubles({
    notice,
    told: ({ code }) => stage.told.push(code),
    rested: (isOver) => stage.rested.push(isOver),
  });
  return { troubles, stage };
}

/** Each code, its status, and what is left to do when the session could not put it right. */
const TABLE = [
  ["token_required", 401, "pause"],
  ["token_invalid", 401, "tell"],
  ["token_expired", 401, "tell"],
  ["token_revoked", 401, "tell"],
  ["ticket_expired", 401, "tell"],
  ["website_not_allowed", 403, "close"],
  ["customer_token_refused", 401, "pause"],
  ["rate_limited", 429, "wait"],
  ["rate_limited", 503, "wait"],
  ["blocked", 403, "close"],
  ["challenge_required", 403, "pause"],
  ["personal_data_refused", 422, "giveBack"],
  ["conflict", 409, "tell"],
  ["invalid", 422, "tell"],
  ["not_found", 404, "close"],
  ["customer_changed", 409, "drop"],
  ["failed", 500, "wait"],
  ["failed", 408, "wait"],
  ["unreachable", 0, "wait"],
];

for (const [code, status, remedy] of TABLE) {
  test(`${code} ${status}: ${remedy}`, () => assert.equal(remedyOf({ code, status }), remedy));
}

test("a chat that is over says so, rests, and tells the site", () => {
  const { troubles, stage } = makeTroubles();
  troubles.explain(problem("blocked", 403, { message: "No." }));
  assert.deepEqual(stage, { said: ["This chat is not available to you."], counted: [], told: ["blocked"], rested: [true] });
  assert.ok(troubles.isRefused);
});

test("one that waits for a better token rests, and may go on", () => {
  const { troubles, stage } = makeTroubles();
  troubles.explain(problem("customer_token_refused", 401));
  assert.deepEqual([stage.rested, troubles.isRefused], [[false], true]);
  troubles.forgive();
  assert.ok(!troubles.isRefused);
});

test("who is slowed down sees the time run down", () => {
  const { troubles, stage } = makeTroubles();
  const waits = "try_in";
  troubles.explain(problem("rate_limited", 429, { retryAfter: 39.2 }), { waits });
  troubles.explain(problem("rate_limited", 429, { retryAfter: 300 }), { waits });
  assert.deepEqual(stage.counted, [
    [40, "That was a lot at once. You can try again in 40 seconds.", "Sending…"],
    [300, "That was a lot at once. You can try again in 5 minutes.", "Sending…"],
  ]);
  assert.deepEqual(stage.told, ["rate_limited", "rate_limited"]);
});

test("a stream that is slowed down is nobody's concern", () => {
  const { troubles, stage } = makeTroubles();
  troubles.explain(problem("rate_limited", 429, { retryAfter: 40 }));
  assert.deepEqual([stage.said, stage.counted, stage.told], [[], [], []]);
});

test("a reason comes in the server's words, or in ours where they are plainer", () => {
  const { troubles, stage } = makeTroubles();
  troubles.explain(problem("personal_data_refused", 422, { message: "Card numbers are not taken here." }));
  troubles.explain(problem("conflict", 409, { message: "There is no person to talk to here." }));
  troubles.explain(problem("invalid", 422), { otherwise: "It failed." });
  assert.deepEqual(stage.said, ["Card numbers are not taken here.", "There is no person to talk to here.", "It failed."]);
});

test("one miss is not worth a word, two are, and an answer takes it back", () => {
  const { troubles, stage } = makeTroubles();
  troubles.explain(problem("unreachable", 0));
  assert.deepEqual(stage.said, []);
  troubles.explain(problem("failed", 502));
  assert.equal(stage.said.at(-1), "The connection was lost. Trying again…");
  assert.ok(troubles.isAway);
  assert.ok(troubles.reached());
  assert.equal(stage.said.at(-1), "");
});

test("without a network the customer is told at once", () => {
  const { troubles, stage } = makeTroubles({ onLine: false });
  troubles.explain(problem("unreachable", 0));
  assert.match(stage.said[0], /offline/);
});

test("what was written for somebody else is passed over in silence", () => {
  const { troubles, stage } = makeTroubles();
  troubles.explain(problem("customer_changed", 409));
  assert.deepEqual([stage.said, stage.told], [[], []]);
});
