/**
 * Draws the launcher on a stranger's page, makes the chat's iframe when it is wanted, and is `window.CustomerAgent`.
 * Every page view of every site pays for every byte: 3 kB with the settings (tests/js/budgets.test.js).
 */
import { styleOf } from "./loader/style.js";

const { agent, origin, preview, look } = Object("__CONFIG__");
const settings = (window.CustomerAgent ??= {});
const life = new AbortController();
const darkness = matchMedia("(prefers-color-scheme:dark)");
const observer = new MutationObserver(settle);
const sheet = new CSSStyleSheet();
const heeders = new Map();
const untold = [];
let host, root, launcher, frame, port, teaser, patience, opener, drawnAt, takesFocus, storage;
let isOpen = false;
let unread = 0;
// The setting gives its name to the call.
let { consent } = settings;
let returns = 0;

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
    clearTimeout(patience);
    host.remove();
    settings.on = null;
    settings.q = [];
  },
};

// Whoever has `on` is the API already: the script was pasted twice.
if (!settings.on) {
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
  if (!settings.launcher) {
    launcher = make("button");
    launcher.dataset.customerAgent = "launcher";
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
  const selector = settings.launcher ?? "[data-customer-agent=launcher]";
  listen(document, "pointerover focusin click", ({ target, type }) => {
    const found = target.closest?.(selector);
    if (!found) return;
    warm();
    if (type === "click") api.toggle((opener = found));
  });
  listen(host, "keydown", ({ key }) => key === "Escape" && close());
  listen(darkness, "change", paint);
  listen(visualViewport, "resize scroll", paint);
  listen(window, "message", (event) => {
    if (event.data?.type === "porchlight:hello" && event.source === frame?.contentWindow && event.origin === origin) connect();
  });
}

/** The chat that was open on the site's last page is open on this one. */
function resume() {
  setTimeout(report, 1000, "load");
  // More than a delay decides when to greet: what heeds that comes once the page has come to rest.
  if (look.rules) setTimeout(async () => (await import(look.rules)).default(told, invite, open, tell), 1000);
  const before = storage?.[agent];
  if (before === "open") open();
  if (before === "leave") leave();
  if (!before && look.trigger) setTimeout(invite, look.trigger * 1000);
}


function report(kind) {
  const events = [{ kind, page: location.pathname, timings: { launcher: drawnAt } }];
  navigator.sendBeacon(`${origin}/api/v1/widget/track`, JSON.stringify({ agentId: agent, events }));
}

function paint() {
  const isDark = { dark: true, auto: darkness.matches }[look.scheme];
  const position = settings.position ?? look.position;
  sheet.replaceSync(styleOf(look, position, isDark, isOpen, isOpen && port, unread));
  if (!launcher) return;
  launcher.textContent = isOpen ? "" : look.text;
  launcher.ariaLabel = (isOpen ? "Close chat" : look.text || `Chat with ${look.name}`) + (unread ? `, ${unread} new` : "");
  launcher.ariaExpanded = isOpen;
}

/** The frame is made at the first sign of interest, unseen, and shown when it is opened and can be used. */
function warm() {
  if (frame) return;
  frame = make("iframe");
  frame.dataset.customerAgent = "frame";
  frame.title = "Chat";
  frame.src = `${origin}/widget/${agent}?${preview ? `preview=${preview}` : "mode=bubble"}`;
  host.append(frame);
  // First of all who is chatting; what changes later is told in its turn, so that a text is sent as who wrote it.
  change();
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
  if (port) reveal();
  else patience = setTimeout(fail, 8000);
  turned("open");
}

function reveal() {
  paint();
  if (takesFocus) frame.focus();
  tell("open", { focus: takesFocus });
}

function close() {
  if (!isOpen) return;
  isOpen = false;
  clearTimeout(patience);
  if (document.activeElement === frame) (opener ?? launcher)?.focus();
  if (port) tell("close");
  turned("close");
}

function turned(state) {
  paint();
  emit(state);
  remember(state);
}

function fail() {
  close();
  frame.remove();
  frame = null;
  untold.length = 0;
  emit("error", { code: "frame_unreachable", message: "The chat could not be opened." });
}

function connect() {
  const channel = new MessageChannel();
  port = channel.port1;
  port.onmessage = ({ data }) => answers[data.type](data);
  frame.contentWindow.postMessage({ type: "porchlight:connect" }, origin, [channel.port2]);
  clearTimeout(patience);
  flush();
  if (isOpen) reveal();
}

/** What the frame says. */
const answers = {
  open: () => open(),
  close,
  event: ({ name, detail }) => emit(name, detail),
  unread: ({ count }) => paint((unread = count)),
  left: () => remember(isOpen ? "open" : "close"),
  look: (news) => paint(Object.assign(look, news.look)),
  async token() {
    const { customerToken: given } = settings;
    let token;
    try {
      token = await (given?.call ? given() : given);
    } finally {
      // What went wrong is for the site's own console; the frame learns at once that there is no token.
      tell("token", { token: token?.toString() });
    }
  },
};

function tell(type, content) {
  untold.push({ type, ...content });
  if (port) flush();
}

function flush() {
  untold.splice(0).forEach((message) => port.postMessage(message));
}

function change(changes, type = "settings") {
  Object.assign(settings, changes);
  if (frame) tell(type, told());
}

/** Plain copies; of the token only that there is one: it is asked for when a session needs it. */
function told() {
  const { customer, context, locale, customerToken } = settings;
  return JSON.parse(JSON.stringify({ customer, context, locale, consent, customerToken: !!customerToken }));
}

/** The greeting beside the launcher, or other words for which somebody else keeps the books. */
function invite(words, dismissed) {
  if (isOpen) return;
  if (!words) {
    // Once it was shown it stays away.
    remember("close");
    report("greet");
  }
  teaser = make("p");
  const dismiss = make("button", "\u2715", () => teaser.remove(dismissed?.()));
  dismiss.ariaLabel = "Dismiss";
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
