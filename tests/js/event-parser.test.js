import assert from "node:assert/strict";
import { test } from "node:test";

import { EventParser } from "../../static/js/widget/frame/event-parser.js";

const STREAM =
  "retry: 1000\n\n: still here\n\nevent: state\ndata: {}\n\nid: 7\nevent: message\ndata: one\ndata: two\n\ndata:bare\n\n";
const EVENTS = [
  { event: "state", data: "{}", id: null },
  { event: "message", data: "one\ntwo", id: "7" },
  { event: "message", data: "bare", id: null },
];

test("events come out whole however the stream is cut", () => {
  for (let size = 1; size <= STREAM.length; size += 1) {
    const parser = new EventParser();
    const events = [];
    for (let start = 0; start < STREAM.length; start += size) events.push(...parser.push(STREAM.slice(start, start + size)));
    assert.deepEqual(events, EVENTS, `in pieces of ${size}`);
  }
});

test("all three line ends end one line each", () => {
  for (const end of ["\n", "\r", "\r\n"]) {
    const parser = new EventParser();
    const pieces = [...STREAM.replaceAll("\n", end), ""];
    // A lone carriage return may still be followed by its line feed, so nothing waits for it.
    assert.deepEqual(pieces.flatMap((piece) => parser.push(piece)), EVENTS);
  }
});

test("an id with a null character and an event without data are passed over", () => {
  assert.deepEqual(new EventParser().push("id: a\0b\ndata: x\n\nevent: typing\n\n"), [
    { event: "message", data: "x", id: null },
  ]);
});

test("only one space after the colon belongs to the format", () => {
  assert.deepEqual(new EventParser().push("data:  x\ndata\n\n")[0].data, " x\n");
});
