/** What is kept of this customer: to be seen, put right, taken along and erased. */
import { draw } from "./drawing.js";
import { FactList } from "./fact-list.js";

const MOST_SHOWN = 20;

export class OwnData {
  #call;
  #forgetMe;
  #look;
  #locale;
  #say;
  #view = null;
  #status;

  /**
   * @param call     `async (method, path, body, format)` of the widget's API
   * @param forgetMe `async () => …`: erase all of it and begin anew
   * @param look     what the agent is called
   * @param locale   how dates are written
   * @param say      the words of the frame, this part's among them
   */
  constructor({ call, forgetMe, look, locale, say }) {
    this.#call = call;
    this.#forgetMe = forgetMe;
    this.#look = look;
    this.#locale = locale;
    this.#say = say;
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

  #draw({ customer, memory, told = [], conversations, conversationDays }) {
    this.#status = draw("p", { className: "own-status", role: "status" });
    const facts = new FactList({
      facts: memory,
      call: this.#call,
      attempt: (...what) => this.#attempt(...what),
      date: (moment) => this.#date(moment),
      say: this.#say,
    });
    return draw("section", { className: "own-data", ariaLabel: this.#say("data_title") }, [
      draw("div", { className: "own-top" }, [
        draw("button", { type: "button", className: "own-back", ariaLabel: this.#say("data_back"), onclick: () => this.close() }, ["←"]),
        draw("h2", { tabIndex: -1 }, [this.#say("data_title")]),
      ]),
      draw("p", { className: "own-soft" }, [this.#say("data_about", { name: this.#look.name })]),
      part(this.#say("data_who"), [draw("p", { dir: "auto" }, [this.#standing(customer)]), attributesOf(customer)]),
      part(this.#say("data_memory"), [facts.element]),
      ...this.#told(told),
      part(this.#say("data_conversations"), this.#conversations(conversations, conversationDays)),
      part(this.#say("data_choice"), [this.#download(), ...this.#forgetting()]),
      this.#status,
    ]);
  }

  #standing({ standing, name, email }) {
    const told = [name, email].filter(Boolean).join(", ");
    const who = told || this.#say("data_its_customer");
    if (standing === "verified" || standing === "identified") return this.#say(`data_${standing}`, { who });
    return this.#say(told ? "data_said" : "data_nobody", { who });
  }

  /** What the website tells of the visit: known to the agent until it is deleted, or the visit is over. */
  #told(told) {
    if (!told.length) return [];
    const rows = told.flatMap(({ kind, name, content }) => [draw("dt", { dir: "auto" }, [kind ? this.#say(`data_told_${kind}`) : name]), draw("dd", { dir: "auto" }, [content])]);
    const remove = async () => {
      await this.#call("DELETE", "/context");
      section.remove();
    };
    const onclick = () => this.#attempt(remove, this.#say("data_removed"));
    const button = draw("button", { type: "button", className: "own-button", ariaLabel: `${this.#say("data_remove")}: ${this.#say("data_told")}`, onclick }, [this.#say("data_remove")]);
    const section = part(this.#say("data_told"), [draw("dl", {}, rows), button]);
    return [section];
  }

  #conversations(conversations, days) {
    const shown = conversations.slice(0, MOST_SHOWN);
    const rest = conversations.length - shown.length;
    const wordsFor = ({ startedAt, messages }) => this.#say("data_conversation", { date: this.#date(startedAt), count: messages });
    const rows = shown.map((conversation) => draw("li", {}, [wordsFor(conversation)]));
    if (rest) rows.push(draw("li", {}, [this.#say("data_earlier", { count: rest })]));
    return [draw("ul", {}, rows), draw("p", { className: "own-soft" }, [this.#say(days ? "data_kept_days" : "data_kept", { count: days })])];
  }

  #download() {
    const fetchAll = async () => {
      const address = URL.createObjectURL(await this.#call("GET", "/customer/export", undefined, "blob"));
      draw("a", { href: address, download: `${this.#say("data_file_name")}.json` }).click();
      // The browser reads it after the click.
      setTimeout(() => URL.revokeObjectURL(address), 10_000);
    };
    const onclick = () => this.#attempt(fetchAll, this.#say("data_downloaded"));
    return draw("button", { type: "button", className: "own-button", onclick }, [this.#say("data_download")]);
  }

  /** Asks once, and says what will happen. */
  #forgetting() {
    const ask = draw("button", { type: "button", className: "own-button own-grave" }, [this.#say("data_forget")]);
    const keep = draw("button", { type: "button", className: "own-button" }, [this.#say("data_keep")]);
    const sure = draw("button", { type: "button", className: "own-button own-grave" }, [this.#say("data_forget_for_good")]);
    const question = draw("div", { className: "own-question", role: "group", ariaLabel: this.#say("data_forget"), hidden: true }, [
      draw("p", {}, [this.#say("data_consequence")]),
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
      this.#status.textContent = problem.message || this.#say("data_failed");
      return false;
    }
  }

  #date(moment) {
    return new Intl.DateTimeFormat(this.#locale, { dateStyle: "medium" }).format(new Date(moment));
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
