import assert from "node:assert/strict";
import { test } from "node:test";

/** Tones that nobody hears. */
class AudioContext {
  state = "running";
  currentTime = 0;

  createOscillator() {
    return { frequency: {}, connect: (next) => next, start() {}, stop() {} };
  }

  createGain() {
    const gain = { setValueAtTime() {}, linearRampToValueAtTime() {}, exponentialRampToValueAtTime() {} };
    return { gain, connect() {} };
  }
}

const item = {};
const document = { body: { dataset: { agent: "a" } }, querySelector: () => item, dispatchEvent() {} };
Object.assign(globalThis, { AudioContext, BroadcastChannel: undefined, document, addEventListener() {} });
const { default: toggle } = await import("../../static/js/widget/parts/sound.js");

test("each press of the menu's item turns sounds off or on, the first one too", () => {
  const kept = {};
  const keeping = { recall: (name) => kept[name], remember: (name, choice) => (kept[name] = choice) };
  const stage = { keeping, say: (key) => key };
  toggle(stage);
  assert.deepEqual([stage.isMuted, kept.muted, item.textContent], [true, true, "sound_on"]);
  toggle(stage);
  assert.deepEqual([stage.isMuted, kept.muted, item.textContent], [false, undefined, "sound_off"]);
  // On the next page only what was kept is known.
  kept.muted = true;
  const next = { keeping, say: (key) => key };
  toggle(next);
  assert.deepEqual([next.isMuted, kept.muted], [false, undefined]);
});
