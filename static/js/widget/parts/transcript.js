/** A copy of the chat: saved here, or sent by mail. */
import { draw } from "./drawing.js";

const CODES = { email_invalid: "transcript_no_address", nothing_said: "transcript_nothing", rate_limited: "transcript_later" };

let open = null;

/** @param stage what the chat lends to its parts (frame/chat.js) */
export default async function show(stage) {
  open?.close();
  await stage.session.ready();
  const { customer } = await stage.session.call("GET", "/customer");
  open = new Sheet(stage, customer.email ?? "");
  stage.front = open;
}

class Sheet {
  #stage;
  #dialog;
  #status;
  #field;

  constructor(stage, email) {
    const { say } = stage;
    this.#stage = stage;
    this.#status = draw("p", { className: "sheet-status", role: "status" });
    this.#field = draw("input", { type: "email", id: "transcript-email", value: email, required: true, maxLength: 254, autocomplete: "email", dir: "ltr" });
    const form = draw("form", { noValidate: true }, [
      draw("label", { htmlFor: "transcript-email" }, [say("transcript_email")]),
      draw("div", { className: "sheet-row" }, [this.#field, draw("button", {}, [say("transcript_send")])]),
    ]);
    form.onsubmit = (event) => {
      event.preventDefault();
      this.#run(form, () => this.#mail());
    };
    const save = draw("div", { className: "sheet-row" }, [this.#saver("txt", "transcript_as_text"), this.#saver("html", "transcript_to_print")]);
    const title = draw("h2", { id: "transcript-title" }, [say("transcript_title")]);
    const off = draw("button", { type: "button", className: "sheet-off", onclick: () => this.close() }, [say("transcript_close")]);
    this.#dialog = draw("dialog", { className: "sheet" }, [title, save, form, this.#status, off]);
    this.#dialog.setAttribute("aria-labelledby", title.id);
    // As a listener: a handler that answers false would keep links and buttons in it from doing anything.
    this.#dialog.addEventListener("click", ({ target }) => target === this.#dialog && this.close());
    this.#dialog.onclose = () => this.close();
    document.body.append(this.#dialog);
    this.#dialog.showModal();
  }

  /** Back to the conversation; answers whether there was anything to close. */
  close() {
    if (open !== this) return false;
    open = null;
    if (this.#stage.front === this) this.#stage.front = null;
    this.#dialog.close();
    this.#dialog.remove();
    document.querySelector("#menu summary").focus();
    return true;
  }

  #saver(format, key) {
    const button = draw("button", { type: "button" }, [this.#stage.say(key)]);
    button.onclick = () => this.#run(button, () => this.#save(format));
    return button;
  }

  async #save(format) {
    const query = new URLSearchParams({ format, timeZone: zone() });
    const address = URL.createObjectURL(await this.#stage.session.call("GET", `/transcript?${query}`, undefined, "blob"));
    draw("a", { href: address, download: `${this.#stage.say("transcript_file")}.${format}` }).click();
    // The browser reads it after the click.
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
    return this.#stage.say("transcript_saved");
  }

  async #mail() {
    const { email } = await this.#stage.session.call("POST", "/transcript", { email: this.#field.value, timeZone: zone() });
    return this.#stage.say("transcript_sent", { email });
  }

  async #run(what, task) {
    if (what.ariaBusy) return;
    what.ariaBusy = "true";
    this.#status.textContent = "";
    this.#field.removeAttribute("aria-invalid");
    try {
      this.#status.textContent = await task();
    } catch ({ code, message }) {
      this.#status.textContent = CODES[code] ? this.#stage.say(CODES[code]) : message || this.#stage.say("transcript_failed");
      if (code === "email_invalid") {
        this.#field.setAttribute("aria-invalid", "true");
        this.#field.focus();
      }
    } finally {
      what.ariaBusy = null;
    }
  }
}

function zone() {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}
