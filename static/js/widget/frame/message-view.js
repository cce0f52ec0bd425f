/** Draws one message, from the same partial that the server renders history with. */
import { timeOf } from "./days.js";
import { setHtml } from "./html.js";
import { say } from "./words.js";

const template = document.getElementById("message-template").content.firstElementChild;
const NOTES = { sending: "sending", sent: "delivered", failed: "not_sent" };

/** @param look what the agent is called */
export function drawMessage(entry, { look }) {
  const element = template.cloneNode(true);
  const part = (name) => element.querySelector(`.${name}`);
  element.dataset.message = entry.id ?? entry.clientId;
  element.dataset.from = entry.from;
  element.toggleAttribute("data-masked", Boolean(entry.masked?.length));
  const who = whoSays(entry, look);
  part("avatar").textContent = firstLetter(who);
  part("who").textContent = who;
  setTime(part("time"), entry.at ?? new Date().toISOString());
  fillText(part("bubble"), entry);
  fillSources(part("sources"), entry.sources ?? []);
  fillChoices(part("choices"), entry);
  setState(element, entry);
  return element;
}

/** Show that a message is on its way, there, or not. */
export function setState(element, { state, seq, masked, note = noteOf(state, masked) }) {
  Object.assign(element.dataset, { state, seq });
  element.toggleAttribute("aria-busy", state === "streaming");
  if (state === "streaming") element.setAttribute("aria-busy", "true");
  element.querySelector(".note-text").textContent = note;
  element.querySelector("[data-do=retry]").hidden = state !== "failed";
}

function noteOf(state, masked) {
  return say(state === "sent" && masked?.length ? "delivered_masked" : NOTES[state]);
}

export function growText(element, { html }) {
  setHtml(element.querySelector(".bubble"), html);
}

/** What the server could not know about a message that it rendered: the reader's time zone and width. */
export function settleIn(element) {
  const time = element.querySelector(".time");
  setTime(time, time.dateTime);
  openToKeyboard(element);
}

/** A table wider than the bubble scrolls, so the keyboard must be able to reach it. */
export function openToKeyboard(element) {
  for (const wide of element.querySelectorAll(".bubble table, .bubble pre")) {
    if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
  }
}

export function firstLetter(name) {
  return [...name.trim()][0]?.toUpperCase() ?? "";
}

function whoSays({ from, name }, look) {
  if (from === "customer") return say("you");
  if (from === "system") return say("notice");
  return name ?? look.name;
}

function setTime(element, moment) {
  element.dateTime = moment;
  element.textContent = timeOf(moment);
}

function fillText(bubble, { html, text }) {
  if (html) setHtml(bubble, html);
  else bubble.append(paragraph(text ?? ""));
}

function paragraph(text) {
  const element = document.createElement("p");
  element.append(...text.split("\n").flatMap((line, place) => (place ? [document.createElement("br"), line] : [line])));
  return element;
}

function fillSources(details, sources) {
  if (!sources.length) return details.remove();
  details.querySelector("summary").textContent = say("sources", { count: sources.length });
  const list = details.querySelector("ul");
  const blank = list.firstElementChild;
  list.replaceChildren(
    ...sources.map(({ title, html }) => {
      const item = blank.cloneNode(true);
      item.querySelector(".source-title").textContent = title;
      setHtml(item.querySelector(".source-text"), html);
      return item;
    }),
  );
}

function fillChoices(choices, { suggestions = [], offerPerson = false }) {
  const [blank, person] = choices.children;
  if (!offerPerson) person.remove();
  blank.replaceWith(
    ...suggestions.map((question) => {
      const button = blank.cloneNode(true);
      button.textContent = question;
      return button;
    }),
  );
  if (!choices.childElementCount) choices.remove();
}
