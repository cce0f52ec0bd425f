/** What was noted of the customer with a reply: told at once, with a way to forget it, and a question where it needs a yes. */
import { draw } from "./drawing.js";

const NEAR = 48;

/**
 * @param stage what the chat lends to its parts (frame/chat.js)
 * @param what  `{message}` with `extras.remembered`: `[{id, text, lasts}]`
 */
export default function show(stage, { message: { id, extras } }) {
  const element = document.querySelector(`#messages [data-message="${CSS.escape(id)}"]`);
  if (!element || element.querySelector(".remembered")) return;
  const box = draw("div", { className: "remembered", role: "group" });
  fill(box, stage, extras.remembered);
  const room = document.getElementById("thread");
  const isAtEnd = room.scrollHeight - room.clientHeight - room.scrollTop <= NEAR;
  element.querySelector(".bubble").after(box);
  if (isAtEnd) room.scrollTop = room.scrollHeight;
}

function fill(box, stage, facts) {
  const { say } = stage;
  const lasts = facts.every((fact) => fact.lasts);
  const title = say(lasts ? "remembered_title" : "remembered_here");
  box.ariaLabel = title;
  const list = draw("ul", {}, facts.map(({ text }) => draw("li", { dir: "auto" }, [`“${text}”`])));
  const forget = button(say("remembered_forget"), () => forgetAll(box, stage, facts));
  const rest = lasts ? [draw("p", { className: "remembered-actions" }, [forget])] : question(box, stage, forget);
  box.replaceChildren(draw("p", { className: "remembered-title" }, [title]), list, ...rest);
}

/** Of somebody whom nobody has signed nothing outlives the visit, unless they say so. */
function question(box, stage, forget) {
  const { say } = stage;
  const words = draw("p", {}, [say("remembered_ask")]);
  const yes = button(say("remembered_yes"), () => decide(stage, true, () => end(box, say("remembered_kept"))));
  const no = button(say("remembered_no"), () => decide(stage, false, () => (words.remove(), yes.remove(), no.remove(), forget.focus())));
  return [words, draw("p", { className: "remembered-actions" }, [yes, no, forget])];
}

function decide(stage, keep, done) {
  return stage.attempt(async () => {
    await stage.session.call("PUT", "/memory", { keep });
    done();
  });
}

function forgetAll(box, stage, facts) {
  return stage.attempt(async () => {
    for (const { id } of facts) {
      // What is gone already, on the page about their data, is forgotten, too.
      await stage.session.call("DELETE", `/memory/${id}`).catch((problem) => {
        if (problem.code !== "not_found") throw problem;
      });
    }
    end(box, stage.say("remembered_gone"));
  });
}

function end(box, words) {
  const told = draw("p", { role: "status", tabIndex: -1 }, [words]);
  box.replaceChildren(told);
  told.focus();
}

function button(words, onclick) {
  return draw("button", { type: "button", onclick }, [words]);
}
