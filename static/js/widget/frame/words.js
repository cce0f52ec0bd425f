/** What the widget says, in the language of the page that it stands in (core/widget_words). */
let words;

/** The texts of a part join those of the page, which hold the owner's own. */
export function learnWords(more) {
  words = { ...more, ...known() };
}

/**
 * @param values for the `{places}` of the text; `count` also chooses its form
 * @returns the text, or "" when there is none of this key
 */
export function say(key, values = {}) {
  const text = known()[key] ?? "";
  const form = text.other ? (text[new Intl.PluralRules(language()).select(values.count)] ?? text.other) : text;
  return form.replace(/{(\w+)}/g, (place, name) => values[name] ?? place);
}

/** How the reader writes dates in the widget's language: as they like it, where that is a kind of this language. */
export function locale() {
  const told = new URLSearchParams(location.search).get("locale");
  const wanted = /^\w\w-[a-z]{2}$/i.test(told) ? [told, ...navigator.languages] : navigator.languages;
  return wanted.find((tag) => tag.slice(0, 2) === language()) ?? language();
}

function language() {
  return document.documentElement.lang;
}

function known() {
  return (words ??= JSON.parse(document.getElementById("words").textContent));
}
