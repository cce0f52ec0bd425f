/** Opens the widget's emoji picker above the composer; it and its emoji are fetched when it is wanted first. */
const WORDS = {
  emoji_open: "Insert emoji",
  emoji_search: "Search emoji",
  emoji_recent: "Recently used",
  emoji_none: "Nothing found.",
  emoji_skin: "Skin tone",
};
const KEPT = "porchlight:emoji";

export class EmojiButton extends HTMLElement {
  #stage = {
    front: null,
    say: (key) => WORDS[key],
    keeping: { recall: (name) => kept()[name], remember: (name, content) => keep({ ...kept(), [name]: content }) },
    composer: { focus: () => this.#box.querySelector("textarea").focus() },
    emojiData: this.getAttribute("emoji"),
  };

  connectedCallback() {
    this.addEventListener("click", this.#toggle);
    this.#box.addEventListener("keydown", this.#escape);
  }

  get #box() {
    return this.closest("reply-box");
  }

  #toggle = async () => {
    const { default: toggle } = await import(this.getAttribute("src"));
    await toggle(this.#stage, this.querySelector("button"));
  };

  #escape = (event) => {
    if (event.key !== "Escape" || !this.#stage.front) return;
    event.stopPropagation();
    this.#stage.front.close();
  };
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

/** Where storage is switched off, what was used lately is not remembered. */
function keep(content) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(content));
  } catch {
    // Nothing depends on it.
  }
}
customElements.define("emoji-button", EmojiButton);
