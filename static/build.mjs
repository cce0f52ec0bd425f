/** Bundles the front end into static/dist, under names that change with their content. */
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { writeEmoji } from "./emoji.mjs";

const DIST = "static/dist";

/** Built aside and put in place at the end: a build that fails leaves what was there. */
const OUT = "static/dist.new";

/** Entry points whose output is a page's own file. */
const PAGES = [
  "static/js/theme.js",
  "static/js/admin/admin.js",
  "static/js/admin/css-code.js",
  "static/js/admin/picture-crop.js",
  "static/js/widget/parts/attachments.js",
  "static/js/widget/parts/cards.js",
  "static/js/widget/parts/challenge.js",
  "static/js/widget/parts/confirm.js",
  "static/js/widget/parts/greeting.js",
  "static/js/widget/parts/emoji.js",
  "static/js/widget/parts/hand-over.js",
  "static/js/widget/parts/link-previews.js",
  "static/js/widget/parts/menu.js",
  "static/js/widget/parts/own-data.js",
  "static/js/widget/parts/remembered.js",
  "static/js/widget/parts/people.js",
  "static/js/widget/parts/pop-out.js",
  "static/js/widget/parts/pre-chat.js",
  "static/js/widget/parts/rating.js",
  "static/js/widget/parts/resize.js",
  "static/js/widget/parts/sound.js",
  "static/js/widget/parts/preview.js",
  "static/js/widget/parts/transcript.js",
  "static/js/widget/shop-sign-in.js",
  "static/css/admin.css",
  "static/css/attachments.css",
  "static/css/cards.css",
  "static/css/confirm.css",
  "static/css/demo.css",
  "static/css/emoji.css",
  "static/css/hand-over.css",
  "static/css/link-previews.css",
  "static/css/own-data.css",
  "static/css/remembered.css",
  "static/css/pre-chat.css",
  "static/css/preview.css",
  "static/css/rating.css",
  "static/css/thread.css",
  "static/css/transcript.css",
];

/** Fonts that a look may use, by the packages that bring their files. */
const FONTS = {
  inter: "inter",
  nunito: "nunito",
  manrope: "manrope",
  "source-serif": "source-serif-4",
  lora: "lora",
  "jetbrains-mono": "jetbrains-mono",
};

/** Entry points that the server inlines or serves itself. */
const INLINED = [
  "static/js/widget/loader.js",
  "static/js/widget/generic.js",
  "static/js/widget/frame.js",
  "static/js/admin/sw.js",
  "static/css/widget.css",
];

/** Entry points that the server serves itself, as modules; it writes settings into some. */
const MODULES = ["static/js/widget/loader/window.js", "static/js/widget/parts/rules.js"];

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });

const shared = { bundle: true, minify: true, outdir: OUT, metafile: true, target: ["es2022", "safari16"] };
const results = await Promise.all([
  build({
    ...shared,
    entryPoints: PAGES,
    format: "esm",
    inject: ["static/js/admin/trusted-parser.js"],
    define: { DOMParser: "TrustedParser", "Document.parseHTMLUnsafe": "parseTrusted" },
    legalComments: "linked",
    entryNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    loader: { ".woff2": "file", ".svg": "file", ".png": "file" },
  }),
  build({
    ...shared,
    entryPoints: Object.fromEntries(Object.keys(FONTS).map((name) => [`font-${name}`, `${packageOf(name)}/wght.css`])),
    entryNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    loader: { ".woff2": "file" },
    legalComments: "none",
  }),
  build({ ...shared, entryPoints: INLINED, entryNames: "[name]-[hash]", format: "iife", legalComments: "none" }),
  build({ ...shared, entryPoints: MODULES, entryNames: "[name]-[hash]", format: "esm", legalComments: "none" }),
]);

const manifest = {};
for (const { metafile } of results) {
  for (const [path, output] of Object.entries(metafile.outputs)) {
    if (output.entryPoint) manifest[nameOf(path, output.entryPoint)] = basename(path);
    const font = Object.keys(FONTS).find((name) => basename(path).startsWith(`${FONTS[name]}-latin-wght-normal-`));
    if (font) manifest[`font-${font}.woff2`] = basename(path);
  }
}
Object.assign(manifest, await writeEmoji(OUT));
await writeFile(join(OUT, "manifest.json"), JSON.stringify(manifest));
await writeFile(join(OUT, "fonts.LEGAL.txt"), await licences());
await writeFile(join(OUT, "icons.json"), JSON.stringify(await icons()));
await rm(DIST, { recursive: true, force: true });
await rename(OUT, DIST);

/** What a built file is asked for by: its source's name, or for a font, whose sources are all called alike, its own. */
function nameOf(path, source) {
  return basename(path).startsWith("font-") ? basename(path).replace(/-[0-9A-Z]{8}\./, ".") : basename(source);
}

function packageOf(font) {
  return `node_modules/@fontsource-variable/${FONTS[font]}`;
}

/** The licences of the fonts, which go wherever their files go (SIL Open Font License 1.1, section 2). */
async function licences() {
  const texts = await Promise.all(
    Object.keys(FONTS).map(async (font) => `${FONTS[font]}\n\n${await readFile(`${packageOf(font)}/LICENSE`, "utf8")}`),
  );
  return texts.join("\n\n");
}

/** The drawing of each icon that a template or a Python file names. */
async function icons() {
  const names = new Set();
  for (const folder of ["templates", "web", "blueprints"]) {
    for (const file of await readdir(folder, { recursive: true })) {
      if (!/\.(html|py)$/.test(file)) continue;
      const text = await readFile(join(folder, file), "utf8");
      for (const [, name] of text.matchAll(/icon(?:_name)?\s*[=(]\s*"([a-z0-9-]+)"/g)) names.add(name);
    }
  }
  const drawings = {};
  for (const name of [...names].sort()) {
    const svg = await readFile(`node_modules/@tabler/icons/icons/outline/${name}.svg`, "utf8");
    drawings[name] = svg
      .slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"))
      .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\/>/, "")
      .replace(/\s*\n\s*/g, "");
  }
  return drawings;
}
