/** SHA-256 (FIPS 180-4) of short ASCII texts that begin alike: what they share is digested once. */
const ROUNDS = new Uint32Array(64);
const START = new Uint32Array(8);

/** The first 32 bits of the fractional parts of roots of the first primes (FIPS 180-4, 4.2.2 and 5.3.3). */
for (let number = 2, found = 0; found < 64; number += 1) {
  let isPrime = true;
  for (let divisor = 2; divisor * divisor <= number; divisor += 1) if (number % divisor === 0) isPrime = false;
  if (!isPrime) continue;
  if (found < 8) START[found] = fraction(Math.sqrt(number));
  ROUNDS[found] = fraction(Math.cbrt(number));
  found += 1;
}

function fraction(root) {
  return Math.floor((root - Math.floor(root)) * 2 ** 32);
}

export class Digester {
  #shared;
  #rest;
  #length;
  #block = new Uint8Array(128);
  #words = new Uint32Array(64);
  #state = new Uint32Array(8);

  /** @param prefix what every text begins with */
  constructor(prefix) {
    const bytes = new TextEncoder().encode(prefix);
    const whole = bytes.length - (bytes.length % 64);
    this.#length = bytes.length;
    this.#state.set(START);
    for (let start = 0; start < whole; start += 64) this.#digest(bytes, start);
    this.#shared = this.#state.slice();
    this.#rest = bytes.slice(whole);
  }

  /** The digest of the prefix followed by these ASCII characters, as eight words that the next call overwrites. */
  of(suffix) {
    const block = this.#block.fill(0);
    block.set(this.#rest);
    const filled = this.#rest.length + suffix.length;
    for (let place = 0; place < suffix.length; place += 1) block[this.#rest.length + place] = suffix.charCodeAt(place);
    block[filled] = 0x80;
    const end = filled + 9 > 64 ? 128 : 64;
    new DataView(block.buffer).setUint32(end - 4, (this.#length + suffix.length) * 8);
    this.#state.set(this.#shared);
    for (let start = 0; start < end; start += 64) this.#digest(block, start);
    return this.#state;
  }

  #digest(bytes, start) {
    const words = this.#words;
    for (let t = 0, at = start; t < 16; t += 1, at += 4) {
      words[t] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    }
    for (let t = 16; t < 64; t += 1) {
      const early = words[t - 15];
      const late = words[t - 2];
      const s0 = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
      const s1 = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10);
      words[t] = words[t - 16] + s0 + words[t - 7] + s1;
    }
    let [a, b, c, d, e, f, g, h] = this.#state;
    for (let t = 0; t < 64; t += 1) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[t] + words[t]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + one) | 0;
      d = c;
      c = b;
      b = a;
      a = (one + two) | 0;
    }
    const state = this.#state;
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }
}

function turn(word, count) {
  return (word >>> count) | (word << (32 - count));
}
