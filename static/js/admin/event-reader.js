/**
 * Reads an event stream for as long as it is wanted, anew after each break. Unlike an EventSource it hears every event
 * whatever its name, and notices a connection that is dead without saying so: the server says something each 15 s.
 */
import { EventParser } from "../widget/frame/event-parser.js";

const SILENT_FOR = 40_000;
const SHORTEST = 1_000;
const LONGEST = 15_000;

/**
 * @param url    where the stream is
 * @param signal of an AbortController: ends the reading
 * @param told   `open()` each time the stream begins, `event({event, data})`, and `broken()` each time it ends
 */
export async function readEvents(url, signal, told) {
  for (let pause = 0; ; ) {
    // A stream that ended by itself is asked for again at once: a hidden tab's clock may be slow by a minute.
    if (pause) await after(pause, signal);
    if (signal.aborted) return;
    const began = performance.now();
    const wasGood = await readOnce(url, signal, told);
    // One that a proxy ends as it begins would be asked for without end.
    const hasLasted = performance.now() - began >= SHORTEST;
    pause = wasGood && hasLasted ? 0 : Math.min(LONGEST, Math.max(SHORTEST, pause * 2));
  }
}

async function readOnce(url, signal, told) {
  const own = new AbortController();
  const stop = () => own.abort();
  signal.addEventListener("abort", stop);
  let [wasGood, timer] = [false, 0];
  const heard = () => (clearTimeout(timer), (timer = setTimeout(stop, SILENT_FOR)));
  try {
    heard();
    const answer = await fetch(url, { headers: { Accept: "text/event-stream" }, cache: "no-store", signal: own.signal });
    // Who is signed out gets a page instead.
    if (!answer.ok || !answer.headers.get("Content-Type")?.startsWith("text/event-stream")) return false;
    const [parser, reader] = [new EventParser(), answer.body.pipeThrough(new TextDecoderStream()).getReader()];
    told.open();
    wasGood = true;
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      heard();
      for (const event of parser.push(piece.value)) told.event(event);
    }
  } catch {
    // It broke off, or was ended from here.
    wasGood = false;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    // What nobody reads would keep one of the browser's few connections.
    stop();
    told.broken();
  }
  return wasGood;
}

function after(milliseconds, signal) {
  return new Promise((resolve) => {
    const go = () => (clearTimeout(timer), signal.removeEventListener("abort", go), resolve());
    const timer = setTimeout(go, milliseconds);
    signal.addEventListener("abort", go);
  });
}
