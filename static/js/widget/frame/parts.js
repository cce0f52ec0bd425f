/** Parts of the chat that few need, fetched when they are. */
import { Problem } from "./api.js";

const addresses = JSON.parse(document.body.dataset.parts);
let misses = 0;

/**
 * A part's module, once its style is there too.
 *
 * @throws {Problem} `unreachable`
 */
export async function fetchPart(name) {
  // A browser may remember that an address failed, and never ask again.
  const again = misses ? `?${misses}` : "";
  try {
    const [part] = await Promise.all([import(addresses[`${name}.js`] + again), dress(addresses[`${name}.css`])]);
    return part;
  } catch {
    misses += 1;
    throw new Problem("unreachable", "");
  }
}

function dress(address) {
  if (!address || document.querySelector(`link[href="${address}"]`)) return null;
  return new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address, onload: resolve });
    link.onerror = () => (link.remove(), reject());
    document.head.append(link);
  });
}
