/** Decides where the view of a conversation stands when something is added to it. */
const NEAR = 48;
const MARGIN = 12;

export class ScrollKeeper {
  #view;
  #follows = true;
  #placedAt = null;
  #unread = Infinity;

  /** @param view `{top, height, content}`; setting `top` scrolls */
  constructor(view) {
    this.#view = view;
  }

  get #distance() {
    return this.#view.content - this.#view.height - this.#view.top;
  }

  /** Whether the newest message can be seen. */
  get isAtEnd() {
    return this.#distance <= NEAR;
  }

  /** The view was scrolled; by the reader, unless it stands where `settle` has just put it. */
  moved() {
    if (this.#placedAt !== null && Math.abs(this.#view.top - this.#placedAt) < 2) return;
    this.#placedAt = null;
    this.#follows = this.isAtEnd;
    if (this.#follows) this.#unread = Infinity;
  }

  /**
   * Content grew or the view changed its size. A reader at the end stays there, but a reply that is taller
   * than the view is shown from its start, and a reader who has scrolled up is left alone.
   *
   * @param start where a reply begins, in the content; left out when it is no reply that has come or grown
   */
  settle(start = Infinity) {
    if (!this.#follows) return;
    this.#unread = Math.min(this.#unread, start);
    this.#place(Math.min(this.#view.content - this.#view.height, this.#unread - MARGIN));
  }

  /** Go to the end and stay there. */
  follow() {
    this.#follows = true;
    this.#unread = Infinity;
    this.#place(this.#view.content - this.#view.height);
  }

  #place(top) {
    this.#view.top = Math.max(0, top);
    this.#placedAt = this.#view.top;
  }
}
