/**
 * What is done about each code of the API; docs/widget-api.md tells the same in words.
 *
 * What the session puts right in silence, and then makes the call once more:
 * `ticket` fetches the page's ticket again, `refresh` renews the session, `anew` begins another, `token` asks the site
 * for a better customer token, `solve` answers a challenge.
 */
const REPAIRS = {
  ticket_expired: "ticket",
  token_required: "refresh",
  token_invalid: "refresh",
  token_expired: "refresh",
  token_revoked: "anew",
  customer_token_refused: "token",
  challenge_required: "solve",
};

/**
 * What is left when that did not help, or there was nothing to repair:
 * `close` ends the chat for this visitor, `pause` rests it until the site or the customer does something, `giveBack`
 * returns the text to the box, `ask` does so too and asks what is asked first when it is sent again, `drop` leaves it to whoever wrote it, `wait` lets it go by itself, `tell` shows it as not
 * sent.
 */
const REMEDIES = {
  website_not_allowed: "close",
  blocked: "close",
  not_found: "close",
  token_required: "pause",
  customer_token_refused: "pause",
  challenge_required: "pause",
  personal_data_refused: "giveBack",
  pre_chat_required: "ask",
  consent_required: "ask",
  customer_changed: "drop",
  file_gone: "giveBack",
};

export function repairOf({ code }) {
  return REPAIRS[code];
}

export function remedyOf({ code, status }) {
  return REMEDIES[code] ?? (mayPass(status) ? "wait" : "tell");
}

/** Whether the same request can succeed later. */
export function mayPass(status) {
  return status === 0 || status === 408 || status === 429 || status >= 500;
}
