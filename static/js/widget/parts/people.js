/** With people in the chat: they see the customer write and read, and the customer sees what they have read. */
const LOOK_EVERY = 1_000;
const WRITE_EVERY = 3_000;
const REST = 10_000;
let stage = null;
let read = 0;
let told = { replies: -1, seen: false };
let wroteAt = 0;
let restsUntil = 0;

/**
 * @param lent     what the chat lends to its parts (frame/chat.js)
 * @param standing whose turn it is, and up to which message somebody of the team has read
 */
export function attend(lent, standing) {
  read = standing.read ?? read;
  mark();
  if (stage) return;
  stage = lent;
  setInterval(look, LOOK_EVERY);
  document.addEventListener("input", typed);
  look();
}

function isWithPeople() {
  return document.body.dataset.with !== "agent";
}

function look() {
  mark();
  const replies = document.querySelectorAll("[data-message]:not([data-from=customer])").length;
  const isSeen = stage.isSeen();
  const isNews = replies !== told.replies;
  if (!isWithPeople() || !stage.session.isLive || Date.now() < restsUntil || (!isNews && (told.seen || !isSeen))) return;
  const before = told;
  told = { replies, seen: isSeen };
  const { lastSeq } = stage.conversation;
  stage.session.call("POST", "/receipts", { delivered: lastSeq, seen: isSeen ? lastSeq : 0 }).catch(() => {
    told = before;
    restsUntil = Date.now() + REST;
  });
}

/** The last message that was read says so; the ones before it need not. */
function mark() {
  const own = [...document.querySelectorAll("[data-from=customer][data-state=sent]:not([data-masked])")];
  const last = own.findLast(({ dataset }) => Number(dataset.seq) <= read);
  const note = last?.querySelector(".note-text");
  if (note && stage && last === own.at(-1)) note.textContent = stage.say("seen");
}

function typed({ target }) {
  if (target.name !== "text" || !target.value.trim() || !isWithPeople() || Date.now() - wroteAt < WRITE_EVERY) return;
  wroteAt = Date.now();
  stage.session.call("POST", "/typing", {}).catch(() => {
    wroteAt = 0;
  });
}
