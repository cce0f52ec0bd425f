/** The chat inside its iframe, or on a page of its own. */
import { Bridge } from "./frame/bridge.js";
import { Chat } from "./frame/chat.js";
import { Keeping } from "./frame/keeping.js";
import { fetchPart } from "./frame/parts.js";

const page = document.body.dataset;
const look = JSON.parse(document.getElementById("look").textContent);
const setting = { look };
const keeping = new Keeping(page.agent);
const hasLoader = parent !== window && (page.mode === "bubble" || page.mode === "preview");

let mayKeep = true;
let isBegun = false;

/** What the page around says. */
const heed = {
  connect({ parentOrigin }) {
    chat.learn({ parentOrigin });
    if (look.launcher) bridge.tell("words", look.launcher);
    enlarge();
  },
  settings: (settings) => learn(settings),
  identify: (settings) => learn(settings, { isNew: true }),
  consent: (settings) => (learn(settings), chat.keep(mayKeep)),
  open: ({ focus }) => begin({ focus }),
  greet: ({ text }) => (document.getElementById("greeting").textContent = look.said = text),
  close: () => chat.hide(),
  send: ({ text }) => (begin({ focus: true }), chat.sayInTurn(String(text))),
  logout: () => chat.belonging.logOut({ isResumable: page.resumable === "1" }),
};

const bridge = new Bridge((news) => heed[news.type]?.(news));
// First of all: while the chat is put together, the loader can answer.
if (hasLoader) bridge.greet();
const chat = new Chat({ page, look, bridge, keeping, setting });

function learn(told, how) {
  const { consent, customer, customerToken, page, title: page_title } = told;
  setting.told = told;
  mayKeep = consent !== false;
  if (!mayKeep || isBegun) keeping.allow(mayKeep);
  chat.learn({ customer, customerToken, context: { page, page_title, ...told.context } }, how);
  chat.stage.named?.();
}

function begin(options) {
  isBegun = true;
  if (mayKeep) keeping.allow();
  chat.open(options);
}

/** The window is as large as on the page before. */
function enlarge() {
  try {
    if (sessionStorage["porchlight-large"]) fetchPart("resize").then(({ restore }) => restore(chat.stage));
  } catch {
    // Where nothing is kept, each page begins as usual.
  }
}

function close() {
  if (hasLoader) bridge.tell("close");
}

/** A chat inside a page begins when it is used, so that a page view alone makes no customer. */
function beginOnUse() {
  const start = () => begin({ focus: false });
  if (page.mode === "link" || page.resumable === "1") return start();
  for (const sign of ["focusin", "pointerdown"]) addEventListener(sign, start, { once: true });
}

document.getElementById("close")?.addEventListener("click", close);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing && !chat.stepBack()) close();
});

if (page.mode === "preview") {
  fetchPart("preview").then((part) => part.attendPreview(chat.stage));
}
if (look.greetings || look.away) fetchPart("greeting").then((part) => part.default(chat.stage), () => {});
if (page.mode === "window") {
  fetchPart("pop-out").then(({ takeOver }) => takeOver(chat.stage));
} else if (!hasLoader) {
  bridge.standAlone();
  beginOnUse();
}
