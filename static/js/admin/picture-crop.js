/**
 * Lets somebody choose the part of a picture that is shown: by drag, by its corners, by the keyboard or by the sliders.
 * Fetched when a picture is chosen. Without it the form sends the whole picture, and the server takes the middle.
 */
import { CropArea } from "./crop-area.js";

const REACH = 22;
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const GROWTH = { "+": 1.05, "=": 1.05, "-": 1 / 1.05 };

export class PictureCrop extends HTMLElement {
  #bitmap = null;
  #area = null;
  #grip = null;
  #scale = 1;
  #observer = new ResizeObserver(() => this.#draw());

  connectedCallback() {
    this.querySelector("[type=file]").addEventListener("change", ({ target }) => this.#take(target));
    this.addEventListener("input", this.#slide);
    this.#canvas.addEventListener("keydown", this.#press);
    this.#canvas.addEventListener("pointerdown", this.#grab);
    this.#canvas.addEventListener("pointermove", this.#drag);
    for (const end of ["pointerup", "pointercancel"]) this.#canvas.addEventListener(end, () => (this.#grip = null));
    this.closest("form").addEventListener("submit", this.#hold, { capture: true });
    this.#observer.observe(this);
  }

  disconnectedCallback() {
    this.#observer.disconnect();
    this.#bitmap?.close();
  }

  get #canvas() {
    return this.querySelector("canvas");
  }

  get #isSquare() {
    return "square" in this.dataset;
  }

  async #take(input) {
    const [file] = input.files;
    this.#bitmap?.close();
    this.#bitmap = this.#area = null;
    this.#say("");
    const most = Number(this.dataset.mostBytes);
    if (file && file.size > most) this.#refuse(input, `Choose a picture of at most ${most >> 20} MB.`);
    else if (file) await this.#read(input, file);
    this.querySelector("[data-stage]").hidden = !this.#bitmap;
    if (this.#bitmap) this.#show();
  }

  async #read(input, file) {
    try {
      this.#bitmap = await createImageBitmap(file);
      this.#area = new CropArea(this.#bitmap.width, this.#bitmap.height, { isSquare: this.#isSquare });
    } catch {
      this.#refuse(input, "This picture could not be read. Choose a PNG, JPEG, WebP or GIF picture.");
    }
  }

  #refuse(input, sentence) {
    input.value = "";
    this.#say(sentence);
  }

  #say(problem) {
    this.querySelector("[data-problem]").textContent = problem;
  }

  #show() {
    for (const slider of this.querySelectorAll("[data-side]")) slider.value = 100;
    this.#changed();
  }

  #changed() {
    for (const [name, value] of Object.entries(this.#area.pixels)) this.#field(name).value = value;
    for (const slider of this.querySelectorAll("[data-side]")) {
      slider.value = Math.round((this.#area[slider.dataset.side] / this.#area.most[slider.dataset.side]) * 100);
    }
    const { left, top, width, height } = this.#area.pixels;
    this.querySelector("[data-place]").textContent = `${width} by ${height} pixels, ${left} from the left, ${top} from the top.`;
    this.#draw();
  }

  #field(name) {
    const field = this.querySelector(`[type=hidden][name=${name}]`);
    if (field) return field;
    this.append(Object.assign(document.createElement("input"), { type: "hidden", name }));
    return this.lastElementChild;
  }

  /** Without a picture nothing is sent: the server would only say the same. */
  #hold = (event) => {
    if (this.querySelector("[type=file]").files.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#say("Choose a picture.");
    this.querySelector("[type=file]").focus();
  };

  #slide = ({ target }) => {
    if (!this.#area || !target.dataset.side) return;
    this.#area.size(target.dataset.side, target.value / 100);
    this.#changed();
  };

  #press = (event) => {
    const step = STEPS[event.key];
    const growth = GROWTH[event.key];
    if (!this.#area || (!step && !growth)) return;
    event.preventDefault();
    const far = (event.shiftKey ? 0.1 : 0.01) * Math.max(this.#bitmap.width, this.#bitmap.height);
    if (step) this.#area.move(step[0] * far, step[1] * far);
    else for (const side of this.#isSquare ? ["width"] : ["width", "height"]) this.#area.size(side, (this.#area[side] * growth) / this.#area.most[side]);
    this.#changed();
  };

  #grab = (event) => {
    if (!this.#area) return;
    this.#canvas.setPointerCapture(event.pointerId);
    const [x, y] = this.#at(event);
    const { left, top, width, height } = this.#area;
    const reach = REACH / this.#scale;
    const corner = [[0, 0], [1, 0], [0, 1], [1, 1]].find(
      ([isRight, isLower]) => Math.hypot(x - left - isRight * width, y - top - isLower * height) < reach,
    );
    this.#grip = { corner, x, y };
  };

  #drag = (event) => {
    if (!this.#grip) return;
    const [x, y] = this.#at(event);
    if (this.#grip.corner) this.#area.pull(this.#grip.corner, x, y);
    else this.#area.move(x - this.#grip.x, y - this.#grip.y);
    Object.assign(this.#grip, { x, y });
    this.#changed();
  };

  /** Where the pointer is, in the picture's pixels. */
  #at({ clientX, clientY }) {
    const box = this.#canvas.getBoundingClientRect();
    return [(clientX - box.left) / this.#scale, (clientY - box.top) / this.#scale];
  }

  #draw() {
    if (!this.#bitmap || !this.clientWidth) return;
    const { width, height } = this.#bitmap;
    this.#scale = Math.min(this.clientWidth / width, Math.min(360, innerHeight * 0.45) / height);
    const sharp = devicePixelRatio || 1;
    Object.assign(this.#canvas, { width: Math.round(width * this.#scale * sharp), height: Math.round(height * this.#scale * sharp) });
    Object.assign(this.#canvas.style, { width: `${width * this.#scale}px`, height: `${height * this.#scale}px` });
    const brush = this.#canvas.getContext("2d");
    brush.scale(sharp * this.#scale, sharp * this.#scale);
    brush.drawImage(this.#bitmap, 0, 0);
    this.#shade(brush);
  }

  /** What is left out is dimmed; of an avatar it is the round part that shows. */
  #shade(brush) {
    const { left, top, width, height } = this.#area;
    const line = 1.5 / this.#scale;
    brush.fillStyle = "rgb(0 0 0 / 55%)";
    brush.beginPath();
    brush.rect(0, 0, this.#bitmap.width, this.#bitmap.height);
    if (this.#isSquare) brush.arc(left + width / 2, top + height / 2, width / 2, 0, 7);
    else brush.rect(left, top, width, height);
    brush.fill("evenodd");
    for (const [colour, by] of [["#000", line], ["#fff", 0]]) {
      brush.strokeStyle = colour;
      brush.lineWidth = line;
      brush.strokeRect(left + line / 2 + by, top + line / 2 + by, width - line - 2 * by, height - line - 2 * by);
    }
    brush.fillStyle = "#fff";
    const dot = 9 / this.#scale;
    for (const x of [left, left + width - dot]) for (const y of [top, top + height - dot]) brush.fillRect(x, y, dot, dot);
  }
}
customElements.define("picture-crop", PictureCrop);
