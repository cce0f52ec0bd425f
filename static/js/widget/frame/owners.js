/**
 * Whose a message is that has not been sent yet. It waits in this browser, where somebody else may sit by then, and it is
 * never sent in another's name.
 */
const OF_CONVERSATION = "conversation ";

/** @param who `{customer, conversation}`; a customer without an id is known by the conversation alone */
export function ownerOf({ customer, conversation }) {
  return customer == null ? (conversation == null ? "" : OF_CONVERSATION + conversation) : `customer ${customer}`;
}

/**
 * How a message stands to who is chatting now.
 *
 * @returns `own`; `asked` when both are nobody in particular, so that it is offered and not sent; `other`
 */
export function standingOf(owner, who) {
  if (owner === ownerOf(who) || owner === OF_CONVERSATION + who.conversation) return "own";
  if (who.customer != null) return "other";
  if (owner === "") return "own";
  return owner.startsWith(OF_CONVERSATION) ? "asked" : "other";
}

/** Whether the same person goes on: in the same conversation, or as the same customer. */
export function isSamePerson(one, other) {
  return one.conversation === other.conversation || (one.customer != null && one.customer === other.customer);
}

/**
 * What becomes of what was written and not sent when a session begins.
 *
 * @param before who it was, or null when this is the page's first session
 * @param owner  whom it was written as, and `introduced` whom the site had it begin as, where there was no session to tell
 * @returns `own`, `asked` or `other`, as above; who was nobody and turns out to be somebody is one person
 */
export function fateOf(owner, { before, who, introduced }) {
  if (before === null) return owner === "" || owner === introduced ? "own" : "other";
  if (isSamePerson(before, who) || (before.customer == null && who.customer != null)) return "own";
  return before.customer == null ? "asked" : "other";
}
