/** Who is greeted how, and when somebody is back: what only the reader's own browser knows. */
import { fill, pick, valuesOf } from "../greetings.js";
import { saidAt } from "../hours.js";

const LOOK_EVERY = 10_000;
const FORMAT = { weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit" };

const byId = (id) => document.getElementById(id);

/** @param stage what the chat lends to its parts (frame/chat.js) */
export default function adapt(stage) {
  // From now on whoever is named is greeted anew.
  stage.named = () => greet(stage);
  stage.named();
  if (stage.look.away) keepHours(stage);
}

/** People go and come while the chat is open, too. A browser that has slept looks at its clock and not at a timer. */
function keepHours({ look: { away }, locale }) {
  const ahead = away.at * 1000 - Date.now();
  const inWords = (moment) => new Date(moment).toLocaleString(locale(), FORMAT);
  const look = () => {
    const said = saidAt(away, Date.now() + ahead, inWords);
    if (byId("away").textContent !== said) byId("away").textContent = said;
  };
  look();
  setInterval(look, LOOK_EVERY);
}

function greet({ look, setting, customer, order }) {
  // What a trigger has said already goes on here.
  if (!look.greetings || look.said) return;
  const { told = {} } = setting;
  const returning = document.body.dataset.resumable === "1";
  const { text } = pick(look.greetings, { path: told.page ?? "/", returning, now: new Date() });
  byId("greeting").textContent = fill(text, valuesOf(look.name, customer?.name ? customer : told.customer, order));
}
