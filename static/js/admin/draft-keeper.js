/**
 * Sees to it that nothing typed into the form around is lost: what could not be sent is sent again until the server has
 * answered, and what stands unsaved is there again after a reload. A request that was not answered may have been
 * kept all the same: it is repeated as it was, so that the server knows it for the same.
 */
import { Idiomorph } from "idiomorph/dist/idiomorph-ext.esm.js";
import { differences, entriesOf, fill, tracked, written } from "./form-state.js";

// What somebody has opened stays open when a preset or a step back draws it anew.
Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, element, change) => !(name === "open" && change === "remove" && element.matches(".more-help"));

const SAVED = new Set([200, 409, 422]);
const LONGEST_WAIT = 10_000;
const WORDS = {
  offline: "Not saved: no connection. Trying again…",
  trouble: "Not saved: the server does not answer. Trying again…",
  unpublished: "Not published: no connection. Your changes are kept; press Publish again.",
  signedOut: "Not saved: you are signed out. Your changes are kept here.",
  stale: "Not saved: this page was open for too long. Your changes are kept here.",
  refused: "Not saved: you may not change this any more.",
  back: "What you had changed before is back.",
};

export class DraftKeeper extends HTMLElement {
  #sent = null;
  #repeated = null;
  #wasRepeated = false;
  #redraws = false;
  #tries = 0;
  #timer;

  connectedCallback() {
    const form = this.#form;
    form.addEventListener("input", this.#keep);
    form.addEventListener("htmx:configRequest", this.#prepare);
    form.addEventListener("htmx:beforeOnLoad", this.#look);
    form.addEventListener("htmx:sendError", this.#missed);
    form.addEventListener("htmx:timeout", this.#missed);
    form.addEventListener("htmx:afterSettle", this.#settled);
    form.addEventListener("look:send", ({ detail }) => this.#send(detail));
    addEventListener("online", this.#again);
    // By then htmx heeds the form.
    if (document.readyState === "complete") this.#restore();
    else document.addEventListener("DOMContentLoaded", () => this.#restore(), { once: true });
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    removeEventListener("online", this.#again);
  }

  get #form() {
    return this.closest("form");
  }

  get #revision() {
    return this.#form.elements.namedItem("revision");
  }

  get #key() {
    return `look ${location.pathname}`;
  }

  #isSaving = ({ detail }) => detail.elt === this.#form;

  #prepare = (event) => {
    if (!this.#isSaving(event)) return;
    // htmx sends along the button that was pressed last, also with what is typed after that.
    const isPressed = event.detail.triggeringEvent?.type === "submit";
    const asked = [...event.detail.formData].filter(([name]) => isPressed || name !== "arrange");
    const token = asked.filter(([name]) => name === "csrf_token");
    this.#sent = this.#repeated ?? asked.filter(([name]) => name !== "csrf_token");
    if (this.#repeated) event.detail.parameters = formData([...token, ...this.#repeated]);
    this.#store();
  };

  /** What is no answer to a draft is not put into the page; what was typed stays, and is told to be unsaved. */
  #look = (event) => {
    const { xhr, elt } = event.detail;
    if (SAVED.has(xhr.status)) return this.#isSaving(event) && this.#answered();
    if (elt.closest("form") !== this.#form) return;
    event.preventDefault();
    if (xhr.status === 401) return this.#tell(WORDS.signedOut, "Sign in", xhr.getResponseHeader("HX-Redirect"));
    if (xhr.status === 400) return this.#tell(WORDS.stale, "Load it anew", location.href);
    if (xhr.status === 403 || xhr.status === 404) return this.#tell(WORDS.refused);
    this.#missed(event);
  };

  #missed = (event) => {
    if (!this.#isSaving(event)) this.#tell(WORDS.unpublished);
    else this.#tell(navigator.onLine && event.detail.xhr?.status ? WORDS.trouble : WORDS.offline);
    if (this.#isSaving(event)) this.#repeated = this.#sent;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#again, Math.min(LONGEST_WAIT, 500 * 2 ** this.#tries++));
  };

  #again = () => {
    if (this.#repeated) window.htmx.trigger(this.#form, "save");
  };

  #answered() {
    clearTimeout(this.#timer);
    this.#wasRepeated = this.#repeated !== null;
    this.#repeated = null;
    this.#tries = 0;
    this.#tell("");
  }

  /** The answer is in the page: what was typed meanwhile goes next, and what others have changed comes in. */
  #settled = async (event) => {
    if (event.target.id !== "draft-state") return;
    if (this.#form.querySelector(".draft-conflict")) return this.#store();
    const merged = this.#form.querySelector("[data-merged]");
    merged?.removeAttribute("data-merged");
    if (merged || this.#redraws) await this.#takeIn();
    const isSame = this.#sent && written(tracked(this.#sent)) === written(entriesOf(this.#form));
    if (isSame) return this.#forget();
    this.#store();
    if (merged || this.#wasRepeated) window.htmx.trigger(this.#form, "save");
  };

  /** Fill in what is saved by now, but for what was typed since it was sent. */
  async #takeIn() {
    const sent = this.#redraws || !this.#sent ? entriesOf(this.#form) : tracked(this.#sent);
    this.#redraws = false;
    const saved = await this.#savedForm();
    if (!saved) return;
    const [before, now] = [entriesOf(this.#form), entriesOf(saved)];
    const typedSince = new Set(differences(sent, before));
    const names = differences(before, now).filter((name) => !typedSince.has(name));
    fill(this.#form, now, (name) => names.includes(name));
    this.#takeInRows(saved, new Set(names));
    this.#form.dispatchEvent(new CustomEvent("look:merged", { detail: { names, entries: entriesOf(this.#form) } }));
  }

  /** The form as the server has it now; read by the browser itself, so that no text has to become HTML here. */
  #savedForm() {
    const request = new XMLHttpRequest();
    const page = location.origin + location.pathname;
    request.open("GET", page);
    request.responseType = "document";
    return new Promise((resolve) => {
      request.onload = () => resolve(request.status === 200 && request.responseURL === page ? request.responseXML.getElementById("look-form") : null);
      request.onerror = () => resolve(null);
      request.send();
    });
  }

  /** Rows that this page does not have: the section that they belong to is drawn as it is saved. */
  #takeInRows(saved, names) {
    const own = [...this.#form.querySelectorAll(".customizer-section")];
    for (const [index, theirs] of [...saved.querySelectorAll(".customizer-section")].entries()) {
      const there = [...theirs.querySelectorAll("[name]")].map(({ name }) => name);
      const here = own[index] && [...own[index].querySelectorAll("[name]")].map(({ name }) => name);
      if (!here || `${there}` === `${here}` || !there.concat(here).some((name) => names.has(name))) continue;
      const body = own[index].querySelector(".section-body");
      Idiomorph.morph(body, theirs.querySelector(".section-body").innerHTML, { morphStyle: "innerHTML" });
    }
  }

  /** Send a state that the form has no fields for, and draw what comes of it. */
  #send(entries) {
    this.#repeated = [...entries, ["revision", this.#revision.value]];
    this.#redraws = true;
    window.htmx.trigger(this.#form, "save");
  }

  #tell(words, label = "", address = "") {
    const line = this.querySelector("p");
    line.hidden = !words;
    line.textContent = words;
    if (label && address) line.append(" ", Object.assign(document.createElement("a"), { href: address, textContent: label }));
  }

  #keep = (event) => {
    if (!event.target.name?.startsWith("choice.")) this.#store();
  };

  #store() {
    const kept = { tab: tabName(), at: Date.now(), revision: this.#revision.value, sent: this.#sent, entries: entriesOf(this.#form) };
    stored(() => localStorage.setItem(this.#key, JSON.stringify(kept)));
  }

  #forget() {
    this.#sent = null;
    stored(() => localStorage.removeItem(this.#key));
  }

  /** What another tab has kept is its own business, unless that tab is long gone. */
  #restore() {
    const kept = stored(() => JSON.parse(localStorage.getItem(this.#key)));
    if (!kept || this.#form.querySelector("fieldset[disabled]")) return;
    if (kept.tab !== tabName() && Date.now() - kept.at < 30_000) return;
    this.#revision.value = kept.revision;
    fill(this.#form, kept.entries);
    if (kept.sent) this.#repeated = kept.sent;
    else if (written(kept.entries) !== written(entriesOf(this.#form))) return this.#send(kept.entries);
    this.#tell(WORDS.back);
    window.htmx.trigger(this.#form, "save");
  }
}

function formData(pairs) {
  const data = new FormData();
  for (const [name, value] of pairs) data.append(name, value);
  return data;
}

function tabName() {
  return stored(() => {
    const name = sessionStorage.getItem("tab") ?? crypto.randomUUID?.() ?? `${Math.random()}`;
    sessionStorage.setItem("tab", name);
    return name;
  });
}

/** Where storage is switched off, nothing is kept and nothing breaks. */
function stored(action) {
  try {
    return action();
  } catch {
    return undefined;
  }
}
customElements.define("draft-keeper", DraftKeeper);
