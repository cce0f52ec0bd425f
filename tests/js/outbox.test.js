import assert from "node:assert/strict";
import { test } from "node:test";

import { Backoff } from "../../static/js/widget/frame/backoff.js";
import { Outbox } from "../../static/js/widget/frame/outbox.js";

const away = { mayPass: true, retryAfter: 0 };
const refused = { mayPass: false, retryAfter: 0 };
const item = (clientId, owner = "customer ann") => ({ clientId, text: clientId, at: "now", owner });

/** An outbox whose server does as it is told, and whose clock stands still. */
function makeOutbox({ replies = [], kept = [] } = {}) {
  const stage = { sent: [], news: [], pauses: [], kept, next: null };
  const send = async ({ clientId }) => {
    stage.sent.push(clientId);
    const reply = replies.shift();
    if (reply) throw reply;
    return { id: `m-${clientId}`, seq: stage.sent.length };
  };
  const keeping = { load: () => stage.kept, save: (change) => (stage.kept = change(stage.kept)) };
  const heard = ({ clientId }, outcome) => stage.news.push(`${clientId} ${outcome}`);
  const later = (run, pause) => {
    stage.pauses.push(pause);
    stage.next = run;
  };
  const backoff = new Backoff({ first: 100, random: () => 1 });
  return { stage, outbox: new Outbox({ send, keeping, heard, backoff, later }) };
}

test("messages go one at a time and in order", async () => {
  const { stage, outbox } = makeOutbox();
  await Promise.all([outbox.add(item("a")), outbox.add(item("b")), outbox.add(item("c"))]);
  assert.deepEqual(stage.sent, ["a", "b", "c"]);
  assert.deepEqual(stage.news, ["a sent", "b sent", "c sent"]);
  assert.deepEqual(stage.kept, []);
});

test("what cannot be sent waits, is kept, and goes by itself before what came later", async () => {
  const { stage, outbox } = makeOutbox({ replies: [away, away] });
  await outbox.add(item("a"));
  await outbox.add(item("b"));
  assert.deepEqual(stage.kept.map(({ clientId }) => clientId), ["a", "b"]);
  await stage.next();
  assert.deepEqual(stage.sent, ["a", "a", "a", "b"]);
  assert.deepEqual(stage.news.slice(-2), ["a sent", "b sent"]);
  assert.deepEqual(outbox.items, []);
});

test("the customer is told after some tries, and the trying goes on", async () => {
  const { stage, outbox } = makeOutbox({ replies: [away, away, away] });
  await outbox.add(item("a"));
  await stage.next();
  await stage.next();
  assert.deepEqual(stage.news, ["a waiting", "a waiting", "a failed"]);
  await stage.next();
  assert.equal(stage.news.at(-1), "a sent");
});

test("the server's pause is kept and is no failure", async () => {
  const slowDown = { mayPass: true, retryAfter: 12 };
  const { stage, outbox } = makeOutbox({ replies: [slowDown, slowDown, slowDown, slowDown] });
  await outbox.add(item("a"));
  for (let round = 0; round < 3; round += 1) await stage.next();
  assert.deepEqual(stage.pauses, [12_000, 12_000, 12_000, 12_000]);
  assert.ok(stage.news.every((news) => news === "a waiting"));
});

test("nothing that is written in the server's pause is tried before it is over", async () => {
  const { stage, outbox } = makeOutbox({ replies: [{ mayPass: true, retryAfter: 12 }] });
  await outbox.add(item("a"));
  await outbox.add(item("b"));
  await outbox.flush();
  assert.deepEqual(stage.sent, ["a"]);
  await stage.next();
  await outbox.flush();
  assert.deepEqual(stage.sent, ["a", "a", "b"]);
});

test("a refused message steps aside for the next, and can be sent again under its own id", async () => {
  const { stage, outbox } = makeOutbox({ replies: [refused] });
  await Promise.all([outbox.add(item("a")), outbox.add(item("b"))]);
  assert.deepEqual(stage.news, ["a refused", "b sent"]);
  await outbox.retry(item("a"));
  assert.deepEqual(stage.sent, ["a", "b", "a"]);
});

test("a message that arrived by another way is not sent again", async () => {
  const { stage, outbox } = makeOutbox({ replies: [away] });
  await outbox.add(item("a"));
  outbox.drop("a");
  await outbox.flush();
  assert.deepEqual([stage.sent, stage.kept], [["a"], []]);
});

const ids = (items) => items.map(({ clientId }) => clientId);
const annIsHere = ({ owner }) => (owner === "customer ann" ? "own" : owner === "" ? "asked" : "other");

test("the next page takes up what was left, once", async () => {
  const { stage, outbox } = makeOutbox({ kept: [item("old")] });
  assert.deepEqual(ids(outbox.restore(annIsHere).own), ["old"]);
  assert.deepEqual(ids(outbox.restore(annIsHere).own), []);
  await outbox.add(item("new"));
  assert.deepEqual(stage.sent, ["old", "new"]);
});

test("what somebody else left is neither shown nor sent, and stays theirs", async () => {
  const { stage, outbox } = makeOutbox({ kept: [item("hers"), item("his", "customer bob"), item("whose", "")] });
  const { own, asked } = outbox.restore(annIsHere);
  assert.deepEqual([ids(own), ids(asked)], [["hers"], ["whose"]]);
  await outbox.flush();
  assert.deepEqual(stage.sent, ["hers"]);
  assert.deepEqual(ids(stage.kept), ["his", "whose"]);
});

test("what was written before it was known by whom is theirs from then on", async () => {
  const { stage, outbox } = makeOutbox({ replies: [away], kept: [item("his", "customer bob")] });
  const written = item("a", "");
  await outbox.add(written);
  outbox.claim("customer ann");
  assert.equal(written.owner, "customer ann");
  assert.deepEqual(stage.kept.map(({ owner }) => owner), ["customer bob", "customer ann"]);
});

test("a customer who leaves takes along what they wrote, and nobody else's", async () => {
  const { stage, outbox } = makeOutbox({ replies: [away], kept: [item("his", "customer bob")] });
  await outbox.add(item("a"));
  outbox.clear();
  await outbox.flush();
  assert.deepEqual([stage.sent, ids(stage.kept), outbox.items], [["a"], ["his"], []]);
});

test("who waits for the outbox waits until it is empty or has to pause", async () => {
  const { stage, outbox } = makeOutbox({ replies: [null, away] });
  const all = ["a", "b", "c"].map((id) => outbox.add(item(id)));
  await outbox.flush();
  assert.deepEqual(stage.sent, ["a", "b"]);
  await Promise.all(all);
});
