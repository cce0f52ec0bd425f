/**
 * Anybody can send a link that signs its reader in as somebody else, and then read what they write. So a link that is
 * opened on its own asks first; in an iframe the page around answers for what it hands over.
 */
import { isWelcome as isWelcomeWith } from "./welcome.js";

const WORDS = {
  title: (name) => `Continue as ${name}?`,
  text: "The link that opened this page says that this is you. Go on only if it is: what you write here can be read in that account.",
  yes: (name) => `Yes, I am ${name}`,
  no: "That is not me",
};

/** Whether the reader of a link wants to be the customer whom its token names. */
export function isWelcome(token, { agent }) {
  return isWelcomeWith(token, { agent, storage: () => localStorage, ask: askWhoIsHere });
}

/** @returns {Promise<boolean>} whether the reader says that it is them */
function askWhoIsHere(name) {
  const dialog = document.createElement("dialog");
  dialog.className = "hand-over";
  dialog.setAttribute("aria-labelledby", "hand-over-title");
  const title = element("h2", WORDS.title(name));
  title.id = "hand-over-title";
  title.dir = "auto";
  const form = element("form");
  form.method = "dialog";
  form.append(button(WORDS.yes(name), "yes"), button(WORDS.no, "no"));
  dialog.append(title, element("p", WORDS.text), form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

function button(text, value) {
  const made = element("button", text);
  made.value = value;
  made.dir = "auto";
  return made;
}

function element(tag, text = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}
