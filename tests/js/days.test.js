import assert from "node:assert/strict";
import { test } from "node:test";

import "./words.js";
import { dayOf, nameOfDay, timeOf } from "../../static/js/widget/frame/days.js";

globalThis.location = { search: "" };
Object.defineProperty(globalThis, "navigator", { value: { languages: ["de-AT", "en-GB"] }, configurable: true });

const NOON = new Date(2026, 4, 20, 12, 0).getTime();
const hoursAgo = (hours) => new Date(NOON - hours * 3_600_000).toISOString();

test("days near have names, days far have dates", () => {
  assert.equal(nameOfDay(hoursAgo(1), NOON), "Today");
  assert.equal(nameOfDay(hoursAgo(13), NOON), "Yesterday");
  assert.equal(nameOfDay(hoursAgo(60), NOON), "Monday 18 May");
});

test("a day is the reader's own", () => {
  assert.equal(dayOf(hoursAgo(1)), dayOf(hoursAgo(11)));
  assert.notEqual(dayOf(hoursAgo(1)), dayOf(hoursAgo(13)));
});

test("a time is written as the reader likes it in the language of the widget", () => {
  assert.equal(timeOf(hoursAgo(0)), "12:00");
});
