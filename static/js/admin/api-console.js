import { addressOf, callsOf, commandOf, missingOf } from "./api-calls.js";

/** Tries calls of the API: each is picked from its document, filled in, sent, and its answer shown. */
export class ApiConsole extends HTMLElement {
  #calls = [];
  #base = "";

  async connectedCallback() {
    this.#base = this.dataset.document.replace(/\/openapi\.json$/, "");
    const answer = await fetch(this.dataset.document);
    if (!answer.ok) return void (this.#part("about").textContent = "The list of calls could not be loaded. Reload the page.");
    this.#calls = callsOf(await answer.json());
    this.#part("operation").replaceChildren(...groups(this.#calls));
    this.#part("operation").value = "showKey";
    for (const name of ["operation", "send"]) this.#part(name).disabled = false;
    this.#part("operation").addEventListener("change", this.#pick);
    this.#part("request").addEventListener("submit", this.#send);
    this.#pick();
  }

  #part(name) {
    return this.querySelector(`[data-${name}]`);
  }

  get #call() {
    return this.#calls.find(({ id }) => id === this.#part("operation").value);
  }

  #pick = () => {
    const call = this.#call;
    this.#part("about").textContent = [plain(call.about), call.scope && `The key needs the scope ${call.scope}.`].filter(Boolean).join(" ");
    this.#part("parameters").replaceChildren(...call.parameters.map(parameterField));
    this.#part("body-part").hidden = call.example === null;
    this.#part("body").value = call.example === null ? "" : JSON.stringify(call.example, null, 2);
  };

  #send = async (event) => {
    event.preventDefault();
    const call = this.#call;
    const inputs = [...this.#part("parameters").querySelectorAll("input, select")];
    const values = Object.fromEntries(inputs.map((input) => [input.name, input.value]));
    const missing = missingOf(call, values);
    if (missing) {
      this.querySelector(`#console-${missing}`).focus();
      this.#part("curl").textContent = "";
      return void this.#tell(`Nothing was sent: fill in ${missing} first.`, "");
    }
    const address = addressOf(call, values, this.#base);
    const body = call.example === null ? null : this.#part("body").value;
    this.#part("curl").textContent = commandOf(call, new URL(address, location).href, body);
    const headers = { Authorization: `Bearer ${this.#part("key").value.trim()}` };
    if (body !== null) headers["Content-Type"] = "application/json";
    this.#part("send").disabled = true;
    try {
      const began = performance.now();
      // Without cookies, as a program would: who is signed in here has no say in it.
      const answer = await fetch(address, { method: call.method, headers, body: formOf(inputs) ?? body, credentials: "omit", cache: "no-store" });
      this.#show(answer, await answer.text(), Math.round(performance.now() - began));
    } catch {
      this.#tell("The server could not be reached.", "");
    } finally {
      this.#part("send").disabled = false;
    }
  };

  #show(answer, text, milliseconds) {
    const told = ["ETag", "RateLimit", "Location", "Retry-After"].filter((name) => answer.headers.has(name));
    const headers = told.map((name) => `${name}: ${answer.headers.get(name)}`);
    this.#tell(`${answer.status} ${answer.statusText}, after ${milliseconds} ms`, [...headers, "", laidOut(text)].join("\n").trim());
  }

  #tell(status, text) {
    this.#part("answer").hidden = false;
    this.#part("status").textContent = status;
    this.#part("text").textContent = text;
    this.#part("text").hidden = !text;
    this.querySelector("details").hidden = !this.#part("curl").textContent;
    // Beneath a long body it would come out of sight.
    this.#part("answer").scrollIntoView({ block: "nearest" });
  }
}

/** The files that were chosen, as a form; nothing for a call that takes none. */
function formOf(inputs) {
  const files = inputs.filter(({ type }) => type === "file");
  if (!files.length) return null;
  const form = new FormData();
  for (const { name, files: chosen } of files) form.append(name, chosen[0]);
  return form;
}

/** The document marks what is typed as Markdown does. */
function plain(text) {
  return text.replaceAll("`", "");
}

function laidOut(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function groups(calls) {
  return [...new Set(calls.map(({ group }) => group))].map((name) => {
    const group = Object.assign(document.createElement("optgroup"), { label: name[0].toUpperCase() + name.slice(1) });
    const members = calls.filter((call) => call.group === name);
    group.append(...members.map(({ id, title, method, path }) => new Option(`${title} (${method} ${path})`, id)));
    return group;
  });
}

function parameterField({ name, in: place, schema, description }) {
  const box = Object.assign(document.createElement("div"), { className: "mb-3" });
  const label = Object.assign(document.createElement("label"), { className: "form-label", textContent: name });
  const input = schema.enum ? document.createElement("select") : document.createElement("input");
  Object.assign(input, { id: `console-${name}`, name, className: schema.enum ? "form-select" : "form-control", autocomplete: "off" });
  if (place === "file") input.type = "file";
  if (schema.enum) input.append(new Option("", ""), ...schema.enum.map((value) => new Option(value, value)));
  label.htmlFor = input.id;
  if (place === "query") label.append(" ", Object.assign(document.createElement("span"), { className: "form-label-description", textContent: "optional" }));
  box.append(label, input);
  if (description) {
    const hint = Object.assign(document.createElement("p"), { className: "form-hint", id: `${input.id}-hint`, textContent: plain(description) });
    input.setAttribute("aria-describedby", hint.id);
    box.append(hint);
  }
  return box;
}

customElements.define("api-console", ApiConsole);
