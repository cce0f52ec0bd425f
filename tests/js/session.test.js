import assert from "node:assert/strict";
import { test } from "node:test";

import { Problem } from "../../static/js/widget/frame/api.js";
import { Session } from "../../static/js/widget/frame/session.js";

Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });

const refusal = (code, status = 401, more = {}) => new Problem(code, "", { status, ...more });
const ANN = { token: "t-ann", customer: { id: "ann" }, conversation: { id: "c1" } };
const ANN_AGAIN = { ...ANN, token: "t-ann-2" };
const SOMEBODY = { token: "t-new", customer: { id: null }, conversation: { id: "c9" } };
const SENT = { id: "m1", seq: 1 };
const hello = { clientId: "x1", text: "Hello", owner: "customer ann" };

/** A session whose server answers each call with the next of its answers. */
function makeSession(answers, { tokens = [] } = {}) {
  const stage = { calls: [], started: [], renewed: 0, solved: [], tickets: 0 };
  const call = async (method, path, { body = {}, token, solution } = {}) => {
    stage.calls.push([`${method} ${path}`, { ...body, token, solution }]);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer ?? assert.fail(`nobody expected ${method} ${path}`);
  };
  const keeping = { place: "frame", secret: undefined, drop: () => (keeping.secret = undefined) };
  const session = new Session({
    page: { agent: "a1", mode: "bubble", ticket: "first" },
    keeping,
    introduce: async () => ({ parentOrigin: "https://shop.example", customerToken: tokens.shift() }),
    started: (answer, before) => stage.started.push([answer.token, before]),
    renewed: () => (stage.renewed += 1),
    solve: async (challenge) => (stage.solved.push(challenge), "solution"),
    api: { call, fetchTicket: async () => `ticket-${(stage.tickets += 1)}` },
  });
  return { session, stage, keeping, paths: () => stage.calls.map(([path]) => path) };
}

test("ticket_expired: another ticket is fetched, and the call repeated", async () => {
  const { session, stage, paths } = makeSession([refusal("ticket_expired"), ANN]);
  assert.equal(await session.ready(), "t-ann");
  assert.deepEqual(paths(), ["POST /sessions", "POST /sessions"]);
  assert.deepEqual(stage.calls.map(([, { ticket }]) => ticket), ["first", "ticket-1"]);
});

for (const code of ["token_required", "token_invalid", "token_expired"]) {
  test(`${code}: the session is renewed, and the message sent once more`, async () => {
    const { session, stage, keeping, paths } = makeSession([ANN, refusal(code), { ...ANN_AGAIN, refreshSecret: "s2" }, SENT]);
    assert.deepEqual(await session.send(hello), SENT);
    assert.deepEqual(paths(), ["POST /sessions", "POST /messages", "POST /sessions/refresh", "POST /messages"]);
    assert.equal(stage.calls[3][1].token, "t-ann-2");
    assert.deepEqual([stage.renewed, stage.started.length, keeping.secret], [1, 1, "s2"]);
  });

  test(`${code}: what cannot be renewed begins anew, as the same customer`, async () => {
    const { session, paths } = makeSession([ANN, refusal(code), refusal("token_expired"), ANN_AGAIN, SENT]);
    assert.deepEqual(await session.send(hello), SENT);
    assert.equal(paths()[3], "POST /sessions");
  });
}

test("token_revoked: it begins anew, and the message goes when it is the same customer", async () => {
  const { session, stage, paths } = makeSession([ANN, refusal("token_revoked"), ANN_AGAIN, SENT]);
  assert.deepEqual(await session.send(hello), SENT);
  assert.deepEqual(paths(), ["POST /sessions", "POST /messages", "POST /sessions", "POST /messages"]);
  assert.deepEqual(stage.started[1], ["t-ann-2", { customer: "ann", conversation: "c1" }]);
});

test("token_revoked: a message is not sent as somebody else", async () => {
  const { session, paths } = makeSession([ANN, refusal("token_revoked"), SOMEBODY]);
  await assert.rejects(session.send(hello), { code: "customer_changed" });
  assert.equal(paths().filter((path) => path === "POST /messages").length, 1);
});

test("customer_token_refused: the site is asked for a better one, once", async () => {
  const { session, stage } = makeSession([refusal("customer_token_refused"), ANN], { tokens: ["old", "new"] });
  await session.ready();
  assert.deepEqual(stage.calls.map(([, { customerToken }]) => customerToken), ["old", "new"]);
});

test("customer_token_refused: the same one again is not sent again, and no session begins without", async () => {
  const { session, stage } = makeSession([refusal("customer_token_refused")], { tokens: ["old", "old"] });
  await assert.rejects(session.ready(), { code: "customer_token_refused" });
  assert.deepEqual([stage.calls.length, stage.started, session.isLive], [1, [], false]);
});

test("challenge_required: the challenge is solved, and the call made once more with the solution", async () => {
  const challenge = { salt: "abc" };
  const { session, stage } = makeSession([ANN, refusal("challenge_required", 403, { challenge }), SENT]);
  assert.deepEqual(await session.send(hello), SENT);
  assert.deepEqual(stage.solved, [challenge]);
  assert.equal(stage.calls[2][1].solution, "solution");
});

test("challenge_required: a second one is not solved", async () => {
  const refused = () => refusal("challenge_required", 403, { challenge: { salt: "abc" } });
  const { session, stage } = makeSession([ANN, refused(), refused()]);
  await assert.rejects(session.send(hello), { code: "challenge_required" });
  assert.equal(stage.solved.length, 1);
});

for (const [code, status] of [
  ["website_not_allowed", 403],
  ["blocked", 403],
  ["rate_limited", 429],
  ["personal_data_refused", 422],
  ["conflict", 409],
  ["invalid", 422],
  ["not_found", 404],
  ["failed", 502],
  ["unreachable", 0],
]) {
  test(`${code}: nothing is tried behind the customer's back`, async () => {
    const { session, paths } = makeSession([ANN, refusal(code, status)]);
    await assert.rejects(session.send(hello), { code });
    assert.deepEqual(paths(), ["POST /sessions", "POST /messages"]);
  });
}

test("the stream's end is put right by what it says", async () => {
  const { session, paths } = makeSession([ANN, ANN_AGAIN]);
  await session.ready();
  await assert.rejects(session.ended("website_not_allowed"), { code: "website_not_allowed" });
  await assert.rejects(session.ended("blocked"), { code: "blocked" });
  assert.deepEqual(paths(), ["POST /sessions"]);
});

test("many who wait share one beginning", async () => {
  const { session, paths } = makeSession([ANN, SENT, SENT]);
  await Promise.all([session.ready(), session.send(hello), session.send({ ...hello, clientId: "x2" })]);
  assert.equal(paths().filter((path) => path === "POST /sessions").length, 1);
});

test("who signs out is ended on the server, and nobody is left", async () => {
  const { session, keeping, paths } = makeSession([{ ...ANN, refreshSecret: "s1" }, {}]);
  await session.ready();
  await session.leave();
  assert.deepEqual(paths(), ["POST /sessions", "DELETE /sessions"]);
  assert.deepEqual([session.isLive, session.who, keeping.secret], [false, null, undefined]);
});

test("a right of an earlier page is ended, too", async () => {
  const { session, stage, paths } = makeSession([ANN, {}]);
  await session.leave();
  assert.deepEqual(paths(), ["POST /sessions/refresh", "DELETE /sessions"]);
  assert.deepEqual([stage.calls[1][1].token, stage.started], ["t-ann", []]);
});

test("as long as the server does not know that they left, nobody begins", async () => {
  const away = () => refusal("unreachable", 0);
  const { session, paths } = makeSession([ANN, away(), away(), ANN, {}, SOMEBODY]);
  await session.ready();
  await assert.rejects(session.leave(), { code: "unreachable" });
  await assert.rejects(session.ready(), { code: "unreachable" });
  assert.equal(await session.ready(), "t-new");
  assert.deepEqual(paths().slice(-3), ["POST /sessions/refresh", "DELETE /sessions", "POST /sessions"]);
});

test("a session that begins while they leave is ended and never shown", async () => {
  const { session, stage, paths } = makeSession([ANN, {}]);
  await Promise.all([session.ready(), session.leave()]);
  assert.deepEqual([paths(), stage.started], [["POST /sessions", "DELETE /sessions"], []]);
});

test("a right to come back that now lies in the cookie is kept nowhere else", async () => {
  const { session, keeping } = makeSession([{ ...ANN, refreshSecret: "s1" }, ANN_AGAIN]);
  await session.ready();
  assert.equal(keeping.secret, "s1");
  await session.identify(async () => ({ customer: { id: "ann" } }));
  assert.equal(keeping.secret, undefined);
});

test("a message names the files that go with it, by their ids alone", async () => {
  const { session, stage } = makeSession([ANN, SENT]);
  await session.send({ ...hello, text: "", attachments: [{ id: "f1", name: "lamp.webp" }, { id: "f2", name: "a.txt" }] });
  assert.deepEqual(stage.calls[1][1].attachments, ["f1", "f2"]);
});

test("a call that a part makes itself is recovered as any other", async () => {
  const { session, stage } = makeSession([ANN, { ...ANN_AGAIN, refreshSecret: "s2" }]);
  const tried = [];
  const answers = [refusal("token_expired"), refusal("challenge_required", 403, { challenge: { salt: "x" } }), "there"];
  const run = async (token, solution) => {
    tried.push([token, solution]);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  assert.equal(await session.lend(run), "there");
  assert.deepEqual(tried, [["t-ann", undefined], ["t-ann-2", undefined], ["t-ann-2", "solution"]]);
  assert.deepEqual(stage.solved, [{ salt: "x" }]);
});
