/**
 * Files that go with a reply: chosen, pasted into the text, or dropped on the conversation. What is chosen stays in the
 * form's own field, so that it is sent as any form is.
 */
const MOST = 5;
const MOST_BYTES = 10 * 1024 * 1024;
const SIDE = 40;

export class FileField extends HTMLElement {
  #files = [];
  #sent = [];
  #aborter;

  connectedCallback() {
    this.#aborter = new AbortController();
    const { signal } = this.#aborter;
    const listen = (target, type, heed) => target.addEventListener(type, heed, { signal });
    listen(this.#input, "change", () => this.#add([...this.#input.files]));
    listen(this.#list, "click", ({ target }) => this.#remove(target.closest("button")));
    listen(this.#form, "paste", (event) => this.#pasted(event));
    // Parts of the form ask for things of their own; these files go with the form itself.
    const own = (heed) => (event) => event.target === this.#form && heed(event.detail);
    listen(this.#form, "htmx:beforeRequest", own(() => (this.#sent = this.#files)));
    listen(this.#form, "htmx:xhr:progress", own((detail) => this.#show(detail)));
    listen(this.#form, "htmx:afterRequest", own(({ xhr }) => this.#answered(xhr.status)));
    for (const type of ["dragenter", "dragover", "dragleave", "drop"]) listen(this.#place, type, (event) => this.#dragged(event));
  }

  disconnectedCallback() {
    this.#aborter.abort();
  }

  get #input() {
    return this.querySelector("input[type=file]");
  }

  get #list() {
    return this.querySelector("ul");
  }

  get #form() {
    return this.closest("form");
  }

  get #place() {
    return document.getElementById("conversation") ?? this.#form;
  }

  #add(files) {
    const fitting = files.filter(({ size }) => size <= MOST_BYTES);
    const problems = files.filter(({ size }) => size > MOST_BYTES).map(({ name }) => `${name} is larger than 10 MB.`);
    const all = [...this.#files, ...fitting];
    if (all.length > MOST) problems.push(`At most ${MOST} files fit in a message.`);
    this.#files = all.slice(0, MOST);
    this.#tell(problems.join(" "));
    this.#settle();
  }

  #remove(button) {
    if (!button) return;
    this.#files = this.#files.filter((_file, place) => place !== Number(button.value));
    this.#settle();
    this.#form.querySelector("textarea").focus();
  }

  /** Words that are pasted bring a picture of themselves along from some programs, and stay words. */
  #pasted(event) {
    const { types, files } = event.clipboardData;
    if (!files.length || types.includes("text/plain")) return;
    event.preventDefault();
    this.#add([...files]);
  }

  #dragged(event) {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    const leaves = event.type === "drop" || (event.type === "dragleave" && !this.#place.contains(event.relatedTarget));
    this.#place.classList.toggle("is-drop-target", !leaves);
    if (event.type === "drop") this.#add([...event.dataTransfer.files]);
  }

  #answered(status) {
    this.querySelector("progress").hidden = true;
    if (status !== 200) return;
    // What was added while the reply was on its way belongs to the next one.
    this.#files = this.#files.filter((file) => !this.#sent.includes(file));
    this.#tell("");
    this.#settle();
  }

  #show({ loaded, total, lengthComputable }) {
    const bar = this.querySelector("progress");
    bar.hidden = !this.#sent.length || !lengthComputable || loaded >= total;
    if (lengthComputable) bar.value = loaded / total;
  }

  #settle() {
    const carrier = new DataTransfer();
    for (const file of this.#files) carrier.items.add(file);
    this.#input.files = carrier.files;
    this.#list.replaceChildren(...this.#files.map(drawn));
    this.#list.hidden = !this.#files.length;
  }

  #tell(words) {
    this.querySelector("[role=status]").textContent = words;
  }
}

function drawn(file, place) {
  const row = document.createElement("li");
  const name = Object.assign(document.createElement("span"), { textContent: file.name, dir: "auto", className: "file-field-name" });
  const off = Object.assign(document.createElement("button"), { type: "button", value: place, className: "btn btn-sm", textContent: "Remove" });
  off.setAttribute("aria-label", `Remove ${file.name}`);
  row.append(name, off);
  if (file.type.startsWith("image/")) drawSmall(file, row);
  return row;
}

/** On a canvas, because the page shows no picture that did not come from the server. */
async function drawSmall(file, row) {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return;
  const canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
  const scale = Math.max(SIDE / picture.width, SIDE / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  canvas.getContext("2d").drawImage(picture, (SIDE - width) / 2, (SIDE - height) / 2, width, height);
  canvas.setAttribute("aria-hidden", "true");
  picture.close();
  row.prepend(canvas);
}
customElements.define("file-field", FileField);
