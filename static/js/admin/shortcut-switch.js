/** Lets somebody switch single keys off: speech input and tremor press them unawares (WCAG 2.1.4). */
const KEY = "porchlight:single-keys";

export function singleKeysWork() {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

export class ShortcutSwitch extends HTMLElement {
  connectedCallback() {
    const box = this.querySelector("input");
    box.checked = singleKeysWork();
    box.addEventListener("change", () => localStorage.setItem(KEY, box.checked ? "on" : "off"));
  }
}
customElements.define("shortcut-switch", ShortcutSwitch);
