/**
 * Draws the launcher on a stranger's page, fetches the window with the chat when it is wanted, and is
 * `window.CustomerAgent`. Every page view of every site pays for every byte: 3 kB with the settings
 * (tests/blueprints/widget/test_loader.py). What can wait for the customer stands in loader/window.js.
 */
import { styleOf } from "./loader/style.js";
import { fits } from "./pages.js";

const config = Object("__CONFIG__");
const { agent, origin, version, preview, look } = config;
const settings = (window.CustomerAgent ??= {});
const life = new AbortController();
const observer = new MutationObserver(settle);
const sheet = new CSSStyleSheet();
const heeders = new Map();
const openers = new Set();
const untold = [];
let host, root, launcher, chat, isWarm, teaser, opener, drawnAt, takesFocus, storage;
let isOpen = false;
// The setting gives its name to the call.
let { consent } = settings;
let returns = 0;
let tries = 0;

const api = {
  open: () => open(true),
  close,
  toggle: () => (isOpen ? close() : open(true)),
  show: () => (host.hidden = false),
  hide() {
    close();
    host.hidden = true;
  },
  send(text) {
    open(true);
    tell("send", { text });
  },
  identify: ({ customer, customerToken } = {}) => change({ customer, customerToken }, "identify"),
  logout() {
    api.identify();
    leave();
  },
  setContext: (context) => change({ context }),
  consent(given) {
    consent = given;
    change({}, "consent");
    remember(isOpen && "open");
  },
  on(name, heed) {
    if (!heeders.has(heed)) heeders.set(heed, ({ detail }) => heed(detail));
    listen(window, "customer-agent:" + name, heeders.get(heed));
    if (name === "ready" && drawnAt) heed({});
  },
  off: (name, heed) => removeEventListener("customer-agent:" + name, heeders.get(heed)),
  shutdown() {
    life.abort();
    observer.disconnect();
    host.remove();
    settings.on = null;
    settings.q = [];
  },
};

const draft = location.hash.split("#porchlight-preview=")[1];
// A draft that cannot be had is answered with what is published; whichever of the two scripts comes first begins.
if (draft && !preview) import(`${origin}/widget/${agent}.js?preview=${draft}`).then(begin, begin);
else begin();

function begin() {
  // Whoever has `on` is the API already: the script was pasted twice.
  if (settings.on) return;
  settings.on = api.on;
  observer.observe(document.documentElement, { childList: true });
  settle();
}

/** A single-page site may swap its body: the chat moves along; not for ever, in case somebody minds. */
function settle() {
  const { body } = document;
  if (!body || host?.isConnected || returns++ > 20) return;
  observer.observe(body, { childList: true });
  if (host) body.append(host);
  else start(body);
}

function start(body) {
  host = make("div");
  root = host.attachShadow({ mode: "open" });
  root.append(make("slot"));
  root.adoptedStyleSheets = [sheet];
  if (!settings.launcher && !look.bare) {
    launcher = make("button", look.text);
    launcher.dataset.customerAgent = "launcher";
    launcher.dir = "auto";
    launcher.ariaExpanded = false;
    launcher.ariaLabel = look.words.open;
    host.append(launcher);
  }
  paint();
  body.append(host);
  drawnAt = performance.now();
  try {
    storage = sessionStorage;
  } catch {
    // Where storage is closed, each page begins closed too.
  }
  attend();
  // Calls made before are arrays like `["send", "Hi"]`.
  const run = ([name, ...rest]) => api[name]?.(...rest);
  const { q = [] } = settings;
  Object.assign(settings, api, { q: { push: run } });
  emit("ready");
  q.forEach(run);
  if (preview) warm();
  else resume();
}

function attend() {
  const own = settings.launcher ?? look.opener;
  const selector = "[data-customer-agent=launcher]" + (own ? "," + own : "");
  listen(document, "pointerover focusin click", ({ target, type }) => {
    const found = target.closest?.(selector);
    if (!found) return;
    openers.add(found);
    warm();
    if (type === "click") api.toggle((opener = found));
    else tellState();
  });
  listen(host, "keydown", ({ key }) => key === "Escape" && close());
  listen(window.navigation ?? window, "currententrychange popstate", turn);
  // A site may refuse pictures of others; its launcher keeps the icon.
  if (launcher && look.image) Object.assign(new Image(), { src: look.image, onload: () => (launcher.dataset.picture = "") });
}

/** The chat that was open on the site's last page is open on this one. */
function resume() {
  setTimeout(report, 1000, "load");
  // More than a delay decides whether to greet, and how: what heeds that comes once the page has come to rest, or the
  // delay is over.
  if (look.rules) setTimeout(async () => (await import(look.rules)).default(told, invite, open, tell), (look.trigger ?? 1) * 1000);
  const before = storage?.[agent];
  if (before === "open") open();
  if (before === "leave") leave();
  if (!before && look.trigger && !look.rules) setTimeout(invite, look.trigger * 1000);
}

function report(kind, code) {
  const events = [{ kind, code, page: location.pathname, version, timings: { launcher: drawnAt } }];
  navigator.sendBeacon(`${origin}/api/v1/widget/track`, JSON.stringify({ agentId: agent, events }));
}

/** Whether the settings keep the chat off this page. */
function isAway() {
  return look.pages && fits(look.pages, location.pathname) !== !!look.only;
}

/** The site has gone on to its next page by itself. */
function turn() {
  takesFocus = false;
  change();
  paint();
}

function paint() {
  // Who opens the chat where it is not shown by itself has it until it is closed.
  const shown = isOpen && takesFocus ? "flex" : isAway() && "none";
  sheet.replaceSync(styleOf(look, settings.position, shown));
}

/** The frame is made at the first sign of interest, unseen, and shown when it is opened and can be used. */
function warm() {
  if (isWarm) return;
  isWarm = true;
  // First of all who is chatting; what changes later is told in its turn, so that a text is sent as who wrote it.
  change();
  // A module that could not be had is not fetched again from the same address.
  import(`${origin}${config.window}?${tries++}`).then(
    ({ attach }) => {
      chat = attach(config, settings, host, launcher, openers, untold, { listen, open, close, emit, remember, paint });
      tellState();
    },
    () => (isWarm = false),
  );
}

function tell(type, content) {
  untold.push({ type, ...content });
  chat?.flush();
}

function change(changes, type = "settings") {
  Object.assign(settings, changes);
  if (isWarm) tell(type, told());
}

/** Plain copies; of the token only that there is one: it is asked for when a session needs it. */
function told() {
  const { customer, context, locale, customerToken } = settings;
  const page = location.pathname;
  const { title } = document;
  return JSON.parse(JSON.stringify({ customer, context, locale, consent, page, title, customerToken: !!customerToken }));
}

/**
 * A session of an earlier page may still be alive, so the frame is asked even when nobody has opened it; and a site that
 * goes to its next page at once would take it away before it has answered, so that page asks again.
 */
function leave() {
  remember("leave");
  warm();
  tell("logout");
}

function open(focus) {
  if (isOpen) return;
  isOpen = true;
  takesFocus = focus;
  teaser?.remove();
  warm();
  setTimeout(() => isOpen && !chat?.isThere() && fail(), 8000);
  turned("open");
}

function close() {
  if (!isOpen) return;
  isOpen = false;
  turned("close");
}

function turned(state) {
  paint();
  tellState();
  emit(state);
  remember(state);
}

function tellState() {
  chat?.turn(isOpen, takesFocus, opener ?? launcher);
}

function fail() {
  close();
  chat?.frame.remove();
  chat = isWarm = null;
  untold.length = 0;
  const code = "frame_unreachable";
  report("error", code);
  emit("error", { code, message: "The chat could not be opened." });
}

/** The greeting beside the launcher, or other words for which somebody else keeps the books. */
function invite(words, dismissed) {
  if (isOpen || isAway()) return;
  if (!words) {
    // Once it was shown it stays away.
    remember("close");
    report("greet");
  }
  teaser = make("p");
  teaser.dir = "auto";
  const dismiss = make("button", "\u2715", () => teaser.remove(dismissed?.()));
  dismiss.ariaLabel = look.words.dismiss;
  teaser.append(make("button", words || look.greeting, api.open), dismiss);
  root.append(teaser);
  return teaser;
}

function make(tag, text = "", act = null) {
  const element = document.createElement(tag);
  element.append(text);
  element.onclick = act;
  return element;
}

function emit(name, detail = {}) {
  const event = "customer-agent:" + name;
  dispatchEvent(new CustomEvent(event, { detail }));
  window.dataLayer?.push({ event, customerAgent: detail });
}

function remember(state) {
  if (consent === false) delete storage?.[agent];
  else if (storage && state) storage[agent] = state;
}

function listen(target, kinds, act) {
  for (const kind of kinds.split(" ")) target.addEventListener(kind, act, { signal: life.signal });
}
