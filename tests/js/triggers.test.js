import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { verdict } from "../../static/js/widget/rules/verdict.js";

const CASES = JSON.parse(await readFile("tests/triggers.json", "utf8"));
const NOTHING = {
  ...{ seconds: 0, scrolled: 0, leaving: false, idle: 0, events: [], context: {}, path: "/", returning: false, page: 1 },
  ...{ open: true, ago: null, inVisit: false, onPage: false, dismissed: false, opened: false },
};

for (const { trigger, facts, fires, because } of CASES) {
  test(`${JSON.stringify(trigger)} with ${JSON.stringify(facts)}`, () => {
    const said = verdict({ cap: "visit", ...trigger }, { ...NOTHING, ...facts });
    const named = said.because.map((name) => (name === "stems" ? "pages" : name));
    assert.deepEqual({ ...said, because: named }, { fires, because });
  });
}
