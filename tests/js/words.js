/** The English words, where a page of the widget would have them. */
import { readFileSync } from "node:fs";

const catalogue = JSON.parse(readFileSync("core/widget_words/catalogue/en.json", "utf8"));

globalThis.document ??= {};
document.documentElement ??= { lang: "en" };
document.getElementById ??= () => ({ textContent: JSON.stringify(catalogue.frame) });
