/**
 * Lets the rows of the list inside be dragged by their handle, with a finger too. On dropping it fills the form named
 * in `form` (which entry, before or after which other) and sends it. The buttons in the rows do the same by keyboard.
 */
const EDGE = 64;

export class SortableList extends HTMLElement {
  #row;
  #next;
  #frame;
  #pointerY = 0;

  connectedCallback() {
    this.addEventListener("pointerdown", this.#lift);
  }

  disconnectedCallback() {
    this.#release();
  }

  #lift = (event) => {
    const handle = event.target.closest("[data-handle]");
    if (!handle || event.button) return;
    event.preventDefault();
    this.#row = handle.closest("[data-entry]");
    this.#next = this.#row.nextElementSibling;
    this.#pointerY = event.clientY;
    this.#row.classList.add("is-lifted");
    addEventListener("pointermove", this.#drag);
    addEventListener("pointerup", this.#drop);
    addEventListener("pointercancel", this.#putBack);
    addEventListener("keydown", this.#putBackOnEscape);
    this.#frame = requestAnimationFrame(this.#scroll);
  };

  #drag = (event) => {
    this.#pointerY = event.clientY;
    this.#follow();
  };

  #follow() {
    const others = [...this.#row.parentElement.children].filter((row) => row !== this.#row);
    const below = others.find((row) => this.#pointerY < middle(row));
    if (below ? below !== this.#row.nextElementSibling : this.#row.nextElementSibling) {
      this.#row.parentElement.insertBefore(this.#row, below ?? null);
    }
  }

  #scroll = () => {
    const step = this.#pointerY < EDGE ? -8 : this.#pointerY > innerHeight - EDGE ? 8 : 0;
    if (step) {
      scrollBy(0, step);
      this.#follow();
    }
    this.#frame = requestAnimationFrame(this.#scroll);
  };

  #drop = () => {
    const row = this.#row;
    const hasMoved = row.nextElementSibling !== this.#next;
    this.#release();
    if (hasMoved) this.#send(row);
  };

  #putBack = () => {
    this.#row.parentElement.insertBefore(this.#row, this.#next);
    this.#release();
  };

  #putBackOnEscape = (event) => {
    if (event.key === "Escape") this.#putBack();
  };

  #send(row) {
    const form = document.getElementById(this.getAttribute("form"));
    form.elements.entry.value = row.dataset.entry;
    form.elements.after.value = row.previousElementSibling?.dataset.entry ?? "";
    form.elements.before.value = row.previousElementSibling ? "" : row.nextElementSibling.dataset.entry;
    form.requestSubmit();
  }

  #release() {
    cancelAnimationFrame(this.#frame);
    this.#row?.classList.remove("is-lifted");
    this.#row = undefined;
    removeEventListener("pointermove", this.#drag);
    removeEventListener("pointerup", this.#drop);
    removeEventListener("pointercancel", this.#putBack);
    removeEventListener("keydown", this.#putBackOnEscape);
  }
}

function middle(row) {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
}
customElements.define("sortable-list", SortableList);
