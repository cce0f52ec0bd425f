/**
 * What is asked before the first message. It comes when somebody has written one and wants to send it: nobody who only looks
 * is asked, the greeting and the questions to start with stay where they are, and what was written waits in its box.
 */
import { draw } from "./drawing.js";

const KINDS = { email: "email", phone: "tel" };
const FILLED_BY = { name: "name", email: "email", phone: "tel" };
const WAITING = [];
let form = null;

/**
 * Ask what is open, and go on once it is answered or skipped.
 *
 * @param stage what the chat lends to its parts
 * @param go    sends what was written
 */
export default async function askFirst(stage, go) {
  WAITING.push(go);
  if (form) return;
  const asked = await stage.session.call("GET", "/pre-chat").catch((problem) => {
    WAITING.length = 0;
    throw problem;
  });
  if (form) return;
  if (asked.fields.length || asked.consent) show(stage, asked, (answers) => send(stage, answers));
  else goOn(stage);
}

/** Show a form; also the customizer does, without anybody who waits. */
export function show(stage, asked, submit, { focuses = true } = {}) {
  hide(stage);
  form = draw("form", { className: "pre-chat", noValidate: true }, [
    draw("h2", { tabIndex: -1, dir: "auto" }, [asked.intro || stage.say("pre_chat_title")]),
    ...asked.fields.map((field) => fieldOf(field, stage.say)),
    ...consentOf(asked, stage.say),
  ]);
  form.append(buttonsOf(stage, asked));
  form.dataset.protected = "";
  form.onsubmit = (event) => {
    event.preventDefault();
    attempt(stage, submit);
  };
  document.getElementById("composer").before(form);
  cover(true);
  stage.front = { close: () => stepBack(stage) };
  if (focuses) (form.querySelector("input, select") ?? form.querySelector("button")).focus();
}

export function hide(stage) {
  if (!form) return;
  form.remove();
  form = null;
  stage.front = null;
  cover(false);
}

function stepBack(stage) {
  WAITING.length = 0;
  if (!form) return false;
  hide(stage);
  stage.composer.focus();
  return true;
}

function goOn(stage) {
  hide(stage);
  delete document.body.dataset.before;
  stage.composer.clear();
  stage.composer.focus();
  WAITING.splice(0).forEach((go) => go());
}

async function send({ session }, answers) {
  await session.call("POST", "/pre-chat", answers);
}

async function attempt(stage, submit) {
  const problem = form.querySelector(".pre-chat-problem");
  const inputs = [...form.querySelectorAll("[name]")];
  const consent = form.querySelector("#pre-chat-agree");
  const answers = Object.fromEntries(inputs.map(({ name, value }) => [name, value]));
  problem.textContent = "";
  for (const input of inputs) mark(input);
  try {
    await submit({ answers, consent: consent ? consent.checked : Boolean(form.dataset.agrees) });
    goOn(stage);
  } catch ({ fields = {}, message }) {
    const wrong = inputs.filter(({ name }) => fields[name]);
    for (const input of wrong) mark(input, fields[input.name]);
    if (!wrong.length) problem.textContent = message;
    (wrong[0] ?? consent)?.focus();
  }
}

function mark(input, words = "") {
  input.setAttribute("aria-invalid", words !== "");
  const line = document.getElementById(`${input.id}-problem`);
  if (line) line.textContent = words;
}

function cover(isCovered) {
  for (const element of document.querySelectorAll("#composer, #consent")) element.hidden = isCovered;
}

function fieldOf({ key, label, kind, choices, isRequired }, say) {
  const id = `pre-chat-${key}`;
  const shared = { id, name: key, required: isRequired };
  const input =
    kind === "choice"
      ? draw("select", shared, [new Option(say("pre_chat_choose"), ""), ...choices.map((choice) => new Option(choice, choice))])
      : draw("input", { ...shared, type: KINDS[kind] ?? "text", autocomplete: FILLED_BY[key] ?? "off", maxLength: 500, dir: "auto" });
  input.setAttribute("aria-describedby", `${id}-problem`);
  const optional = isRequired ? "" : draw("span", {}, [` ${say("pre_chat_optional")}`]);
  return draw("div", {}, [
    draw("label", { htmlFor: id, dir: "auto" }, [label, optional]),
    input,
    draw("p", { id: `${id}-problem`, className: "pre-chat-wrong" }),
  ]);
}

function consentOf({ fields, consent }, say) {
  if (!consent) return [];
  const link = consent.link && draw("a", { href: consent.link, target: "_blank", rel: "noopener noreferrer" }, [say("consent_more")]);
  const words = draw("span", { dir: "auto" }, [consent.text, " ", link]);
  // With nothing else to fill in, the button itself says that they agree.
  if (!fields.length) return [draw("p", { className: "pre-chat-consent" }, [words])];
  return [draw("label", { className: "pre-chat-consent" }, [draw("input", { type: "checkbox", required: true, id: "pre-chat-agree" }), words])];
}

function buttonsOf(stage, { fields, consent }) {
  const { say } = stage;
  const agrees = consent && !fields.length;
  const needsAnswer = consent || fields.some(({ isRequired }) => isRequired);
  if (agrees) form.dataset.agrees = "1";
  return draw("div", { className: "pre-chat-buttons" }, [
    draw("p", { className: "pre-chat-problem", role: "alert" }),
    draw("button", { className: "pre-chat-send" }, [say(agrees ? "pre_chat_agree_send" : "pre_chat_send")]),
    needsAnswer ? "" : draw("button", { type: "button", onclick: () => goOn(stage) }, [say("pre_chat_skip")]),
    draw("button", { type: "button", onclick: () => stepBack(stage) }, [say("pre_chat_back")]),
  ]);
}
