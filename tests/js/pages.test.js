import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { fits } from "../../static/js/widget/pages.js";

const CASES = JSON.parse(await readFile("tests/page_patterns.json", "utf8"));

for (const { pattern, stem, on, off } of CASES) {
  test(`${pattern} stands for its pages and no others`, () => {
    for (const path of on) assert.ok(fits([stem], path), path);
    for (const path of off) assert.ok(!fits([stem], path), path);
  });
}

test("one of many is enough, none is not", () => {
  assert.ok(fits(["/a/?", "/b/"], "/b/c"));
  assert.ok(!fits([], "/"));
});
