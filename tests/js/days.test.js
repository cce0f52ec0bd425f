import assert from "node:assert/strict";
import { test } from "node:test";

import { dayOf, nameOfDay, timeOf } from "../../static/js/widget/frame/days.js";

const NOON = new Date(2026, 4, 20, 12, 0).getTime();
const hoursAgo = (hours) => new Date(NOON - hours * 3_600_000).toISOString();

test("days near have names, days far have dates", () => {
  assert.equal(nameOfDay(hoursAgo(1), { now: NOON }), "Today");
  assert.equal(nameOfDay(hoursAgo(13), { now: NOON }), "Yesterday");
  assert.equal(nameOfDay(hoursAgo(60), { now: NOON, locale: "en-GB" }), "Monday 18 May");
});

test("a day is the reader's own", () => {
  assert.equal(dayOf(hoursAgo(1)), dayOf(hoursAgo(11)));
  assert.notEqual(dayOf(hoursAgo(1)), dayOf(hoursAgo(13)));
});

test("a time follows the language", () => {
  assert.equal(timeOf(hoursAgo(0), { locale: "en-GB" }), "12:00");
});
