/** Heeds the triggers of a site that are more than a delay. The server writes them into it. */
import { fill, pick, valuesOf } from "../greetings.js";
import { fits } from "../pages.js";
import { languageOf } from "../rules/language.js";
import { Memory } from "../rules/memory.js";
import { verdict } from "../rules/verdict.js";

const rules = Object("__RULES__");
const { agent, triggers, greetings, pages, only, turns = [], open: wasOpen = true } = rules;
const SIGNS = ["pointermove", "pointerdown", "keydown", "scroll", "touchstart"];

/**
 * The loader calls this once the page has come to rest, with some of what it can do:
 *
 * @param told `() => {customer, context, consent, …}`, what the site has said so far
 * @param invite `(words, dismissed)` shows words beside the launcher, unless the chat is open
 * @param open opens the chat and leaves the focus where it is
 * @param tell tells the frame something, as soon as there is one
 */
export default function heed(told, invite, open, tell) {
  const api = window.CustomerAgent;
  const life = new AbortController();
  const memory = new Memory(`${agent}.rules`, () => told().consent !== false);
  const { visit, ever } = memory;
  const needs = (...names) => [...triggers, ...greetings].some((rule) => names.some((each) => each in rule));
  let page, customer, teaser, chatIsOpen;
  let movedAt = performance.now();

  begin(0);
  if (needs("visitor")) {
    visit.returning ??= "since" in ever;
    ever.since ??= now();
  }
  for (const sign of SIGNS) listen(window, sign, () => (movedAt = performance.now()));
  listen(window, "scroll", measure);
  // On a touch screen nothing says that somebody is about to leave.
  listen(document.documentElement, "mouseleave", ({ clientY }) => clientY <= 0 && consider({ leaving: true }));
  for (const { event } of triggers) if (event) heedEvent(event, () => (page.events.push(event), consider()));
  heedEvent("open", () => (visit.opened = chatIsOpen = 1));
  heedEvent("close", () => (chatIsOpen = 0));
  heedEvent("identity", ({ detail }) => (customer = detail.customer));
  const timer = setInterval(consider, 500);
  consider();

  /** A page begins: with the document, or where a site of one document goes to another address. */
  function begin(since = performance.now()) {
    page = { path: location.pathname, since, scrolled: 0, events: [], done: {} };
    if (needs("nth_page")) visit.page = (visit.page ?? 0) + 1;
  }

  function measure() {
    const { scrollHeight, clientHeight } = document.documentElement;
    const rest = scrollHeight - clientHeight;
    if (rest > 0) page.scrolled = Math.max(page.scrolled, (100 * scrollY) / rest);
  }

  function consider(moment) {
    // The widget was taken off the page.
    if (!api.on) return shutDown();
    if (location.pathname !== page.path) begin();
    memory.settle();
    if (document.hidden || chatIsOpen || teaser?.isConnected || isAway()) return;
    const trigger = triggers.find((each) => verdict(each, factsOf(each, moment)).fires);
    if (trigger) act(trigger);
    memory.settle();
  }

  /** Whether the settings keep the chat off this page. */
  function isAway() {
    return pages && fits(pages, page.path) !== only;
  }

  function factsOf({ id }, moment) {
    const time = performance.now();
    const at = ever.at?.[id];
    return {
      ...page,
      seconds: (time - page.since) / 1000,
      idle: (time - movedAt) / 1000,
      leaving: false,
      context: told().context ?? {},
      returning: Boolean(visit.returning),
      page: visit.page,
      open: turns.filter((turn) => turn <= now()).length % 2 ? !wasOpen : wasOpen,
      ago: at === undefined ? null : now() - at,
      inVisit: id in (visit.done ?? {}),
      onPage: id in page.done,
      dismissed: id in (ever.gone ?? {}),
      opened: "opened" in visit,
      ...moment,
    };
  }

  function act(trigger) {
    const { id, does } = trigger;
    // A chat that fills the screen by itself would be in the way.
    if (does === "open" && !matchMedia("(max-width: 640px), (max-height: 440px)").matches) {
      note(trigger);
      return open();
    }
    const facts = { path: page.path, returning: Boolean(visit.returning), now: new Date() };
    const here = rules.said?.[languageOf(rules, told().locale)];
    const greeting = pick(greetings, facts);
    const text = here
      ? here.triggers[triggers.indexOf(trigger)] || here.greetings[greetings.indexOf(greeting)]
      : trigger.text ?? greeting.text;
    const words = fill(text, valuesOf(here?.name ?? rules.name, customer ?? told().customer));
    teaser = invite(words, () => ((ever.gone ??= {})[id] = 1));
    if (!teaser) return;
    note(trigger);
    // The chat begins with the words that it came for.
    tell("greet", { text: words });
  }

  function note({ id, number, cap }) {
    page.done[id] = 1;
    if (cap === "visit") (visit.done ??= {})[id] = 1;
    if (cap !== "visit" && cap !== "always") (ever.at ??= {})[id] = now();
    report(number);
  }

  function shutDown() {
    clearInterval(timer);
    life.abort();
  }

  function heedEvent(name, run) {
    listen(window, `customer-agent:${name}`, run);
  }

  /** @param kind as it is: the name of a site's own event may hold spaces */
  function listen(target, kind, run) {
    target.addEventListener(kind, run, { signal: life.signal, passive: true });
  }
}

function report(trigger) {
  const events = [{ kind: "greet", page: location.pathname, trigger }];
  navigator.sendBeacon(new URL("/api/v1/widget/track", import.meta.url), JSON.stringify({ agentId: agent, events }));
}

function now() {
  return Math.floor(Date.now() / 1000);
}
