/** Asks how content the customer was: five faces with their words, and room for a comment. */
import { draw } from "./drawing.js";

const NEAR = 48;
const GAP = 24;
const MOST = 1000;

/** The mouth of each face, from very unhappy to very happy. */
const MOUTHS = ["M8 17q4-5 8 0", "M8 16.5q4-2.5 8 0", "M8 16h8", "M8 15q4 2.5 8 0", "M7.5 14q4.5 6 9 0"];

/**
 * @param stage what the chat lends to its parts (frame/chat.js)
 * @param what  `{message}` that asks, which is on the page
 */
export default function ask(stage, { message: { id, extras } }) {
  const { rating } = extras;
  const element = document.querySelector(`#messages [data-message="${CSS.escape(id)}"]`);
  if (!element) return;
  const card = element.querySelector(".rating");
  // What somebody is choosing or writing stays, whenever the message is told again.
  if (card && Boolean(rating.score) === card.matches(".is-rated")) return;
  const room = document.getElementById("thread");
  const isAtEnd = room.scrollHeight - room.clientHeight - room.scrollTop <= NEAR;
  card?.remove();
  element.querySelector(".bubble").after(rating.score ? thanks(stage, rating.score) : question(stage, rating));
  if (isAtEnd) room.scrollTop = room.scrollHeight;
}

function question(stage, rating) {
  const problem = draw("p", { className: "rating-problem", role: "alert" });
  const comment = draw("textarea", { name: "comment", rows: 2, maxLength: MOST, dir: "auto" });
  const send = draw("button", { type: "submit" }, [stage.say("rating_send")]);
  const more = draw("div", { className: "rating-more", hidden: true }, [
    draw("label", {}, [stage.say("rating_comment"), comment]),
    problem,
    send,
  ]);
  const faces = MOUTHS.map((_, place) => face(stage, rating, place + 1));
  const form = draw("form", { className: "rating", noValidate: true }, [
    draw("fieldset", {}, [
      draw("legend", { dir: "auto" }, [rating.question || stage.say("rating_question")]),
      draw("div", { className: "rating-faces" }, faces),
    ]),
    more,
  ]);
  form.onchange = () => show(more);
  form.onsubmit = (event) => {
    event.preventDefault();
    deliver(stage, form, { id: rating.id, score: Number(new FormData(form).get(`score-${rating.id}`)), comment, problem, send });
  };
  return form;
}

function show(more) {
  if (!more.hidden) return;
  more.hidden = false;
  const room = document.getElementById("thread");
  const beyond = more.getBoundingClientRect().bottom + GAP - room.getBoundingClientRect().bottom;
  if (beyond > 0) room.scrollTop += beyond;
}

async function deliver(stage, form, { id, score, comment, problem, send }) {
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  send.setAttribute("aria-disabled", "true");
  problem.textContent = "";
  try {
    const told = await stage.session.call("POST", `/ratings/${id}`, { score, comment: comment.value });
    finish(form, thanks(stage, told.score));
  } catch (refusal) {
    if (refusal.code === "rating_closed" || refusal.code === "not_found") finish(form, note(stage.say("rating_closed")));
    else problem.textContent = refusal.message || stage.say("part_failed");
  }
  form.ariaBusy = null;
  send.removeAttribute("aria-disabled");
}

/** The stream may have told of it first; then its words are there already. */
function finish(form, words) {
  if (!form.isConnected) return;
  form.replaceWith(words);
  words.focus();
}

function thanks(stage, score) {
  return note(stage.say("rating_thanks", { rating: stage.say(`rating_${score}`) }));
}

function note(words) {
  return draw("p", { className: "rating is-rated", tabIndex: -1, role: "status", dir: "auto" }, [words]);
}

function face(stage, rating, score) {
  const radio = draw("input", { type: "radio", name: `score-${rating.id}`, value: score });
  return draw("label", { className: "rating-face" }, [radio, drawing(MOUTHS[score - 1]), draw("span", {}, [stage.say(`rating_${score}`)])]);
}

function drawing(mouth) {
  const picture = svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" });
  picture.append(svg("circle", { cx: 12, cy: 12, r: 10 }), svg("path", { d: "M8.5 9.5v.01M15.5 9.5v.01" }), svg("path", { d: mouth }));
  return picture;
}

function svg(tag, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
