/**
 * Anybody can send a link that signs its reader in as somebody else, and then read what they write. So a link that is
 * opened on its own asks first; in an iframe the page around answers for what it hands over.
 */
import { isWelcome as isWelcomeWith } from "./welcome.js";

/**
 * Whether the reader of a link wants to be the customer whom its token names.
 *
 * @param say the frame's words
 */
export function isWelcome(token, { agent }, say) {
  const ask = (name) => askWhoIsHere(name || say("hand_over_somebody"), say);
  return isWelcomeWith(token, { agent, storage: () => localStorage, ask });
}

/** @returns {Promise<boolean>} whether the reader says that it is them */
function askWhoIsHere(name, say) {
  const dialog = document.createElement("dialog");
  dialog.className = "hand-over";
  dialog.setAttribute("aria-labelledby", "hand-over-title");
  const title = element("h2", say("hand_over_title", { name }));
  title.id = "hand-over-title";
  title.dir = "auto";
  const form = element("form");
  form.method = "dialog";
  form.append(button(say("hand_over_yes", { name }), "yes"), button(say("hand_over_no"), "no"));
  dialog.append(title, element("p", say("hand_over_text")), form);
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
