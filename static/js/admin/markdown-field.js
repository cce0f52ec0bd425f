/** Buttons that write Markdown into the textarea inside; Ctrl/Cmd with B, I or Enter works as everywhere. */
const MARKS = {
  bold: (text) => around(text, "**", "bold words"),
  italic: (text) => around(text, "*", "words"),
  link: (text) => ({ written: `[${text || "words"}](https://)`, from: -1 - "https://".length, to: -1 }),
  code: (text) => (text.includes("\n") ? around(text, "```", "", "\n") : around(text, "`", "code")),
  list: (text) => ({ written: (text || "first\nsecond").replace(/^(?:- )?/gm, "- ") }),
};
const KEYS = { b: "bold", i: "italic" };

export class MarkdownField extends HTMLElement {
  connectedCallback() {
    const tools = this.querySelector(".markdown-tools");
    if (tools) tools.hidden = false;
    this.addEventListener("click", this.#press);
    this.addEventListener("keydown", this.#shortcut);
  }

  get #area() {
    return this.querySelector("textarea");
  }

  #press = (event) => {
    const button = event.target.closest("[data-mark]");
    if (button) this.#mark(button.dataset.mark);
  };

  #shortcut = (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.target !== this.#area || event.isComposing) return;
    if (event.key === "Enter") this.#area.form.requestSubmit();
    else if (KEYS[event.key]) this.#mark(KEYS[event.key]);
    else return;
    event.preventDefault();
  };

  #mark(name) {
    const area = this.#area;
    const start = area.selectionStart;
    const { written, from, to } = MARKS[name](area.value.slice(start, area.selectionEnd));
    area.focus();
    // The old command alone can be undone with Ctrl+Z.
    if (!document.execCommand("insertText", false, written)) area.setRangeText(written);
    if (from) area.setSelectionRange(start + written.length + from, start + written.length + to);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function around(text, sign, example, gap = "") {
  const words = text || example;
  const end = gap.length + sign.length;
  return { written: sign + gap + words + gap + sign, from: -end - words.length, to: -end };
}
customElements.define("markdown-field", MarkdownField);
