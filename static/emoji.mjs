/** Makes the emoji picker's data: one compact file for each language of the widget. */
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const LANGUAGES = ["en", "de", "fr", "es", "pt", "it", "nl", "pl", "ja", "zh"];
/** What emojibase does not speak: the groups by their order, with the English names of what is in them. */
const GROUPS = {
  ar: { 0: "الوجوه والمشاعر", 1: "الناس والجسد", 3: "الحيوانات والطبيعة", 4: "الطعام والشراب", 5: "السفر والأماكن", 6: "الأنشطة", 7: "الأشياء", 8: "الرموز", 9: "الأعلام" },
  he: { 0: "פרצופים ורגשות", 1: "אנשים וגוף", 3: "חיות וטבע", 4: "אוכל ושתייה", 5: "נסיעות ומקומות", 6: "פעילויות", 7: "חפצים", 8: "סמלים", 9: "דגלים" },
  tr: { 0: "Yüzler ve duygular", 1: "İnsanlar ve beden", 3: "Hayvanlar ve doğa", 4: "Yiyecek ve içecek", 5: "Seyahat ve yerler", 6: "Etkinlikler", 7: "Nesneler", 8: "Semboller", 9: "Bayraklar" },
};

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
  for (const language of [...LANGUAGES, ...Object.keys(GROUPS)]) {
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
  const spoken = language in GROUPS ? "en" : language;
  const read = async (file) => JSON.parse(await readFile(`${PACKAGE}/${spoken}/${file}.json`, "utf8"));
  const [all, { groups }] = await Promise.all([read("data"), read("messages")]);
  const wanted = all.filter(({ group, version }) => group !== undefined && group !== COMPONENTS && version <= NEWEST);
  wanted.sort((one, other) => one.order - other.order);
  return groups
    .filter(({ order }) => order !== COMPONENTS)
    .map(({ message, order }) => [GROUPS[language]?.[order] ?? message, wanted.filter(({ group }) => group === order).map(rowOf)]);
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
