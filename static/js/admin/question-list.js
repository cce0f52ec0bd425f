/** Shows only the questions that are written, and lets them be added, moved and removed. Without it, all lines stand open. */
export class QuestionList extends HTMLElement {
  #open = 1;

  connectedCallback() {
    this.#open = Math.max(1, this.#inputs.findLastIndex((input) => input.value) + 1);
    this.addEventListener("click", this.#click);
    this.#show();
  }

  get #inputs() {
    return [...this.querySelectorAll("input")];
  }

  #click = ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    const place = this.#inputs.indexOf(button.closest("li")?.querySelector("input"));
    if ("add" in button.dataset) this.#add();
    if ("move" in button.dataset) this.#move(place, place + Number(button.dataset.move));
    if ("remove" in button.dataset) this.#remove(place);
  };

  #add() {
    this.#open += 1;
    this.#show();
    this.#inputs[this.#open - 1].focus();
  }

  #move(from, to) {
    const values = this.#inputs.map((input) => input.value);
    values.splice(to, 0, ...values.splice(from, 1));
    this.#write(values);
    this.#inputs[to].focus();
  }

  #remove(place) {
    const values = this.#inputs.map((input) => input.value);
    values.splice(place, 1);
    this.#open = Math.max(1, this.#open - 1);
    this.#write([...values, ""]);
    this.#inputs[Math.min(place, this.#open - 1)].focus();
  }

  #write(values) {
    this.#inputs.forEach((input, place) => (input.value = values[place]));
    this.#show();
    this.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #show() {
    this.querySelectorAll("li").forEach((row, place) => {
      row.hidden = place >= this.#open;
      row.querySelector('[data-move="-1"]').disabled = place === 0;
      row.querySelector('[data-move="1"]').disabled = place >= this.#open - 1;
    });
    this.querySelector("[data-add]").hidden = this.#open === this.#inputs.length;
  }
}
customElements.define("question-list", QuestionList);
