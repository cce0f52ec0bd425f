/** Whether a trigger acts: what core/triggers.py explains in words. tests/triggers.json holds both to the same. */
import { fits } from "../pages.js";

const DAY = 86_400;
const PAUSES = { day: DAY, week: 7 * DAY, ever: Infinity };

const CONDITIONS = {
  after_seconds: (wanted, { seconds }) => seconds >= wanted,
  scrolled: (wanted, { scrolled }) => scrolled >= wanted,
  on_exit: (_wanted, { leaving }) => leaving,
  idle_seconds: (wanted, { idle }) => idle >= wanted,
  event: (wanted, { events }) => events.includes(wanted),
  at_least: (wanted, { context }, { value }) => numberOf(context[value]) >= wanted,
  stems: (wanted, { path }) => fits(wanted, path),
  visitor: (wanted, { returning }) => (wanted === "returning") === returning,
  nth_page: (wanted, { page }) => page >= wanted,
  in_hours: (_wanted, { open }) => open,
  cap: (wanted, { ago, inVisit, onPage }) =>
    wanted === "always" ? !onPage : wanted === "visit" ? !inVisit : ago === null || ago >= PAUSES[wanted],
};

/**
 * @param trigger a rule of `core.triggers.rules_of`: what it does not ask for is not there
 * @param facts as in core/triggers.py, in camelCase
 * @returns `{fires, because}`: the names of the conditions that hold, or of those that do not hold yet
 */
export function verdict(trigger, facts) {
  const asked = Object.keys(CONDITIONS).filter((name) => name in trigger);
  const missing = asked.filter((name) => !CONDITIONS[name](trigger[name], facts, trigger));
  if (!trigger.after_dismissal) {
    asked.push("after_dismissal");
    if (facts.dismissed || facts.opened) missing.push("after_dismissal");
  }
  return { fires: !missing.length, because: missing.length ? missing : asked };
}

function numberOf(value) {
  const isWritten = typeof value === "string" && value.trim() !== "";
  const number = isWritten || typeof value === "number" ? Number(value) : NaN;
  return Number.isFinite(number) ? number : NaN;
}
