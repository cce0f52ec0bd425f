/** Makes the emoji picker's data: one compact file for each language that emojibase knows and the widget speaks. */
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

export const LANGUAGES = ["en", "de", "fr", "es", "pt", "it", "nl", "pl", "ja", "zh"];

const PACKAGE = "node_modules/emojibase-data";
/** Newer ones would be empty boxes on devices that are still in use. */
const NEWEST = 14;
/** Skin tones and hair alone are nothing to pick. */
const COMPONENTS = 2;
const MOST_TAGS = 8;

/**
 * Write the files.
 *
 * @returns their names, by what they are asked for, as the manifest has them
 */
export async function writeEmoji(folder) {
  const names = {};
  for (const language of LANGUAGES) {
    const content = JSON.stringify(await emojiOf(language));
    const mark = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
    const name = `emoji-${language}-${mark}.json`;
    await writeFile(join(folder, name), content);
    names[`emoji-${language}.json`] = name;
  }
  await writeFile(join(folder, "emoji.LEGAL.txt"), await readFile(`${PACKAGE}/LICENSE`));
  return names;
}

/** `[[group, [[emoji, name and words to find it by, 1 where it has skin tones], …]], …]` in the order of Unicode. */
async function emojiOf(language) {
  const read = async (file) => JSON.parse(await readFile(`${PACKAGE}/${language}/${file}.json`, "utf8"));
  const [all, { groups }] = await Promise.all([read("data"), read("messages")]);
  const wanted = all.filter(({ group, version }) => group !== undefined && group !== COMPONENTS && version <= NEWEST);
  wanted.sort((one, other) => one.order - other.order);
  return groups
    .filter(({ order }) => order !== COMPONENTS)
    .map(({ message, order }) => [message, wanted.filter(({ group }) => group === order).map(rowOf)]);
}

function rowOf({ emoji, label, tags = [], skins = [] }) {
  const words = [label, ...tags.filter((tag) => !label.includes(tag)).slice(0, MOST_TAGS)].join("|");
  return hasTones(emoji, skins) ? [emoji, words, 1] : [emoji, words];
}

/** Whether putting the tone behind the first sign makes the very emoji that Unicode has. */
function hasTones(emoji, skins) {
  const plain = skins.filter(({ tone }) => typeof tone === "number");
  return plain.length === 5 && plain.every((skin) => toned(emoji, skin.tone) === skin.emoji);
}

function toned(emoji, tone) {
  const [first, ...rest] = [...emoji];
  return first + String.fromCodePoint(0x1f3fa + tone) + rest.filter((sign, place) => place > 0 || sign !== "\ufe0f").join("");
}
