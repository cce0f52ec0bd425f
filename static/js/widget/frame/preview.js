/**
 * The customizer's live preview: a new look without a reload, and the moments of a chat to look at. They come to the
 * window of the page around, which has our own origin here; the loader is kept free of all this.
 */
import { drawMessage, firstLetter } from "./message-view.js";
import { WORDS } from "./words.js";

const theme = new CSSStyleSheet();

const byId = (id) => document.getElementById(id);

/** @param stage `{look, bridge, chat}` */
export function attendPreview(stage) {
  try {
    parent.addEventListener("message", ({ origin, data }) => {
      if (origin !== location.origin) return;
      if (data?.type === "porchlight:look") applyLook(data.look, stage);
      if (data?.type === "porchlight:moment") show(data.moment, stage);
    });
    new MutationObserver(leavePose).observe(byId("messages"), { childList: true });
  } catch {
    // A preview that was put on another website is just a chat.
  }
}

function applyLook(look, { look: current, bridge }) {
  Object.assign(current, look);
  const root = document.documentElement;
  root.dataset.scheme = look.scheme;
  theme.replaceSync(look.css);
  document.adoptedStyleSheets = [theme];
  for (const element of document.querySelectorAll("[data-look=name]")) element.textContent = look.name;
  for (const element of document.querySelectorAll("[data-look=letter]")) element.textContent = firstLetter(look.name);
  byId("greeting").textContent = look.greeting;
  drawLogo(look.logo);
  drawSuggestions(look.suggestions);
  bridge.tell("look", { look });
}

function drawLogo(address) {
  const intro = document.querySelector(".intro");
  const logo = intro.querySelector(".logo") ?? Object.assign(new Image(), { className: "logo", alt: "" });
  if (!address) return logo.remove();
  if (logo.getAttribute("src") !== address) logo.src = address;
  intro.prepend(logo);
}

function show(moment, { look, bridge, chat }) {
  bridge.tell(moment === "closed" ? "close" : "open");
  if (moment !== "closed") pose(moment, look, chat);
}

/** @param moment `greeting`, `chatting`, `waiting` or `offline`; what is said in them is only a sample */
function pose(moment, look, chat) {
  for (const sample of document.querySelectorAll("[data-sample]")) sample.remove();
  if (moment !== "greeting" && chat.isEmpty) byId("messages").append(...samplesOf(look));
  const hasMessages = document.querySelector("[data-message]") !== null;
  document.body.classList.toggle("is-empty", moment === "greeting" || !hasMessages);
  document.body.classList.toggle("is-greeting", moment === "greeting");
  chat.showState({ state: moment === "waiting" ? "waiting" : "agent" });
  byId("notice").textContent = moment === "offline" ? WORDS.offline : "";
}

/** Whoever tries the chat out in earnest sees it as it is. */
function leavePose(changes) {
  const isReal = changes.some(({ addedNodes }) => [...addedNodes].some((node) => node.matches?.(".message:not([data-sample])")));
  if (!isReal) return;
  document.body.classList.remove("is-greeting");
  for (const sample of document.querySelectorAll("[data-sample]")) sample.remove();
}

function drawSuggestions(questions) {
  const list = byId("questions");
  const blank = byId("question-template").content.firstElementChild;
  list.replaceChildren(
    ...questions.map((question) => {
      const button = blank.cloneNode(true);
      button.querySelector("span").textContent = question;
      return button;
    }),
  );
}

function samplesOf(look) {
  const at = new Date().toISOString();
  const samples = [
    { id: "sample-1", from: "customer", state: "sent", text: "Hello, can you help me with my order?", at },
    { id: "sample-2", from: "agent", state: "done", text: "Of course. What would you like to know about it?", at },
  ];
  return samples.map((sample) => {
    const element = drawMessage(sample, { look });
    element.dataset.sample = "";
    return element;
  });
}
