import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { fill, pick, valuesOf } from "../../static/js/widget/greetings.js";

const { filled: FILLED, picked: PICKED } = JSON.parse(await readFile("tests/greetings.json", "utf8"));

for (const { text, values, filled } of FILLED) {
  test(`${text} with ${JSON.stringify(values)}`, () => assert.equal(fill(text, values), filled));
}

for (const { text, greetings, path, returning, time } of PICKED) {
  test(`${path} at ${time} is greeted with ${text}`, () => {
    assert.equal(pick(greetings, { path, returning, now: new Date(`2026-11-22T${time}:00`) }).text, text);
  });
}

test("what the site tells of its customer becomes values, whatever it is", () => {
  const told = valuesOf("Lumi", { name: " Ann  Lee ", email: "ann@example.com" });
  assert.equal(fill("{{customer.first_name}} of {{agent.name}}", told), "Ann of Lumi");
  assert.equal(fill("Hi {{customer.first_name|there}}", valuesOf("Lumi", { name: 7, email: null })), "Hi there");
  assert.equal(fill("Hi {{customer.first_name|there}}", valuesOf("Lumi", undefined)), "Hi there");
});

test("an order is the server's word alone, whatever the site tells", () => {
  const text = "{{order.number|Your order}} is {{order.status|on its way}}.";
  const told = { name: "Ann", order: { number: "#6", status: "lost" } };
  assert.equal(fill(text, valuesOf("Lumi", told)), "Your order is on its way.");
  assert.equal(fill(text, valuesOf("Lumi", told, { number: "#1042", status: "delivered" })), "#1042 is delivered.");
});
