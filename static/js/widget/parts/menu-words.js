/** What the menu says when something did not work, and what it did. */
export const WORDS = {
  handoffFailed: "A person could not be reached just now. Please try again.",
  startOverFailed: "A new chat could not be started. Please try again.",
  forgotten: "What was kept of you here is deleted. This is a new chat.",
  partFailed: "This could not be opened just now. Please try again.",
};
