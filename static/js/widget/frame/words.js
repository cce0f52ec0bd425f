/** What the widget says, in one place. */
export const WORDS = {
  automatic: "Automatic assistant",
  waiting: "Waiting for a person",
  person: (name) => `${name ?? "A person"} is answering`,
  writing: (name) => `${name} is writing`,
  you: "You",
  system: "Notice",
  sending: "Sending…",
  later: "Will be sent when you are back online",
  sent: "Delivered",
  masked: "Delivered without private details",
  failed: "Not sent.",
  retry: "Try again",
  today: "Today",
  yesterday: "Yesterday",
  newMessages: (count) => (count === 1 ? "1 new message" : `${count} new messages`),
  more: "More below",
  offline: "You are offline. What you write is kept here and goes by itself.",
  unreachable: "The connection was lost. Trying again…",
  slowDown: (time) => `That was a lot at once. What you wrote goes out by itself in ${time}.`,
  tryIn: (time) => `That was a lot at once. You can try again in ${time}.`,
  seconds: (count) => (count >= 90 ? `${Math.ceil(count / 60)} minutes` : count === 1 ? "1 second" : `${count} seconds`),
  checking: "Checking that you are not a robot…",
  partFailed: "This could not be opened just now. Please try again.",
  waitingNote: "A person has been asked to join. Keep writing if you like; they will read everything.",
  ended: "Your earlier chat was closed, so a new one has begun.",
  left: (count) => (count < 0 ? `${-count} characters too many` : `${count} characters left`),
};

/** What some refusals mean, in plain words; others come with words of the server's own. */
export const REASONS = {
  website_not_allowed: "This chat is not switched on for this website.",
  blocked: "This chat is not available to you.",
  not_found: "This chat is no longer available.",
  token_required: "Sign in on the website to use this chat.",
  customer_token_refused: "We could not confirm who you are, so the chat has not started. Sign in again or reload the page.",
  challenge_required: "We could not check that you are not a robot. Please try again.",
};
