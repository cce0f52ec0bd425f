/** Where files wait that go with the next message: on their way up, ready, or with what went wrong with them. */
import { draw } from "../drawing.js";
import { drawIcon, drawName, drawSheet, sizeInWords } from "./pieces.js";
import { upload } from "./upload.js";

export const MOST = 5;
export const MOST_BYTES = 10 * 1024 * 1024;
const KINDS = "image/png,image/jpeg,image/webp,image/gif,.pdf,.txt,.csv,.docx,.xlsx";
const CROSS = "M6 6l12 12M18 6L6 18";
const SHOWN = /^image\/(png|jpeg|webp|gif)$/;
/** Problems for which there are words in the reader's own language. */
const WORDED = new Set(["file_too_large", "file_refused", "picture_refused", "file_infected", "scanner_unavailable", "files_off"]);

export class Tray {
  #stage;
  #gallery;
  #items = [];
  #line = Promise.resolve();
  #isWanted = false;
  #form = document.getElementById("composer");
  #list;
  #status;
  #chooser;

  constructor(stage, gallery) {
    const { say } = stage;
    this.#stage = stage;
    this.#gallery = gallery;
    this.#list = draw("ul", { className: "tray", ariaLabel: say("files_to_send"), hidden: true });
    this.#status = draw("p", { className: "tray-status", role: "status", dir: "auto" });
    this.#chooser = draw("input", { type: "file", multiple: true, accept: KINDS, hidden: true });
    this.#chooser.onchange = () => {
      this.add([...this.#chooser.files]);
      this.#chooser.value = "";
    };
    this.#form.prepend(this.#list, this.#status, this.#chooser);
    stage.composer.tray = this;
    addEventListener("online", () => this.#goOn());
  }

  choose() {
    this.#chooser.click();
  }

  /** @param files of the browser */
  add(files) {
    const room = MOST - this.#items.length;
    for (const file of files.slice(0, room)) this.#take(file);
    this.#tell(files.length > room ? this.#stage.say("files_too_many", { count: MOST }) : "");
    this.#stage.composer.focus();
  }

  /** Whether there is something to send, or there is about to be. */
  get isFull() {
    return this.#items.some(({ state }) => state !== "failed");
  }

  /** Whether a file is still on its way up; then the message goes by itself as soon as it is there. */
  get isBusy() {
    this.#isWanted = this.#items.some(({ state }) => state === "loading") && navigator.onLine;
    if (this.#isWanted) this.#tell(this.#stage.say("file_sends_soon"));
    return this.#isWanted;
  }

  /** What is ready goes; what is not stays here, and can be tried again. */
  take() {
    const ready = this.#items.filter(({ state }) => state === "ready");
    for (const item of ready) {
      if (item.address) this.#gallery.know(item.told.id, item.address);
      this.#drop(item);
    }
    this.#tell("");
    return ready.length ? ready.map(({ told }) => told) : undefined;
  }

  /** Somebody else writes here now. */
  clear() {
    for (const item of [...this.#items]) this.#remove(item);
  }

  #take(file) {
    const item = { file, state: "loading", progress: 0, stop: new AbortController() };
    this.#items.push(item);
    item.element = this.#draw(item);
    this.#list.append(item.element);
    this.#count();
    const wrong = file.size > MOST_BYTES ? "file_too_large" : file.size === 0 ? "file_refused" : null;
    if (wrong) this.#failed(item, { code: wrong });
    else this.#send(item);
  }

  /** One after the other: the first is there sooner, and a slow line is not split. */
  #send(item) {
    this.#mark(item, "loading");
    this.#line = this.#line.then(() => item.stop.signal.aborted || this.#upload(item));
  }

  async #upload(item) {
    const { signal } = item.stop;
    const told = (progress) => (item.bar.value = progress);
    try {
      item.told = await this.#stage.session.lend((token, solution) => upload(item.file, { token, solution, signal, told }));
      if (signal.aborted) return;
      this.#mark(item, "ready");
      this.#tell(this.#stage.say("file_added", { name: item.file.name }));
    } catch (problem) {
      if (!signal.aborted) this.#failed(item, problem);
    }
    if (this.#isWanted && !this.#items.some(({ state }) => state === "loading")) this.#submit();
  }

  #submit() {
    this.#isWanted = false;
    // A problem is looked at first; the text is still there.
    if (!this.#items.some(({ state }) => state === "failed")) this.#form.requestSubmit();
  }

  #failed(item, problem) {
    item.problem = problem;
    item.words = this.#wordsOf(problem);
    this.#mark(item, "failed");
    this.#tell(`${item.file.name}: ${item.words}`);
  }

  #wordsOf({ code, message, status }) {
    const { say, locale } = this.#stage;
    if (WORDED.has(code)) return say(code, { size: sizeInWords(MOST_BYTES, locale()) });
    return message || say(status === 0 || code === "unreachable" ? "file_waits" : "file_failed");
  }

  #mark(item, state) {
    item.state = state;
    item.element.dataset.state = state;
    item.bar.hidden = state !== "loading";
    item.note.textContent = state === "failed" ? item.words : sizeInWords(item.file.size, this.#stage.locale());
    item.again.hidden = state !== "failed" || !mayPass(item.problem);
  }

  #draw(item) {
    const { say } = this.#stage;
    const { name } = item.file;
    item.note = draw("span", { className: "tray-note", dir: "auto" });
    item.bar = draw("progress", { max: 1, value: 0, ariaLabel: say("file_on_its_way", { name }) });
    item.again = draw("button", { type: "button", className: "tray-again", hidden: true, onclick: () => this.#send(item) }, [say("try_again_file")]);
    const off = draw("button", { type: "button", className: "tray-off", ariaLabel: say("file_remove", { name }) }, [drawIcon(CROSS)]);
    off.onclick = () => {
      this.#remove(item);
      this.#tell(say("file_removed", { name }));
      this.#stage.composer.focus();
    };
    return draw("li", {}, [this.#face(item), draw("span", { className: "tray-words" }, [drawName(name), item.note, item.bar, item.again]), off]);
  }

  #face(item) {
    if (!SHOWN.test(item.file.type)) return drawSheet();
    item.address = URL.createObjectURL(item.file);
    const face = draw("img", { src: item.address, alt: "" });
    face.onerror = () => face.replaceWith(drawSheet());
    return face;
  }

  #remove(item) {
    item.stop.abort();
    if (item.address) URL.revokeObjectURL(item.address);
    this.#drop(item);
  }

  #drop(item) {
    this.#items = this.#items.filter((other) => other !== item);
    item.element.remove();
    this.#count();
  }

  #count() {
    this.#list.hidden = !this.#items.length;
    this.#form.classList.toggle("has-files", this.#items.length > 0);
  }

  #goOn() {
    for (const item of this.#items) if (item.state === "failed" && !item.problem.status && mayPass(item.problem)) this.#send(item);
  }

  #tell(words) {
    this.#status.textContent = words;
  }
}

/** Whether the same file can be taken later. */
function mayPass({ mayPass: isPassing, code }) {
  return Boolean(isPassing) || code === "failed";
}
