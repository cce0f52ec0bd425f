/** Asks for a yes before something is done: what the platform says of it, as plain text, and two buttons. Or for a sign-in. */
import { draw } from "./drawing.js";
import { shopAccount } from "./shop-account.js";

const NEAR = 48;
const SETTLED = { running: "call_done", done: "call_done", declined: "call_declined", failed: "call_failed", refused: "call_failed", expired: "call_expired" };

/**
 * @param stage what the chat lends to its parts (frame/chat.js)
 * @param what  `{message}` that asks, which is on the page
 */
export default function ask(stage, { message: { id, extras } }) {
  const { confirm } = extras;
  const element = document.querySelector(`#messages [data-message="${CSS.escape(id)}"]`);
  if (!element) return;
  const card = draw("div", { className: "confirm", role: "group" }, [
    draw("strong", { id: `confirm-${id}`, dir: "auto" }, [confirm.title ?? confirm.shop]),
    ...(confirm.lines?.length ? [draw("ul", {}, confirm.lines.map((line) => draw("li", { dir: "auto" }, [line])))] : []),
  ]);
  card.setAttribute("aria-labelledby", `confirm-${id}`);
  card.append(...(confirm.shop ? shopAccount(stage, confirm) : [confirm.state ? settled(stage, confirm.state) : choices(stage, card, confirm)]));
  const room = document.getElementById("thread");
  const isAtEnd = room.scrollHeight - room.clientHeight - room.scrollTop <= NEAR;
  element.querySelector(".confirm")?.remove();
  element.querySelector(".bubble").after(card);
  if (isAtEnd) room.scrollTop = room.scrollHeight;
}

function choices(stage, card, confirm) {
  const choice = (word, isYes) => draw("button", { type: "button", className: isYes ? "yes" : "", onclick: () => answer(stage, card, confirm, isYes) }, [stage.say(word)]);
  return draw("div", { className: "choices" }, [choice("call_yes", true), choice("call_no", false)]);
}

async function answer(stage, card, { id }, isYes) {
  const waiting = settled(stage, null);
  const buttons = card.lastChild;
  buttons.replaceWith(waiting);
  waiting.focus();
  try {
    const { state } = await stage.session.call("POST", `/calls/${id}`, { confirm: isYes });
    waiting.textContent = stage.say(SETTLED[state]);
  } catch (problem) {
    if (problem.code === "call_closed" || problem.code === "not_found") waiting.textContent = stage.say("call_expired");
    else {
      waiting.replaceWith(buttons);
      buttons.firstChild.focus();
      stage.notice.say(stage.say("part_failed"));
    }
  }
}

function settled(stage, state) {
  return draw("p", { className: "settled", tabIndex: -1, role: "status" }, [stage.say(SETTLED[state] ?? "call_working")]);
}
