/**
 * Solves a proof of work (altcha, version 1): the number that, after the salt, gives the digest that the server chose. It
 * is searched for in slices short enough for typing to stay smooth; a worker would have to be allowed by the policy.
 */
import { Digester } from "./sha256.js";

const SLICE = 12;
const TRIES_BETWEEN_LOOKS = 64;

/**
 * @param challenge `{algorithm, challenge, maxnumber, salt, signature}`
 * @param clock     the time in milliseconds, and a way to let others have their turn
 * @returns the header's value, or null when there is no such number
 */
export async function solve(challenge, { now = () => performance.now(), pause = rest } = {}) {
  const { algorithm, challenge: wanted, salt, signature } = challenge;
  const most = challenge.maxnumber ?? challenge.maxNumber ?? 1_000_000;
  if (algorithm !== "SHA-256" || !/^[0-9a-f]{64}$/i.test(wanted)) return null;
  const began = now();
  const number = await search(salt, wordsOf(wanted), most, { now, pause });
  if (number === null) return null;
  return btoa(JSON.stringify({ algorithm, challenge: wanted, number, salt, signature, took: Math.round(now() - began) }));
}

async function search(salt, wanted, most, { now, pause }) {
  const digester = new Digester(salt);
  let sliceEnds = now() + SLICE;
  for (let number = 0; number <= most; number += 1) {
    const found = digester.of(String(number));
    if (found[0] === wanted[0] && found.every((word, place) => word === wanted[place])) return number;
    if (number % TRIES_BETWEEN_LOOKS || now() < sliceEnds) continue;
    await pause();
    sliceEnds = now() + SLICE;
  }
  return null;
}

function wordsOf(digest) {
  return Uint32Array.from(digest.match(/.{8}/g), (word) => parseInt(word, 16));
}

function rest() {
  return new Promise((resolve) => setTimeout(resolve));
}
