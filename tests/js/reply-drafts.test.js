import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { ReplyDraft } from "../../static/js/admin/reply-drafts.js";

const sent = [];
let answer;

beforeEach(() => {
  const kept = new Map();
  globalThis.localStorage = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, text) => kept.set(key, text),
    removeItem: (key) => kept.delete(key),
  };
  sent.length = 0;
  answer = async () => ({ ok: true });
  globalThis.fetch = (address, options) => {
    sent.push({ address, body: Object.fromEntries(options.body), signal: options.signal });
    return answer();
  };
});

const made = () => new ReplyDraft({ key: "reply:1", address: "/draft", token: () => "token" });

test("what is typed goes to the server once nothing more is typed, and stays here no longer", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const draft = made();
  draft.keep({ text: "De", mode: "reply" });
  draft.keep({ text: "Dear", mode: "reply" });
  assert.equal(sent.length, 0);
  mock.timers.tick(1000);
  mock.timers.reset();
  await new Promise((done) => setTimeout(done));
  assert.deepEqual(sent[0].body, { text: "Dear", mode: "reply", csrf_token: "token" });
  assert.equal(sent.length, 1);
  assert.equal(draft.unsaved, null);
});

test("what the server could not get is kept here", async () => {
  for (const failure of [async () => ({ ok: false }), () => Promise.reject(new TypeError("offline"))]) {
    answer = failure;
    const draft = made();
    draft.keep({ text: "Dear", mode: "note" });
    await draft.save();
    assert.deepEqual(made().unsaved, { text: "Dear", mode: "note" });
  }
});

test("what is typed while it is on its way is not forgotten", async () => {
  const draft = made();
  draft.keep({ text: "Dear", mode: "reply" });
  answer = async () => {
    localStorage.setItem("reply:1", JSON.stringify({ text: "Dear M", mode: "reply" }));
    return { ok: true };
  };
  await draft.save();
  assert.equal(draft.unsaved.text, "Dear M");
});

test("what was on its way does not come after what was sent", async () => {
  const draft = made();
  draft.keep({ text: "Dear", mode: "reply" });
  draft.save();
  draft.stop();
  assert.ok(sent[0].signal.aborted);
});
