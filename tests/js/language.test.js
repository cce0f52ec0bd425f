import assert from "node:assert/strict";
import { test } from "node:test";
import { languageOf } from "../../static/js/widget/rules/language.js";

const LANGUAGES = ["en", "de", "he", "zh"];

function visit({ lang = "", languages = [] }) {
  globalThis.document = { documentElement: { lang } };
  Object.defineProperty(globalThis, "navigator", { value: { languages }, configurable: true });
}

test("the page counts first, and the site's own word before it", () => {
  visit({ lang: "de-AT", languages: ["en-US"] });
  assert.equal(languageOf({ languages: LANGUAGES, heedsPage: true }), "de");
  assert.equal(languageOf({ languages: LANGUAGES, heedsPage: true }, "zh-Hans-CN"), "zh");
  assert.equal(languageOf({ languages: LANGUAGES, heedsPage: false }), "en");
});

test("what is not spoken is passed over", () => {
  visit({ lang: "sv", languages: ["fi", "iw", "en"] });
  assert.equal(languageOf({ languages: LANGUAGES, heedsPage: true }), "he");
  visit({ lang: "not a tag", languages: [] });
  assert.equal(languageOf({ languages: LANGUAGES, heedsPage: true }), undefined);
});
