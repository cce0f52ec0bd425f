/** What is remembered of a customer, fact by fact, each to be put right or deleted by them. */
import { draw } from "./drawing.js";

const LONGEST = 300;
const SOURCES = new Set(["customer", "site", "teammate"]);

export class FactList {
  #call;
  #attempt;
  #date;
  #say;

  /**
   * @param facts   `[{id, text, source, at}]`
   * @param call    of the widget's API
   * @param attempt `async (run, done) => boolean`: runs, and says how it went
   * @param date    `(moment) => text`
   * @param say     the words of the frame
   */
  constructor({ facts, call, attempt, date, say }) {
    this.#call = call;
    this.#attempt = attempt;
    this.#date = date;
    this.#say = say;
    this.element = draw("ul", { className: "own-facts", tabIndex: -1 }, facts.map((fact) => this.#row(fact)));
    this.#showWhetherEmpty();
  }

  #row(fact) {
    const row = draw("li");
    this.#show(row, fact);
    return row;
  }

  #show(row, fact) {
    const { text, source, at } = fact;
    const correct = button(this.#say("data_correct"), `${this.#say("data_correct")}: ${text}`, () => this.#edit(row, fact));
    const remove = button(this.#say("data_remove"), `${this.#say("data_remove")}: ${text}`, () => this.#remove(row, fact));
    row.replaceChildren(
      draw("p", { dir: "auto" }, [text]),
      draw("p", { className: "own-soft" }, [this.#say(`data_source_${SOURCES.has(source) ? source : "customer"}`, { date: this.#date(at) })]),
      draw("div", { className: "own-actions" }, [correct, remove]),
    );
    return correct;
  }

  #edit(row, fact) {
    const field = draw("textarea", { value: fact.text, maxLength: LONGEST, rows: 2, dir: "auto", ariaLabel: this.#say("data_correction") });
    const stop = () => this.#show(row, fact).focus();
    const save = () => this.#save(row, fact, field.value.trim());
    row.replaceChildren(field, draw("div", { className: "own-actions" }, [button(this.#say("data_save"), "", save), button(this.#say("data_cancel"), "", stop)]));
    // Escape is for what is being written, before it is for the page.
    row.onkeydown = (event) => {
      if (event.key !== "Escape" || !field.isConnected) return;
      event.stopPropagation();
      stop();
    };
    field.focus();
  }

  async #save(row, fact, text) {
    if (!text) return row.querySelector("textarea").focus();
    const path = `/memory/${fact.id}`;
    await this.#attempt(async () => {
      const corrected = await this.#call("PATCH", path, { text });
      this.#show(row, { ...fact, ...corrected }).focus();
    }, this.#say("data_corrected"));
  }

  async #remove(row, fact) {
    const isGone = await this.#attempt(() => this.#call("DELETE", `/memory/${fact.id}`), this.#say("data_removed"));
    if (!isGone) return;
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    this.#showWhetherEmpty();
    (next?.querySelector("button") ?? this.element).focus();
  }

  #showWhetherEmpty() {
    if (!this.element.childElementCount) this.element.append(draw("li", { className: "own-soft" }, [this.#say("data_nothing")]));
  }
}

function button(words, ariaLabel, onclick) {
  return draw("button", { type: "button", ...(ariaLabel && { ariaLabel }), onclick }, [words]);
}
