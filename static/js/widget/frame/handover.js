/**
 * A page that shows the chat in a plain iframe, with no script of ours, hands its customer's token over behind the `#` of
 * the address: no server and no log ever sees it. It leaves the address at once. In a query it would be in both, so
 * there it is not taken.
 */
import { claimsOf } from "./claims.js";

const NAME = "customerToken";

/** @returns the token, `""` when the customer has signed out, or undefined when nothing is handed over */
export function takeHandedOver({ location, history, console }) {
  const token = new URLSearchParams(location.hash.slice(1)).get(NAME) ?? undefined;
  const query = new URLSearchParams(location.search);
  const isInQuery = query.has(NAME);
  if (isInQuery) {
    query.delete(NAME);
    console.warn("Porchlight: a customer token belongs behind the # of the address, not behind the ?. It was not used.");
  }
  const search = isInQuery ? `?${query}`.replace(/\?$/, "") : location.search;
  if (token !== undefined || isInQuery) history.replaceState(history.state, "", location.pathname + search);
  return token;
}

/**
 * Whether the reader of a link wants to be the customer whom it hands over; asked once for each in a browser.
 *
 * @param ask shows the question and answers true or false
 */
export async function isWelcome(token, { agent, storage, ask }) {
  const { sub, name, email } = claimsOf(token);
  const key = `porchlight-handed-over-${agent}`;
  if (sub && read(storage, key) === sub) return true;
  const isThem = await ask(String(name || email || sub || "somebody else").slice(0, 120));
  if (isThem && sub) write(storage, key, sub);
  return isThem;
}

function read(storage, key) {
  try {
    return storage().getItem(key);
  } catch {
    return null;
  }
}

function write(storage, key, value) {
  try {
    storage().setItem(key, value);
  } catch {
    // Where nothing can be kept, the question comes with each link.
  }
}
