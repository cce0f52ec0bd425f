/** Days and times as the reader's own clock and language tell them. */
import { locale, say } from "./words.js";

const DAY = 86_400_000;

/** A key that is the same for two moments of one local day. */
export function dayOf(moment) {
  return new Date(moment).toDateString();
}

export function nameOfDay(moment, now = Date.now()) {
  if (dayOf(moment) === dayOf(now)) return say("today");
  if (dayOf(moment) === dayOf(now - DAY)) return say("yesterday");
  return new Intl.DateTimeFormat(locale(), { weekday: "long", day: "numeric", month: "long" }).format(new Date(moment));
}

export function timeOf(moment) {
  return new Intl.DateTimeFormat(locale(), { hour: "numeric", minute: "2-digit" }).format(new Date(moment));
}
