/** What core/greetings.py does, in the browser; tests/greetings.json holds both to the same. */
import { fits } from "./pages.js";

const MARK = /([ \t]*)\{\{([^{}|]*)(?:\|([^{}]*))?\}\}/g;

/** @param values by name, like `{"customer.name": "Ann"}`; what comes out is text, to be put into a page as text */
export function fill(text, values) {
  const filled = text.replace(MARK, (_mark, space, name, instead = "") => {
    const value = short(values[name.trim()]) || instead.trim();
    return value && space + value;
  });
  return filled === text ? text : filled.replace(/^[ \t,;:]+/, "");
}

/**
 * @param customer as the site tells it, or the server
 * @param order    the latest one of whoever has signed in at the shop; the server's word alone
 */
export function valuesOf(name, { name: whole = "", email = "" } = {}, order = {}) {
  return {
    "customer.first_name": short(whole).split(" ")[0],
    "customer.name": whole,
    "customer.email": email,
    "agent.name": name,
    "order.number": order.number,
    "order.status": order.status,
  };
}

/**
 * The first greeting that fits; the last one fits everybody.
 *
 * @param facts `{path, returning, now}`: where the visitor is, whether for the first time, and their own clock
 */
export function pick(greetings, { path, returning, now }) {
  const time = `${now.getHours()}`.padStart(2, 0) + ":" + `${now.getMinutes()}`.padStart(2, 0);
  return greetings.find(
    ({ visitor, stems, begins, ends }) =>
      (!visitor || (visitor === "returning") === returning) &&
      (!stems || fits(stems, path)) &&
      // Over midnight where it ends earlier than it begins.
      (!begins || (begins < ends ? begins <= time && time < ends : begins <= time || time < ends)),
  );
}

function short(value) {
  return typeof value === "string" ? value.trim().replace(/\s+/g, " ").slice(0, 60).trim() : "";
}
