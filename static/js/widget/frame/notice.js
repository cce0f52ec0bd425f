/** The line above the input: what is wrong, or what the customer has to wait for. */
export class Notice {
  #line;
  #timer = null;

  constructor(line) {
    this.#line = line;
  }

  /** An empty one takes it away. */
  say(words = "") {
    clearInterval(this.#timer);
    this.#timer = null;
    if (this.#line.textContent !== words) this.#line.textContent = words;
  }

  /**
   * Count seconds down. The eye sees each; a screen reader hears the first, not a new sentence every second.
   *
   * @param words what to say with so many seconds left
   * @param after what to say when they are over
   */
  countDown(seconds, words, after) {
    this.say();
    const ends = Date.now() + seconds * 1000;
    const seen = part("", words(seconds));
    seen.ariaHidden = true;
    this.#line.append(part("unseen", words(seconds)), seen);
    this.#timer = setInterval(() => {
      const left = Math.ceil((ends - Date.now()) / 1000);
      if (left > 0) seen.textContent = words(left);
      else this.say(after);
    }, 1000);
  }
}

function part(className, words) {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = words;
  return element;
}
