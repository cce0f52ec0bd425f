/** Whether a token behind a link may say who its reader is. */
import { claimsOf } from "../frame/claims.js";

/**
 * Whether the reader of a link wants to be the customer whom it hands over; asked once for each in a browser.
 *
 * @param ask shows the question, with how they are called or "", and answers true or false
 */
export async function isWelcome(token, { agent, storage, ask }) {
  const { sub, name, email } = claimsOf(token);
  const key = `porchlight-handed-over-${agent}`;
  if (sub && read(storage, key) === sub) return true;
  const isThem = await ask(String(name || email || sub || "").slice(0, 120));
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
