/** What is said of a file in the tray and in messages alike. */
import { draw } from "../drawing.js";

const SVG = "http://www.w3.org/2000/svg";
const SHEET = "M14 3v5h5M7 3h7l5 5v12a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM9 13h6M9 17h6";
const STEPS = ["byte", "kilobyte", "megabyte"];

export function isPicture({ mediaType }) {
  return mediaType.startsWith("image/");
}

/** As the reader writes numbers, like `1.2 MB`. */
export function sizeInWords(bytes, locale) {
  const step = Math.min(STEPS.length - 1, Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1024)));
  const unitDisplay = step ? "short" : "long";
  const options = { style: "unit", unit: STEPS[step], unitDisplay, maximumFractionDigits: step > 1 ? 1 : 0 };
  return new Intl.NumberFormat(locale, options).format(bytes / 1024 ** step);
}

/** The letters by which people know a kind of file. */
export function kindOf({ name }) {
  return name.split(".").at(-1).toUpperCase();
}

export function drawSheet() {
  return drawIcon(SHEET);
}

export function drawIcon(path) {
  const icon = document.createElementNS(SVG, "svg");
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  icon.append(line);
  return icon;
}

/** A name that is cut in its middle keeps its end, which says what it is. */
export function drawName(name) {
  const cut = Math.max(name.length - 8, 0);
  return draw("span", { className: "file-name", dir: "auto", title: name }, [
    draw("span", { className: "file-stem" }, [name.slice(0, cut)]),
    draw("span", { className: "file-end" }, [name.slice(cut)]),
  ]);
}
