/** The widget's HTTP API: one place that turns every failure into a Problem with a code. */
import { mayPass } from "./remedies.js";

const ROOT = "/api/v1/widget";
const PATIENCE = 20_000;

export class Problem extends Error {
  constructor(code, message, { status = 0, retryAfter = 0, challenge, fields } = {}) {
    super(message);
    Object.assign(this, { code, status, retryAfter, challenge, fields });
  }

  /** Whether the same request can succeed later. */
  get mayPass() {
    return mayPass(this.status);
  }
}

/**
 * Call the API and read its answer.
 *
 * @param solution of the challenge that an earlier try was answered with
 * @param format   how the answer is read: `json`, or `blob` to be kept as it is
 * @throws {Problem} with the code of the server, or `unreachable`
 */
export async function call(method, path, { body, token, solution, format = "json" } = {}) {
  const headers = {
    ...tokenHeader(token),
    "Accept-Language": document.documentElement.lang,
    ...(body && { "Content-Type": "application/json" }),
    ...(solution && { "X-Widget-Challenge": solution }),
  };
  const response = await reach(ROOT + path, {
    method,
    headers,
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (!response.ok) throw await problemOf(response);
  return response.status === 204 ? {} : response[format]().catch(() => Promise.reject(unreachable()));
}

/** Open the event stream; the body is left to the caller. */
export async function openEvents({ token, lastSeq, signal }) {
  const headers = { ...tokenHeader(token), Accept: "text/event-stream", "Last-Event-ID": String(lastSeq) };
  const response = await reach(`${ROOT}/events`, { headers, signal, cache: "no-store" });
  if (!response.ok) throw await problemOf(response);
  return response.body;
}

/**
 * A fresh ticket; each is good for one session. It stands in the page that the browser has been served; without a
 * referrer, which would be this frame instead of the page around it.
 */
export async function fetchTicket({ agent, mode }) {
  const address = mode === "link" ? `/chat/${agent}?locale=${document.documentElement.lang}` : location.href;
  const signal = AbortSignal.timeout(PATIENCE);
  const response = await reach(address, { cache: "no-store", referrerPolicy: "no-referrer", signal });
  const page = response.ok ? await response.text() : "";
  const ticket = /data-ticket="([^"]+)"/.exec(page)?.[1];
  if (!ticket) throw await problemOf(response, "not_found");
  return ticket;
}

async function reach(address, options) {
  try {
    return await fetch(address, options);
  } catch {
    throw unreachable();
  }
}

async function problemOf(response, otherwise = "failed") {
  const { error = {} } = await response.json().catch(() => ({}));
  const retryAfter = Number(error.retryAfter ?? response.headers.get("Retry-After")) || 0;
  const { status } = response;
  return new Problem(error.code ?? otherwise, error.message ?? "", { ...error, status, retryAfter });
}

function unreachable() {
  return new Problem("unreachable", "The connection was lost.");
}

function tokenHeader(token) {
  return token ? { "X-Widget-Token": token } : {};
}
