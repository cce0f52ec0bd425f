import assert from "node:assert/strict";
import { test } from "node:test";

import { fateOf, isSamePerson, ownerOf, standingOf } from "../../static/js/widget/frame/owners.js";

const nobody = { customer: null, conversation: "c1" };
const nobodyElse = { customer: null, conversation: "c2" };
const ann = { customer: "ann", conversation: "c3" };
const annLater = { customer: "ann", conversation: "c4" };
const bob = { customer: "bob", conversation: "c5" };
const joined = { customer: "ann", conversation: "c1" };

test("a customer goes by their id, and nobody in particular by the conversation", () => {
  assert.deepEqual([ann, nobody, {}].map(ownerOf), ["customer ann", "conversation c1", ""]);
});

test("a kept message is its owner's, in whatever conversation", () => {
  assert.equal(standingOf(ownerOf(ann), annLater), "own");
  assert.equal(standingOf(ownerOf(nobody), nobody), "own");
});

test("a kept message is never another customer's", () => {
  assert.equal(standingOf(ownerOf(ann), bob), "other");
  assert.equal(standingOf(ownerOf(ann), nobody), "other");
  assert.equal(standingOf(ownerOf(nobody), bob), "other");
  assert.equal(standingOf("", bob), "other");
});

test("a kept message follows its conversation to the customer it turned out to be", () => {
  assert.equal(standingOf(ownerOf(nobody), joined), "own");
});

test("between two visitors without a name, somebody has to say whose it is", () => {
  assert.equal(standingOf(ownerOf(nobody), nobodyElse), "asked");
  assert.equal(standingOf("", nobody), "own");
});

test("the same person goes on by name or by conversation", () => {
  assert.ok(isSamePerson(ann, annLater));
  assert.ok(isSamePerson(nobody, joined));
  assert.ok(!isSamePerson(nobody, nobodyElse));
  assert.ok(!isSamePerson(ann, bob));
});

test("what is being written goes on with whoever turns out to have written it", () => {
  const fate = (before, who) => fateOf("", { before, who });
  assert.equal(fate(null, ann), "own");
  assert.equal(fate(ann, annLater), "own");
  assert.equal(fate(nobody, ann), "own");
  assert.equal(fate(nobody, nobodyElse), "asked");
  assert.equal(fate(ann, bob), "other");
  assert.equal(fate(ann, nobody), "other");
});

test("what was written as one customer is not sent as the one whom the site names instead", () => {
  assert.equal(fateOf("customer ann", { before: null, who: bob, introduced: "customer bob" }), "other");
  assert.equal(fateOf("customer bob", { before: null, who: bob, introduced: "customer bob" }), "own");
});
