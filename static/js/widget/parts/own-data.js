/** What is kept of this customer: to be seen, put right, taken along and erased. */
import { draw } from "./drawing.js";
import { FactList } from "./fact-list.js";
import { WORDS } from "./own-data-words.js";

const MOST_SHOWN = 20;

export class OwnData {
  #call;
  #forgetMe;
  #setting;
  #view = null;
  #status;

  /**
   * @param call     `async (method, path, body, format)` of the widget's API
   * @param forgetMe `async () => …`: erase all of it and begin anew
   * @param setting  `{look, locale}`
   */
  constructor({ call, forgetMe, setting }) {
    this.#call = call;
    this.#forgetMe = forgetMe;
    this.#setting = setting;
  }

  /**
   * Show it in the place of the conversation.
   *
   * @param isStillTheirs whether it is the same customer who gets to see it
   */
  async open(isStillTheirs) {
    const told = await this.#call("GET", "/customer");
    if (!isStillTheirs()) return;
    this.close();
    this.#view = this.#draw(told);
    document.querySelector("main").before(this.#view);
    this.#cover(true);
    this.#view.querySelector("h2").focus();
  }

  /** Back to the conversation; answers whether there was anything to close. */
  close() {
    if (!this.#view) return false;
    this.#view.remove();
    this.#view = null;
    this.#cover(false);
    document.querySelector("#menu summary").focus();
    return true;
  }

  #cover(isCovered) {
    for (const element of document.querySelectorAll("main, footer, #menu")) element.hidden = isCovered;
  }

  #draw({ customer, memory, conversations, conversationDays }) {
    this.#status = draw("p", { className: "own-status", role: "status" });
    const facts = new FactList({ facts: memory, date: (moment) => this.#date(moment), call: this.#call, attempt: (...what) => this.#attempt(...what) });
    return draw("section", { className: "own-data", ariaLabel: WORDS.title }, [
      draw("div", { className: "own-top" }, [
        draw("button", { type: "button", className: "own-back", ariaLabel: WORDS.back, onclick: () => this.close() }, ["←"]),
        draw("h2", { tabIndex: -1 }, [WORDS.title]),
      ]),
      draw("p", { className: "own-soft" }, [WORDS.about(this.#setting.look.name)]),
      part(WORDS.who, [draw("p", { dir: "auto" }, [WORDS.standing(customer)]), attributesOf(customer)]),
      part(WORDS.memory, [facts.element]),
      part(WORDS.conversations, this.#conversations(conversations, conversationDays)),
      part(WORDS.yourChoice, [this.#download(), ...this.#forgetting()]),
      this.#status,
    ]);
  }

  #conversations(conversations, days) {
    const shown = conversations.slice(0, MOST_SHOWN);
    const rest = conversations.length - shown.length;
    const rows = shown.map(({ startedAt, messages }) => draw("li", {}, [WORDS.conversation(this.#date(startedAt), messages)]));
    if (rest) rows.push(draw("li", {}, [WORDS.earlier(rest)]));
    return [draw("ul", {}, rows), draw("p", { className: "own-soft" }, [WORDS.kept(days)])];
  }

  #download() {
    const fetchAll = async () => {
      const address = URL.createObjectURL(await this.#call("GET", "/customer/export", undefined, "blob"));
      draw("a", { href: address, download: WORDS.fileName }).click();
      // The browser reads it after the click.
      setTimeout(() => URL.revokeObjectURL(address), 10_000);
    };
    const onclick = () => this.#attempt(fetchAll, WORDS.downloaded);
    return draw("button", { type: "button", className: "own-button", onclick }, [WORDS.download]);
  }

  /** Asks once, and says what will happen. */
  #forgetting() {
    const ask = draw("button", { type: "button", className: "own-button own-grave" }, [WORDS.forget]);
    const keep = draw("button", { type: "button", className: "own-button" }, [WORDS.keep]);
    const sure = draw("button", { type: "button", className: "own-button own-grave" }, [WORDS.forgetForGood]);
    const question = draw("div", { className: "own-question", role: "group", ariaLabel: WORDS.forget, hidden: true }, [
      draw("p", {}, [WORDS.consequence]),
      sure,
      keep,
    ]);
    const turn = (isAsking) => {
      [ask.hidden, question.hidden] = [isAsking, !isAsking];
      (isAsking ? keep : ask).focus();
    };
    ask.onclick = () => turn(true);
    keep.onclick = () => turn(false);
    sure.onclick = () => this.#attempt(this.#forgetMe);
    return [ask, question];
  }

  /** @returns whether it worked; either way it is said */
  async #attempt(run, done = "") {
    this.#status.textContent = "";
    try {
      await run();
      this.#status.textContent = done;
      return true;
    } catch (problem) {
      this.#status.textContent = problem.message || WORDS.failed;
      return false;
    }
  }

  #date(moment) {
    return new Intl.DateTimeFormat(this.#setting.locale, { dateStyle: "medium" }).format(new Date(moment));
  }
}

function part(title, content) {
  return draw("section", {}, [draw("h3", {}, [title]), ...content]);
}

function attributesOf({ attributes = {} }) {
  const rows = Object.entries(attributes).flatMap(([name, value]) => [
    draw("dt", { dir: "auto" }, [name]),
    draw("dd", { dir: "auto" }, [typeof value === "string" ? value : JSON.stringify(value)]),
  ]);
  return rows.length ? draw("dl", {}, rows) : "";
}
