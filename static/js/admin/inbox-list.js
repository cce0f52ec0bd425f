/**
 * Marks the row of the conversation that is open and keeps the ticks, however the list or the panel beside it was
 * refreshed; shows what can be done with those that are ticked.
 */
export class InboxList extends HTMLElement {
  #chosen = new Set();
  #last = null;

  connectedCallback() {
    document.addEventListener("htmx:afterSwap", this.#swapped);
    this.addEventListener("htmx:afterRequest", this.#changed);
    this.addEventListener("click", this.#click);
    this.addEventListener("change", this.#tick);
    // Where the views stand in one line, the one that is open may be beyond its end.
    this.querySelector(".inbox-view[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  disconnectedCallback() {
    document.removeEventListener("htmx:afterSwap", this.#swapped);
  }

  get hasChosen() {
    return this.#chosen.size > 0;
  }

  /** Ticks none, or all that are shown. */
  choose(all) {
    this.#chosen = new Set(all ? this.#boxes.map((box) => box.value) : []);
    this.#show();
  }

  get #boxes() {
    return [...this.querySelectorAll('.inbox-tick input')];
  }

  #swapped = ({ detail }) => {
    this.#mark();
    if (detail.target?.id === "inbox-panel") this.#opened();
    if (detail.target?.id === "inbox-list") this.#show();
  };

  /** What was done to them is done; what could not be stays ticked. */
  #changed = ({ target, detail }) => {
    if (target.id !== "bulk" || !detail.successful) return;
    this.choose(false);
    this.querySelector(".inbox-bulk-more").open = false;
  };

  #click = ({ target, shiftKey }) => {
    const button = target.closest("[data-bulk]");
    if (button) this.choose(button.dataset.bulk === "all");
    if (target.matches(".inbox-tick input")) this.#range(target, shiftKey);
  };

  /** With Shift, all between the last tick and this one are ticked alike. */
  #range(box, isRange) {
    const boxes = this.#boxes;
    const [from, to] = [boxes.findIndex((one) => one.value === this.#last), boxes.indexOf(box)].sort((a, b) => a - b);
    if (isRange && from >= 0) for (const one of boxes.slice(from, to + 1)) this.#set(one.value, box.checked);
    this.#last = box.value;
  }

  #tick = ({ target }) => {
    if (!target.matches(".inbox-tick input")) return;
    this.#set(target.value, target.checked);
    this.#show();
  };

  #set(id, isChosen) {
    if (isChosen) this.#chosen.add(id);
    else this.#chosen.delete(id);
  }

  #show() {
    const boxes = this.#boxes;
    const there = new Set(boxes.map((box) => box.value));
    this.#chosen = new Set([...this.#chosen].filter((id) => there.has(id)));
    for (const box of boxes) box.checked = this.#chosen.has(box.value);
    const bar = this.querySelector(".inbox-bulk");
    if (!bar) return;
    bar.toggleAttribute("data-chosen", this.hasChosen);
    if (this.hasChosen) this.querySelector("#bulk-said").textContent = "";
    this.querySelector(".inbox-bulk-number").textContent = this.hasChosen ? `${this.#chosen.size} chosen` : "";
  }

  #mark() {
    for (const row of this.querySelectorAll(".inbox-row")) {
      if (row.pathname === location.pathname) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  #opened() {
    const conversation = document.getElementById("conversation");
    document.title = conversation.dataset.title;
    // On a phone the list has gone, and the focus with it.
    if (!this.querySelector(".inbox-list").offsetParent) conversation.querySelector("h2").focus();
  }
}
customElements.define("inbox-list", InboxList);
