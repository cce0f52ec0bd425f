import assert from "node:assert/strict";
import { test } from "node:test";

import { MessageStore } from "../../static/js/widget/frame/message-store.js";
import { remedyOf } from "../../static/js/widget/frame/remedies.js";
import { kindOf, sizeInWords } from "../../static/js/widget/parts/attachments/pieces.js";
import { upload } from "../../static/js/widget/parts/attachments/upload.js";

const FILE = new File(["two lamps"], "order.txt");
const TOLD = { id: "a1", name: "order.txt", size: 9, mediaType: "text/plain" };

/** A request that is answered as it is told to. */
function requestWith(answer) {
  return class {
    static last;
    headers = {};
    upload = {};

    open(method, address) {
      Object.assign(this, { method, address });
    }

    setRequestHeader(name, value) {
      this.headers[name] = value;
    }

    send(form) {
      this.constructor.last = this;
      this.form = form;
      queueMicrotask(() => answer(this));
    }

    abort() {
      this.status = 0;
      this.onabort();
    }
  };
}

const answered = (status, response) => requestWith((request) => (Object.assign(request, { status, response }), request.onload()));
const send = (Request, more = {}) => upload(FILE, { token: "t", signal: new AbortController().signal, told: () => {}, Request, ...more });

test("a file goes with the session's token in a header, and tells how much of it is there", async () => {
  const progress = [];
  const Request = requestWith((request) => {
    request.upload.onprogress({ loaded: 1, total: 4 });
    request.upload.onprogress({ loaded: 4, total: 4 });
    Object.assign(request, { status: 201, response: TOLD }).onload();
  });
  assert.deepEqual(await send(Request, { told: (part) => progress.push(part), solution: "s" }), TOLD);
  assert.deepEqual(progress, [0.25, 1]);
  const { method, address, headers, form } = Request.last;
  assert.deepEqual([method, address], ["POST", "/api/v1/widget/attachments"]);
  assert.deepEqual(headers, { "X-Widget-Token": "t", "X-Widget-Challenge": "s" });
  assert.equal(form.get("file").name, "order.txt");
});

test("a refusal comes with its code, and with whether the same file can be taken later", async () => {
  const refused = answered(422, { error: { code: "file_infected", message: "No." } });
  await assert.rejects(send(refused), { code: "file_infected", message: "No.", status: 422, mayPass: false });
  const busy = answered(503, { error: { code: "scanner_unavailable", message: "", retryAfter: 60 } });
  await assert.rejects(send(busy), { code: "scanner_unavailable", retryAfter: 60, mayPass: true });
  const asked = answered(403, { error: { code: "challenge_required", message: "", challenge: { salt: "x" } } });
  await assert.rejects(send(asked), { code: "challenge_required", challenge: { salt: "x" } });
});

test("what is no answer of ours is a failure, and no answer a lost connection", async () => {
  await assert.rejects(send(answered(502, null)), { code: "failed", status: 502, mayPass: true });
  await assert.rejects(send(answered(201, null)), { code: "failed" });
  const lost = requestWith((request) => (Object.assign(request, { status: 0, response: null }), request.onerror()));
  await assert.rejects(send(lost), { code: "unreachable", status: 0, mayPass: true });
});

test("a file that is taken back stops", async () => {
  const stop = new AbortController();
  const sending = send(requestWith(() => stop.abort()), { signal: stop.signal });
  await assert.rejects(sending, { code: "unreachable" });
});

test("sizes and kinds are told as people know them", () => {
  assert.equal(sizeInWords(0, "en"), "0 bytes");
  assert.equal(sizeInWords(2048, "en"), "2 kB");
  assert.equal(sizeInWords(10 * 1024 * 1024, "en"), "10 MB");
  assert.equal(sizeInWords(1.5 * 1024 * 1024, "de"), "1,5 MB");
  assert.equal(kindOf({ name: "a.b.xlsx" }), "XLSX");
});

test("a message keeps its files until the server has it", () => {
  const store = new MessageStore();
  store.pend({ clientId: "x1", text: "", at: "2026-11-22T10:00:00Z", owner: "", attachments: [TOLD] });
  assert.deepEqual(store.mark("x1", "failed").attachments, [TOLD]);
});

test("a file that is not there any more gives the words back", () => {
  assert.equal(remedyOf({ code: "file_gone", status: 422 }), "giveBack");
});
