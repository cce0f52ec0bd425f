/** What stands right before the caret behind a sign: `/ship` for a canned reply, `@Sue E` for a teammate. */
const MOST = 40;
const BEHIND = {
  "/": /(?:^|\s)\/([\p{L}\p{N}_-]*)$/u,
  // A name may have a second word.
  "@": /(?:^|[\s(])@([\p{L}\p{N}.'’-]*(?: [\p{L}\p{N}.'’-]*)?)$/u,
};

/**
 * @param text what was typed
 * @param caret where
 * @param sign `/` or `@`
 * @returns the sign, what is typed behind it, and where it begins; null where there is none
 */
export function markBefore(text, caret, sign) {
  const before = text.slice(Math.max(0, caret - MOST - 2), caret);
  const found = BEHIND[sign].exec(before);
  if (!found || found[1].length > MOST) return null;
  return { sign, typed: found[1], from: caret - found[1].length - 1 };
}
