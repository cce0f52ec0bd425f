import assert from "node:assert/strict";
import { test } from "node:test";

import { MessageStore } from "../../static/js/widget/frame/message-store.js";

const said = (seq, more = {}) => ({ id: `m${seq}`, seq, from: "customer", text: `${seq}`, clientId: null, ...more });
const texts = (store) => store.all().map(({ text, html }) => text ?? html);

test("messages stand in the order of the server, whatever order they come in", () => {
  const store = new MessageStore();
  for (const seq of [3, 1, 4, 2]) store.take(said(seq));
  assert.deepEqual(texts(store), ["1", "2", "3", "4"]);
});

test("the same message from the page, the session and the stream is one message", () => {
  const store = new MessageStore();
  assert.equal(store.take(said(1)).news, "added");
  assert.equal(store.take(said(1)).news, "known");
  assert.equal(store.all().length, 1);
});

test("an own message that comes back by the stream before its answer is one message", () => {
  const store = new MessageStore();
  const pending = store.pend({ clientId: "c1", text: "Hi", at: "now" });
  assert.equal(pending.state, "sending");
  const { entry, news } = store.take(said(5, { clientId: "c1", text: "Hi" }));
  assert.deepEqual([entry, news, entry.state], [pending, "replaced", "sent"]);
  store.acknowledge("c1", { id: "m5", seq: 5 });
  assert.equal(store.all().length, 1);
});

test("an own message that was masked on the way is shown as it is kept", () => {
  const store = new MessageStore();
  store.pend({ clientId: "c1", text: "I am ann@example.com", at: "now" });
  store.acknowledge("c1", { id: "m1", seq: 1 });
  const masked = said(1, { clientId: "c1", text: "I am [email]", masked: ["email"] });
  assert.equal(store.take(masked).news, "replaced");
  assert.deepEqual(texts(store), ["I am [email]"]);
  assert.equal(store.take(masked).news, "known");
});

test("a late failure does not undo what has arrived", () => {
  const store = new MessageStore();
  store.pend({ clientId: "c1", text: "Hi", at: "now" });
  store.acknowledge("c1", { id: "m1", seq: 1 });
  assert.equal(store.mark("c1", "failed"), null);
  assert.equal(store.all()[0].state, "sent");
});

test("an acknowledgement does not hide what another tab said before it", () => {
  const store = new MessageStore();
  store.take(said(1));
  store.pend({ clientId: "c1", text: "mine", at: "now" });
  store.acknowledge("c1", { id: "m3", seq: 3 });
  assert.equal(store.lastSeq, 1);
  store.take(said(2));
  assert.deepEqual(texts(store), ["1", "2", "mine"]);
});

test("pending messages stay behind everything that the server has", () => {
  const store = new MessageStore();
  store.pend({ clientId: "a", text: "a", at: "now" });
  store.pend({ clientId: "b", text: "b", at: "now" });
  store.take(said(9));
  assert.deepEqual(texts(store), ["9", "a", "b"]);
});

test("a reply grows, and its whole takes the place of the pieces", () => {
  const store = new MessageStore();
  store.grow({ id: "r", html: "On" });
  store.grow({ id: "r", html: "One" });
  assert.deepEqual([store.all().length, store.all()[0].html, store.all()[0].state], [1, "One", "streaming"]);
  const { news, entry } = store.take({ id: "r", seq: 2, from: "agent", html: "One two" });
  assert.deepEqual([news, entry.state, entry.html], ["replaced", "done", "One two"]);
  assert.equal(store.grow({ id: "r", html: "late" }), null);
});

test("half a reply that never ends can be dropped", () => {
  const store = new MessageStore();
  store.take(said(1));
  const orphan = store.grow({ id: "r", html: "On" });
  assert.deepEqual(store.dropStreaming(), [orphan]);
  assert.deepEqual(texts(store), ["1"]);
});

test("the next one is known, so that it can be drawn before it", () => {
  const store = new MessageStore();
  const third = store.take(said(3)).entry;
  const first = store.take(said(1)).entry;
  assert.equal(store.after(first), third);
  assert.equal(store.after(third), null);
});

test("a cleared store begins at the beginning", () => {
  const store = new MessageStore();
  store.take(said(4));
  store.clear();
  assert.deepEqual([store.isEmpty, store.lastSeq], [true, 0]);
});
