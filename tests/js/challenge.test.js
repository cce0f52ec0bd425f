import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { solve } from "../../static/js/widget/parts/challenge.js";
import { Digester } from "../../static/js/widget/parts/sha256.js";

const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const hex = (words) => Array.from(words, (word) => word.toString(16).padStart(8, "0")).join("");
const read = (header) => JSON.parse(atob(header));

function makeChallenge({ salt = "a1b2c3?expires=1900000000&", number = 1234, most = 5000 } = {}) {
  return { algorithm: "SHA-256", challenge: sha256(salt + number), maxnumber: most, salt, signature: "5e1f" };
}

test("digests are those of SHA-256, whatever the length of what is shared", () => {
  for (let length = 0; length < 200; length += 1) {
    const prefix = "x".repeat(length);
    const digester = new Digester(prefix);
    for (const suffix of ["", "0", "123456789"]) assert.equal(hex(digester.of(suffix)), sha256(prefix + suffix));
  }
});

test("a text with letters beyond ASCII is digested as UTF-8", () => {
  assert.equal(hex(new Digester("größer 🙂").of("7")), sha256("größer 🙂7"));
});

test("the number is found and told with all that the server needs to check it", async () => {
  const challenge = makeChallenge({ number: 4321 });
  const { took, ...payload } = read(await solve(challenge));
  const { maxnumber, ...told } = challenge;
  assert.deepEqual(payload, { ...told, number: 4321 });
  assert.ok(Number.isInteger(took) && took >= 0);
});

test("the first and the last number are searched, too", async () => {
  for (const number of [0, 300]) assert.equal(read(await solve(makeChallenge({ number, most: 300 }))).number, number);
});

test("a challenge without a solution ends, and one of another kind is not begun", async () => {
  assert.equal(await solve(makeChallenge({ number: 301, most: 300 })), null);
  assert.equal(await solve({ ...makeChallenge(), algorithm: "SHA-512" }), null);
});

test("no slice is longer than a frame", async () => {
  let time = 0;
  const slices = [];
  let began = 0;
  const now = () => (time += 0.5);
  const pause = async () => {
    slices.push(time - began);
    began = time;
  };
  await solve(makeChallenge({ number: 4999 }), { now, pause });
  assert.ok(slices.length > 2);
  assert.ok(Math.max(...slices) <= 16, `${Math.max(...slices)} ms`);
});
