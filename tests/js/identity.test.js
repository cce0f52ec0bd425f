import assert from "node:assert/strict";
import { test } from "node:test";

import { Identity } from "../../static/js/widget/frame/identity.js";

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;
globalThis.document = { addEventListener() {} };

/** A token that was issued at a moment and is good for five minutes. */
const tokenOf = (sub, at = NOW) =>
  `e30.${Buffer.from(JSON.stringify({ sub, iat: at / 1000, exp: at / 1000 + 300 })).toString("base64url")}.c2ln`;

function makeIdentity(t, { tokens = [], isSeen = true, isBegun = false } = {}) {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: NOW });
  const stage = { asked: 0, became: [], expected: [], isSeen, session: null };
  stage.session = { isBegun, isLive: isBegun, who: null, ready: async () => "token" };
  const customerToken = async () => {
    stage.asked += 1;
    return tokens.length > 1 ? tokens.shift() : (tokens[0] ?? Promise.reject(new Error("none")));
  };
  const identity = new Identity({
    bridge: { customerToken },
    session: stage.session,
    become: async (introduce, how) => stage.became.push([await introduce(), how]),
    expected: (who) => stage.expected.push(who),
    isSeen: () => stage.isSeen,
  });
  const pass = async (ms) => {
    t.mock.timers.tick(ms);
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  };
  return { identity, stage, pass };
}

async function begin({ identity, stage }) {
  identity.learn({ parentOrigin: "https://shop.example", customerToken: true });
  const introduction = await identity.introduction();
  Object.assign(stage.session, { isBegun: true, isLive: true });
  return introduction;
}

test("the first session is told who the site says it is, with a token asked for then", async (t) => {
  const house = makeIdentity(t, { tokens: [tokenOf("ann")] });
  assert.deepEqual(await begin(house), {
    parentOrigin: "https://shop.example",
    context: undefined,
    customer: undefined,
    customerToken: tokenOf("ann"),
  });
  assert.deepEqual([house.stage.asked, house.stage.expected], [1, [{ isKnown: true }]]);
});

test("a token that was announced and does not come lets nobody in", async (t) => {
  const { identity } = makeIdentity(t);
  identity.learn({ customerToken: true });
  await assert.rejects(identity.introduction());
});

test("the site is asked again before the token expires, and the new one is presented", async (t) => {
  const later = tokenOf("ann", NOW + 4 * MINUTE);
  const house = makeIdentity(t, { tokens: [tokenOf("ann"), later] });
  await begin(house);
  await house.pass(3.9 * MINUTE);
  assert.equal(house.stage.asked, 1);
  await house.pass(0.2 * MINUTE);
  assert.equal(house.stage.asked, 2);
  assert.deepEqual(house.stage.became, [[{ customer: undefined, customerToken: later }, { isRenewal: true }]]);
});

test("a chat that nobody sees asks when it is seen again", async (t) => {
  const house = makeIdentity(t, { tokens: [tokenOf("ann"), tokenOf("ann", NOW + 60 * MINUTE)] });
  await begin(house);
  house.stage.isSeen = false;
  await house.pass(60 * MINUTE);
  assert.equal(house.stage.asked, 1);
  house.stage.isSeen = true;
  house.identity.look();
  await house.pass(0);
  assert.equal(house.stage.became.length, 1);
});

test("a site that gives the same token again is asked less and less, and nothing is presented", async (t) => {
  const house = makeIdentity(t, { tokens: [tokenOf("ann")] });
  await begin(house);
  await house.pass(4 * MINUTE);
  assert.equal(house.stage.asked, 2);
  for (let minute = 0; minute < 60; minute += 1) await house.pass(MINUTE);
  assert.ok(house.stage.asked > 4 && house.stage.asked < 18, `${house.stage.asked} times`);
  assert.deepEqual(house.stage.became, []);
});

test("a token of somebody else is no renewal", async (t) => {
  const house = makeIdentity(t, { tokens: [tokenOf("ann"), tokenOf("bob", NOW + 4 * MINUTE)] });
  await begin(house);
  await house.pass(4 * MINUTE);
  assert.equal(house.stage.became[0][1].isRenewal, false);
});

test("who is named anew by token alone is presented", async (t) => {
  const house = makeIdentity(t, { tokens: [tokenOf("ann"), tokenOf("bob")] });
  await begin(house);
  house.identity.learn({ customerToken: true });
  await house.pass(0);
  assert.equal(house.stage.became.length, 0);
  house.identity.learn({ customerToken: true }, { isNew: true });
  await house.pass(0);
  assert.deepEqual(house.stage.became, [[{ customer: undefined, customerToken: tokenOf("bob") }, { isRenewal: false }]]);
});

test("the same customer said twice changes nothing", async (t) => {
  const { identity, stage, pass } = makeIdentity(t, { isBegun: true });
  identity.learn({ customer: { id: "4711" } }, { isNew: true });
  identity.learn({ customer: { id: "4711" } }, { isNew: true });
  await pass(0);
  assert.deepEqual(stage.became, [[{ customer: { id: "4711" }, customerToken: undefined }, { isRenewal: false }]]);
});

test("changes happen in the order in which the site made them", async (t) => {
  const { identity, stage, pass } = makeIdentity(t, { isBegun: true });
  identity.learn({ customer: { id: "1" } }, { isNew: true });
  const left = identity.inTurn(async () => stage.became.push("left"));
  identity.learn({ customer: { id: "2" } }, { isNew: true });
  await left;
  await pass(0);
  assert.deepEqual(stage.became.map((what) => what[0]?.customer?.id ?? what), ["1", "left", "2"]);
});

test("naming nobody is not signing out", async (t) => {
  const { identity, stage, pass } = makeIdentity(t, { isBegun: true });
  identity.learn({}, { isNew: true });
  await pass(0);
  assert.deepEqual([stage.became, stage.expected], [[], []]);
});

test("a message belongs to whom the session knows, before that to whom the site names", async (t) => {
  const house = makeIdentity(t, { tokens: [tokenOf("ann")] });
  assert.equal(house.identity.owner, "");
  house.identity.learn({ customer: { id: 4711 } });
  assert.equal(house.identity.owner, "customer 4711");
  await begin(house);
  assert.equal(house.identity.owner, "customer ann");
  assert.equal(house.identity.introduced, "customer ann");
  house.stage.session.who = { customer: null, conversation: "c1" };
  assert.equal(house.identity.owner, "conversation c1");
});
