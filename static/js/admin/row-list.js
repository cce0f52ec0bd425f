/** Shows only the rows that are written, and lets them be added, moved and removed. Without it, all rows stand open. */
export class RowList extends HTMLElement {
  #open = 1;

  connectedCallback() {
    this.#open = Math.max(1, this.#rows.findLastIndex((row) => wordsOf(row).value) + 1);
    this.addEventListener("click", this.#click);
    this.#show();
  }

  get #rows() {
    return [...this.querySelectorAll("li")];
  }

  #click = ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    const place = this.#rows.indexOf(button.closest("li"));
    if ("add" in button.dataset) this.#add();
    if ("move" in button.dataset) this.#move(place, place + Number(button.dataset.move));
    if ("remove" in button.dataset) this.#remove(place);
  };

  #add() {
    this.#open += 1;
    this.#show();
    wordsOf(this.#rows[this.#open - 1]).focus();
  }

  #move(from, to) {
    const contents = this.#rows.map(contentOf);
    contents.splice(to, 0, ...contents.splice(from, 1));
    this.#write(contents);
    wordsOf(this.#rows[to]).focus();
  }

  #remove(place) {
    const contents = this.#rows.map(contentOf);
    contents.splice(place, 1);
    this.#open = Math.max(1, this.#open - 1);
    this.#write([...contents, []]);
    wordsOf(this.#rows[Math.min(place, this.#open - 1)]).focus();
  }

  #write(contents) {
    this.#rows.forEach((row, place) => fill(row, contents[place]));
    this.#show();
    this.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #show() {
    this.#rows.forEach((row, place) => {
      row.hidden = place >= this.#open;
      row.querySelector('[data-move="-1"]').disabled = place === 0;
      row.querySelector('[data-move="1"]').disabled = place >= this.#open - 1;
    });
    this.querySelector("[data-add]").hidden = this.#open === this.#rows.length;
  }
}

/** The field that a row is about: one without words is empty. */
function wordsOf(row) {
  return row.querySelector("input:not([type=hidden])");
}

function contentOf(row) {
  return [...row.querySelectorAll("input, select, textarea")].map((field) => (field.type === "checkbox" ? field.checked : field.value));
}

function fill(row, content) {
  row.querySelectorAll("input, select, textarea").forEach((field, place) => {
    if (field.type === "checkbox") field.checked = content[place] ?? false;
    else if (field.matches("select")) field.value = content[place] ?? field.options[0].value;
    else field.value = content[place] ?? "";
  });
}
customElements.define("row-list", RowList);
