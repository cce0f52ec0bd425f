// Codes that were replaced, and languages whose readers read one of ours.
const SAME = { iw: "he", cmn: "zh" };

/**
 * The language of a visitor: what core/widget_words/choosing.py does, in the browser.
 *
 * @param rules  `{languages, heedsPage}`: the ones there are, and whether the page's own counts first
 * @param locale as the site tells it, in place of the page's
 * @returns one of the languages, or undefined
 */
export function languageOf({ languages, heedsPage }, locale) {
  const page = heedsPage ? [locale || document.documentElement.lang] : [];
  return [...page, ...navigator.languages].map(codeOf).find((code) => languages.includes(code));
}

function codeOf(tag) {
  const code = tag?.match(/^[a-z]{2,3}(?![a-z])/i)?.[0].toLowerCase();
  return SAME[code] ?? code;
}
