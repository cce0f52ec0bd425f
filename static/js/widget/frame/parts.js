/** Parts of the chat that few need, fetched when they are. */
import { Problem } from "./api.js";
import { learnWords } from "./words.js";

const addresses = JSON.parse(document.body.dataset.parts);
let misses = 0;

/**
 * A part's module, once its style and its words are there too.
 *
 * @throws {Problem} `unreachable`
 */
export async function fetchPart(name) {
  // A browser may remember that an address failed, and never ask again.
  const again = misses ? `?${misses}` : "";
  try {
    const [part] = await Promise.all([import(addresses[`${name}.js`] + again), dress(addresses[`${name}.css`]), teach(addresses[`${name}.json`])]);
    return part;
  } catch {
    misses += 1;
    throw new Problem("unreachable", "");
  }
}

async function teach(address) {
  if (address) learnWords(await (await fetch(address)).json());
}

function dress(address) {
  if (!address || document.querySelector(`link[href="${address}"]`)) return null;
  return new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address, onload: resolve });
    link.onerror = () => (link.remove(), reject());
    document.head.append(link);
  });
}
