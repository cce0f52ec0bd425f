/** Who is greeted how, and when somebody is back: what only the reader's own browser knows. */
import { fill, pick, valuesOf } from "../greetings.js";

const FORMAT = { weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit" };

const byId = (id) => document.getElementById(id);

/** @param stage what the chat lends to its parts (frame/chat.js) */
export default function adapt(stage) {
  const { look, locale } = stage;
  // From now on whoever is named is greeted anew.
  stage.named = () => greet(stage);
  stage.named();
  if (!look.away) return;
  const time = new Date(look.away.until).toLocaleString(locale(), FORMAT);
  byId("away").textContent = look.away.text.replace("{time}", () => time);
}

function greet({ look, setting, customer }) {
  // What a trigger has said already goes on here.
  if (!look.greetings || look.said) return;
  const { told = {} } = setting;
  const returning = document.body.dataset.resumable === "1";
  const { text } = pick(look.greetings, { path: told.page ?? "/", returning, now: new Date() });
  byId("greeting").textContent = fill(text, valuesOf(look.name, customer?.name ? customer : told.customer));
}
