import assert from "node:assert/strict";
import { after, test } from "node:test";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";

const folder = await mkdtemp(join(tmpdir(), "widget-"));
after(() => rm(folder, { recursive: true }));
await build({
  entryPoints: [
    ...["loader.js", "loader/window.js", "frame.js", "parts/attachments.js", "parts/challenge.js", "parts/confirm.js", "parts/link-previews.js", "parts/menu.js", "parts/rating.js", "parts/transcript.js", "parts/own-data.js"].map((name) => `static/js/widget/${name}`),
    ...["widget.css", "thread.css", "own-data.css", "attachments.css", "confirm.css", "link-previews.css", "rating.css", "transcript.css"].map((name) => `static/css/${name}`),
  ],
  entryNames: "[name]",
  outdir: folder,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022", "safari16"],
  legalComments: "none",
});
const built = (name) => readFile(join(folder, name), "utf8");
const size = (text) => brotliCompressSync(text).length;

// With its settings it is weighed as it is served, in tests/blueprints/widget/test_loader.py.
test("the loader has one place for its settings, and what it fetches later is not in it", async () => {
  const loader = await built("loader.js");
  assert.equal(loader.split('"__CONFIG__"').length, 2);
  assert.doesNotMatch(loader, /MessageChannel|createElement\("iframe"\)/);
  assert.ok(size(await built("window.js")) <= 1400, `window.js ${size(await built("window.js"))}`);
});

test("the frame weighs 20 kB with its words, script and style", async () => {
  const page = await Promise.all(["frame.html", "_message.html"].map((name) => readFile(`templates/widget/${name}`, "utf8")));
  const words = JSON.parse(await readFile("core/widget_words/catalogue/en.json", "utf8"));
  const whole = size([...page, JSON.stringify(words.frame), await built("widget.css"), await built("frame.js")].join(""));
  assert.ok(whole <= 20_000, `${whole} bytes`);
});

test("what few need is not in the frame, and weighs little when it is fetched", async () => {
  assert.doesNotMatch(await built("frame.js"), /SHA-256|data_forget|data-sample|handoffs/);
  assert.ok(size(await built("challenge.js")) <= 1500, "challenge.js");
  assert.ok(size(await built("menu.js")) <= 1500, "menu.js");
  assert.ok(size(await built("thread.css")) <= 2000, "thread.css");
  assert.ok(size((await built("own-data.js")) + (await built("own-data.css"))) <= 4000, "own-data");
  assert.ok(size((await built("attachments.js")) + (await built("attachments.css"))) <= 6000, "attachments");
  assert.ok(size((await built("transcript.js")) + (await built("transcript.css"))) <= 2500, "transcript");
  assert.ok(size((await built("confirm.js")) + (await built("confirm.css"))) <= 1500, "confirm");
  assert.ok(size((await built("rating.js")) + (await built("rating.css"))) <= 2500, "rating");
  assert.ok(size((await built("link-previews.js")) + (await built("link-previews.css"))) <= 1500, "link-previews");
});

test("nothing in the inlined script can end it", async () => {
  assert.doesNotMatch(await built("frame.js"), /<\/script|<!--/i);
});
