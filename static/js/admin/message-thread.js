/**
 * Keeps the newest message in view, unless the reader has scrolled up: then it says that there is more below. The second
 * half of a double click does nothing: by then the button above the messages means the opposite.
 */
const NEAR = 48;

export class MessageThread extends HTMLElement {
  #observer = new MutationObserver(() => this.#settle());
  #resizes = new ResizeObserver(() => this.#settle());
  #last = "";
  #isAtEnd = true;
  #hasNews = false;
  #action = "";

  connectedCallback() {
    this.#last = this.#newest();
    this.#toEnd();
    this.addEventListener("scroll", this.#look, true);
    this.addEventListener("click", ignoreSecond, true);
    this.#button.addEventListener("click", this.#toEnd);
    this.addEventListener("htmx:beforeRequest", this.#acts);
    this.addEventListener("htmx:afterSettle", this.#acted);
    this.#observer.observe(this, { childList: true, subtree: true, characterData: true });
    this.#resizes.observe(this.#scroller);
  }

  disconnectedCallback() {
    this.#observer.disconnect();
    this.#resizes.disconnect();
  }

  get #scroller() {
    return this.querySelector('[role="log"]');
  }

  get #button() {
    return this.querySelector(".thread-new");
  }

  #newest() {
    return this.querySelector(".said > :last-child")?.id ?? "";
  }

  #settle() {
    const newest = this.#newest();
    if (newest !== this.#last) this.#hasNews = true;
    this.#last = newest;
    if (this.#isAtEnd) this.#toEnd();
    this.#button.hidden = !this.#hasNews;
  }

  #look = () => {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    this.#isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR;
    if (this.#isAtEnd) this.#hasNews = false;
    this.#button.hidden = !this.#hasNews;
  };

  #acts = ({ target }) => {
    if (target.closest(".thread-actions")) this.#action = target.action ?? "";
  };

  /** The button that was pressed may be gone: who has taken over goes on by writing, everybody else by what can be done now. */
  #acted = () => {
    // What others changed may be drawn before the answer is; the button still has the focus then.
    if (!this.#action || document.activeElement !== document.body) return;
    const writes = this.#action.endsWith("/assignment") && matchMedia("(pointer: fine)").matches;
    (writes ? document.getElementById("text") : this.querySelector(".thread-actions button, .thread-actions a"))?.focus();
    this.#action = "";
  };

  #toEnd = () => {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#isAtEnd = true;
    this.#hasNews = false;
    this.#button.hidden = true;
  };
}

function ignoreSecond(event) {
  if (event.detail < 2 || !event.target.closest(".thread-actions")) return;
  event.preventDefault();
  event.stopPropagation();
}
customElements.define("message-thread", MessageThread);
