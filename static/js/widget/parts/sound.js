/**
 * A short tone for an answer that nobody sees come: made here, from no file. Of all tabs that hear of a message, one makes
 * it; a tab in which it is seen keeps the others quiet.
 */
const QUIET = 3_000;
const SEEN_FIRST = 150;
const heard = new Set();
let context = null;
let channel = null;

/** Be ready to ring; called by the customer's first touch, before which browsers allow no tone. */
export function attend(stage) {
  if (context) return;
  context = new AudioContext();
  unlock();
  listen();
  stage.ring = (message, isSeen) => ring(stage, message, isSeen);
  showChoice(stage);
}

/** The menu's item: quiet, or not any more. */
export default function toggle(stage) {
  attend(stage);
  // Decided once: what is remembered is already the answer to the next question.
  stage.isMuted = !isMuted(stage);
  stage.keeping.remember("muted", stage.isMuted || undefined);
  showChoice(stage);
  if (!stage.isMuted) tone();
}

function isMuted({ isMuted: chosen, keeping }) {
  return chosen ?? keeping.recall("muted") ?? false;
}

function showChoice(stage) {
  const item = document.querySelector("[data-do=sound]");
  if (item) item.textContent = stage.say(isMuted(stage) ? "sound_on" : "sound_off");
}

/** Some browsers let it sound only from within a touch. */
function unlock() {
  const resume = () => context.state === "suspended" && context.resume();
  resume();
  for (const sign of ["pointerdown", "keydown"]) addEventListener(sign, resume);
}

async function ring(stage, { id }, isSeen) {
  if (!isSeen) await new Promise((resolve) => setTimeout(resolve, SEEN_FIRST));
  if ((await isElected(id)) && !isSeen && !isMuted(stage)) tone();
}

/** Whether this tab is the one that may ring for this message. Where storage is closed the lock may be too; then tabs tell each other. */
async function isElected(id) {
  const { agent } = document.body.dataset;
  try {
    return await new Promise((resolve, reject) => {
      const hold = (lock) => (resolve(lock !== null), lock && new Promise((free) => setTimeout(free, QUIET)));
      navigator.locks.request(`porchlight-sound-${agent}-${id}`, { ifAvailable: true }, hold).catch(reject);
    });
  } catch {
    return isFirst(id);
  }
}

function listen() {
  try {
    channel = new BroadcastChannel(`porchlight-sound-${document.body.dataset.agent}`);
    channel.onmessage = ({ data }) => heard.add(data);
  } catch {
    // A tab that can hear no other one rings for itself.
  }
}

async function isFirst(id) {
  await new Promise((resolve) => setTimeout(resolve, Math.random() * SEEN_FIRST));
  if (heard.has(id)) return false;
  channel?.postMessage(id);
  return true;
}

/** Two notes, soft at both ends. */
function tone() {
  const begins = context.currentTime;
  for (const [pitch, offset] of [[659, 0], [880, 0.12]]) {
    const note = context.createOscillator();
    const volume = context.createGain();
    note.frequency.value = pitch;
    volume.gain.setValueAtTime(0, begins + offset);
    volume.gain.linearRampToValueAtTime(0.12, begins + offset + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, begins + offset + 0.3);
    note.connect(volume).connect(context.destination);
    note.start(begins + offset);
    note.stop(begins + offset + 0.32);
  }
  document.dispatchEvent(new Event("porchlight:rang"));
}
