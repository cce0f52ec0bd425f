/**
 * The customizer's live preview: a new look without a reload, and the moments of a chat to look at. They come to the
 * window of the page around, which has our own origin here; the loader is kept free of all this.
 */
import { ask, showTalk } from "./preview-talk.js";

const theme = new CSSStyleSheet();
const ownCss = new CSSStyleSheet();
const addresses = JSON.parse(document.body.dataset.parts);
let stage;

const byId = (id) => document.getElementById(id);

/** @param given what the chat lends to its parts */
export function attendPreview(given) {
  stage = given;
  parent.addEventListener("message", ({ origin, data }) => {
    if (origin !== location.origin) return;
    if (data?.type === "porchlight:look") takeLook(data.look);
    if (data?.type === "porchlight:locale") speak(data.locale);
    if (data?.type === "porchlight:moment") show(data.moment);
    if (data?.type === "porchlight:stage") set(data);
    if (data?.type === "porchlight:try") tryOut(data);
  });
  new MutationObserver(leavePose).observe(byId("messages"), { childList: true });
  parent.postMessage({ type: "porchlight:preview" }, location.origin);
}

/** Another language is another page of the frame. */
function speak(locale) {
  const address = new URL(location.href);
  if (locale && address.searchParams.get("locale") === locale) return;
  address.searchParams.set("locale", locale);
  location.replace(address);
}

/** A font is fetched before the look changes, so that its letters come with it and not after it. */
async function takeLook(told) {
  stage.speaks ??= told.speaks;
  // Words stand all over the page, and come with it.
  if (told.speaks[0] !== stage.speaks[0]) return speak("");
  if (String(told.speaks) !== String(stage.speaks)) return location.reload();
  const look = { ...told, ...told.inLanguages?.[document.documentElement.lang] };
  stage.wanted = look;
  const address = addresses[`font-${look.font}.css`];
  if (address && !document.querySelector(`link[href="${address}"]`)) {
    await dress(address);
    // Another look may have come meanwhile.
    if (stage.wanted !== look) return;
  }
  applyLook(look);
}

async function dress(href) {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  await new Promise((resolve) => {
    link.onload = link.onerror = resolve;
    document.head.append(link);
  });
  const faces = [...document.fonts].filter(({ unicodeRange }) => unicodeRange.startsWith("U+0-"));
  await Promise.race([Promise.allSettled(faces.map((face) => face.load())), new Promise((resolve) => setTimeout(resolve, 800))]);
}

function applyLook(look) {
  Object.assign(stage.look, look);
  const root = document.documentElement;
  root.dataset.scheme = look.scheme;
  theme.replaceSync(look.css);
  // The sheets that the page came with are the draft's of that moment.
  byId("theme")?.remove();
  byId("own-css")?.remove();
  ownCss.replaceSync(look.customCss ?? "");
  document.adoptedStyleSheets = [theme, ownCss];
  for (const element of document.querySelectorAll("[data-look=name]")) element.textContent = look.name;
  for (const element of document.querySelectorAll("[data-look=letter]")) element.textContent = stage.firstLetter(look.name);
  byId("greeting").textContent = look.greeting;
  drawLogo(look.logo);
  drawSuggestions(look.suggestions);
  showTalk(look, stage);
  stage.bridge.tell("look", { look });
}

function drawLogo(address) {
  const intro = document.querySelector(".intro");
  const logo = intro.querySelector(".logo") ?? Object.assign(new Image(), { className: "logo", alt: "" });
  if (!address) return logo.remove();
  if (logo.getAttribute("src") !== address) logo.src = address;
  intro.prepend(logo);
}

function show(moment) {
  stage.bridge.tell(moment === "closed" ? "close" : "open");
  if (moment !== "closed") pose(moment);
}

/** What a trigger would do, or a greeting in the chat. The loader's own invitation is drawn anew, to keep it small. */
function tryOut({ does, text }) {
  stage.bridge.tell(does === "greet" ? "close" : "open");
  const root = parent.document.querySelector("iframe[data-customer-agent=frame]").parentElement.shadowRoot;
  root.querySelector("p")?.remove();
  if (does === "greet") return root.append(invitation(text));
  pose("greeting");
  byId("greeting").textContent = text;
}

function invitation(text) {
  const [teaser, words, dismiss] = ["p", "button", "button"].map((tag) => parent.document.createElement(tag));
  words.textContent = text;
  words.onclick = () => (teaser.remove(), tryOut({ does: "open", text }));
  dismiss.textContent = "✕";
  dismiss.ariaLabel = "Dismiss";
  dismiss.onclick = () => teaser.remove();
  teaser.append(words, dismiss);
  return teaser;
}

/** Which way the words run, and whether the samples are as long as they get. */
function set({ direction, isLong }) {
  document.documentElement.dir = direction;
  stage.isLong = isLong;
}

/** @param moment `greeting`, `asking`, `chatting`, `waiting`, `offline` or `away`; what is said in them is only a sample */
function pose(moment) {
  const { conversation, showState, say } = stage;
  const isGreeting = moment === "greeting" || moment === "asking";
  for (const sample of document.querySelectorAll("[data-sample]")) sample.remove();
  if (!isGreeting && conversation.isEmpty) byId("messages").append(...samples());
  const hasMessages = document.querySelector("[data-message]") !== null;
  document.body.classList.toggle("is-empty", isGreeting || !hasMessages);
  document.body.classList.toggle("is-greeting", isGreeting);
  ask(moment === "asking", stage);
  showState({ state: moment === "waiting" ? "waiting" : "agent" });
  byId("away").textContent = (moment === "away" && stage.look.away) || "";
  byId("notice").textContent = moment === "offline" ? say("offline") : "";
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
  const shown = [...list.querySelectorAll("button span")].map((span) => span.textContent);
  if (shown.join("\n") === questions.join("\n")) return;
  const blank = byId("question-template").content.firstElementChild;
  list.replaceChildren(
    ...questions.map((question) => {
      const button = blank.cloneNode(true);
      button.querySelector("span").textContent = question;
      return button;
    }),
  );
}

function samples() {
  const at = new Date().toISOString();
  const [said, answered] = ["said", "answered"].map((one) => stage.say(`sample_${stage.isLong ? "long_" : ""}${one}`));
  return [
    { id: "sample-1", from: "customer", state: "sent", text: said, at },
    { id: "sample-2", from: "agent", state: "done", text: answered, at },
  ].map((sample) => {
    const element = stage.drawMessage(sample, { look: stage.look });
    element.dataset.sample = "";
    return element;
  });
}
