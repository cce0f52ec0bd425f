import assert from "node:assert/strict";
import { after, test } from "node:test";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";

const SETTINGS = {
  agent: "q3x9Zk1m7vB2nL8pR4tYwA",
  origin: "https://chat.example.com",
  version: 12,
  look: {
    name: "Lantern & Loom",
    greeting: "Hi there. What can I help you with?",
    accent: "#b4490f",
    onAccent: "#ffffff",
    accentDark: "#f0a06a",
    onAccentDark: "#2a1506",
    scheme: "auto",
    corners: 18,
    width: 400,
    height: 680,
    position: "bottom-right",
    icon: "chat",
    text: "",
    trigger: null,
  },
  preview: null,
};

const folder = await mkdtemp(join(tmpdir(), "widget-"));
after(() => rm(folder, { recursive: true }));
await build({
  entryPoints: [
    ...["loader.js", "frame.js", "parts/challenge.js", "parts/menu.js", "parts/own-data.js"].map((name) => `static/js/widget/${name}`),
    ...["widget.css", "thread.css", "own-data.css"].map((name) => `static/css/${name}`),
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

test("the loader has one place for its settings, and weighs 3 kB with them", async () => {
  const loader = await built("loader.js");
  assert.equal(loader.split('"__CONFIG__"').length, 2);
  const filled = size(loader.replace('"__CONFIG__"', () => JSON.stringify(SETTINGS)));
  assert.ok(filled <= 3072, `${filled} bytes`);
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
});

test("nothing in the inlined script can end it", async () => {
  assert.doesNotMatch(await built("frame.js"), /<\/script|<!--/i);
});
