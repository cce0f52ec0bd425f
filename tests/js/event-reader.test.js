import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { afterEach, beforeEach, mock, test } from "node:test";
import { readEvents } from "../../static/js/admin/event-reader.js";

const STREAM = { headers: { "Content-Type": "text/event-stream; charset=utf-8" } };
let asked, told, end, now;

beforeEach(() => {
  [asked, told, end, now] = [[], [], new AbortController(), 0];
  mock.timers.enable({ apis: ["setTimeout"] });
  mock.method(performance, "now", () => now);
  mock.method(globalThis, "fetch", (_url, { signal }) => {
    const one = { signal };
    one.answer = new Promise((resolve, reject) => {
      one.give = (what, how = STREAM) => resolve(new Response(what, how));
      signal.addEventListener("abort", () => reject(signal.reason));
    });
    asked.push(one);
    return one.answer;
  });
});

afterEach(async () => {
  end.abort();
  await settle();
  mock.timers.reset();
  mock.restoreAll();
});

/** A stream that says what it is given, until it is closed or broken. */
function stream(signal) {
  let source;
  const body = new ReadableStream({ start: (controller) => (source = controller) });
  signal.addEventListener("abort", () => source.error(signal.reason));
  return { body, say: (text) => source.enqueue(new TextEncoder().encode(text)), close: () => source.close() };
}

function read() {
  return readEvents("/events", end.signal, {
    open: () => told.push("open"),
    event: ({ event, data }) => told.push(`${event}: ${data}`),
    broken: () => told.push("broken"),
  });
}

async function settle() {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function pass(milliseconds) {
  now += milliseconds;
  mock.timers.tick(milliseconds);
  await settle();
}

async function serve() {
  const one = stream(asked.at(-1).signal);
  asked.at(-1).give(one.body);
  await settle();
  return one;
}

test("every event is told, however it is cut, and a stream that ends is asked for again at once", async () => {
  read();
  const first = await serve();
  first.say("event: look\nda");
  first.say("ta: 1\n\nevent: anything\ndata: é\n\n");
  await settle();
  assert.deepEqual(told, ["open", "look: 1", "anything: é"]);
  now += 60_000;
  first.close();
  await settle();
  assert.equal(asked.length, 2);
  await serve();
  assert.deepEqual(told.slice(3), ["broken", "open"]);
});

test("a stream that ends as it begins is asked for less and less", async () => {
  read();
  for (const pause of [1_000, 2_000, 4_000, 8_000, 15_000, 15_000]) {
    const number = asked.length;
    (await serve()).close();
    await settle();
    await pass(pause - 1);
    assert.equal(asked.length, number, `too soon within ${pause}`);
    await pass(1);
    assert.equal(asked.length, number + 1);
  }
});

test("what is no stream is left unread, and asked for again after a while", async () => {
  read();
  asked[0].give("<h1>Sign in</h1>", { headers: { "Content-Type": "text/html" } });
  await settle();
  assert.ok(asked[0].signal.aborted);
  assert.deepEqual(told, ["broken"]);
  await pass(1_000);
  asked[1].give("", { ...STREAM, status: 503 });
  await settle();
  await pass(1_999);
  assert.equal(asked.length, 2);
});

test("a connection on which nothing is said is given up, one that is alive is not", async () => {
  read();
  const one = await serve();
  await pass(39_000);
  one.say(": still here\n\n");
  await settle();
  await pass(39_000);
  assert.equal(asked[0].signal.aborted, false);
  await pass(1_000);
  assert.ok(asked[0].signal.aborted);
  assert.deepEqual(told, ["open", "broken"]);
});

test("it ends when nobody wants it any more, also while it waits, and leaves nothing behind", async () => {
  const reading = read();
  (await serve()).close();
  await settle();
  await pass(1_000);
  (await serve()).close();
  await settle();
  assert.equal(getEventListeners(end.signal, "abort").length, 1);
  end.abort();
  await reading;
  assert.equal(asked.length, 2);
});
