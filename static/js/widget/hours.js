/** What is said while nobody of the business is there. */

/**
 * @param away    `{text, turns}`: a sentence in which `{time}` may stand, and when people go and come, in seconds; the
 *                last turn is when they come
 * @param now     in milliseconds
 * @param inWords writes a moment as its reader does
 * @returns nothing while people are there
 */
export function saidAt({ text, turns }, now, inWords) {
  const ahead = turns.filter((turn) => turn * 1000 > now);
  return ahead.length % 2 ? text.replace("{time}", () => inWords(ahead[0] * 1000)) : "";
}
