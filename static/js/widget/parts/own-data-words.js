/** What the page about one's own data says, in one place. */
const SOURCES = {
  customer: "You said so",
  site: "The website said so",
  teammate: "Somebody from the team noted it",
};

export const WORDS = {
  title: "Your data",
  back: "Back to the chat",
  about: (name) => `This is what ${name} keeps about you from this chat.`,
  who: "Who you are here",
  standing: ({ standing, name, email }) => {
    const who = [name, email].filter(Boolean).join(", ");
    if (standing === "verified") return `The website has confirmed that you are ${who || "its customer"}.`;
    if (standing === "identified") return `The website says that you are ${who || "its customer"}. That is not verified.`;
    return who ? `You said that you are ${who}. That is not verified.` : "Nobody knows who you are. Only this browser leads to this chat.";
  },
  memory: "What is remembered for next time",
  nothing: "Nothing so far.",
  source: (source, date) => `${SOURCES[source] ?? SOURCES.customer}, ${date}`,
  correct: "Correct",
  correction: "What is right",
  save: "Save",
  cancel: "Cancel",
  remove: "Delete",
  corrected: "Corrected.",
  removed: "Deleted.",
  conversations: "Your conversations",
  conversation: (date, count) => `${date}: ${count === 1 ? "1 message" : `${count} messages`}`,
  earlier: (count) => (count === 1 ? "and 1 earlier one" : `and ${count} earlier ones`),
  kept: (days) =>
    days ? `A conversation is deleted ${days === 1 ? "1 day" : `${days} days`} after its last message.` : "They are kept until you have them deleted.",
  yourChoice: "Take it with you, or have it deleted",
  download: "Download it",
  downloaded: "Your data was downloaded as a file.",
  fileName: "my-chat-data.json",
  forget: "Forget me",
  consequence:
    "Your messages, your details and everything remembered about you here are deleted for good, and a new chat begins. " +
    "What the website knows of you by itself is not touched.",
  forgetForGood: "Yes, forget me",
  keep: "Keep it",
  failed: "That did not work. Please try again.",
};
