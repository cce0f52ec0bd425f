/**
 * The one door through which text becomes HTML in the admin's pages, what our own server has answered to htmx; and the
 * one for the script that shows what is pushed.
 * The build puts these in the place of the browser's own (build.mjs), so that Trusted Types can shut every other door.
 */
let policy;

/** Stands for `Document.parseHTMLUnsafe`, which htmx takes where there is one. */
export function parseTrusted(text) {
  return window.Document.parseHTMLUnsafe(trusted(text));
}

/** Stands for `DOMParser`. */
export class TrustedParser {
  parseFromString(text, type) {
    return new window.DOMParser().parseFromString(trusted(text), type);
  }
}

/** The address of our own service worker, the only script that may be registered as one. */
export function trustedWorker(address) {
  return doors()?.createScriptURL(address) ?? address;
}

function trusted(text) {
  return doors()?.createHTML(text) ?? text;
}

function doors() {
  policy ??= window.trustedTypes?.createPolicy("porchlight", { createHTML: (html) => html, createScriptURL: ownWorker });
  return policy;
}

function ownWorker(address) {
  if (new URL(address, location.href).href !== `${location.origin}/admin/sw.js`) throw new TypeError("This is not our worker.");
  return address;
}
