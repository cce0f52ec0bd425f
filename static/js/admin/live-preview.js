/**
 * Shows the real widget on a page, or two of them side by side, and tells each the look and the moment to show. Nothing is
 * loaded again: the frame takes messages of this origin (docs/widget-api.md). Only another page behind the chat, or
 * another language of that page, is another page.
 */
const SIZES = { desktop: { least: 760 }, phone: { width: 390, tallest: 780 } };
const RIGHT_TO_LEFT = new Set(["ar", "he"]);

/** Texts as long as they get, for who wants to know whether the look holds. */
const LONG = {
  name: "Donaudampfschifffahrtsgesellschaft & daughters, customer care",
  greeting:
    "Good day and a warm welcome to our shop. I know all about deliveries, returns, warranties, spare parts and the care of everything we sell, in several languages, and I will gladly look things up for you. What can I do for you today, and where shall we begin?",
  suggestions: [
    "Where is my order, and when will it be here at the latest?",
    "How do I return something that I have bought as a present?",
    "Which of your warranties covers Rindfleischetikettierungsüberwachungsgeräte?",
    "Do you deliver to islands, mountain huts and post boxes abroad?",
    "How do I wash linen, cotton, wool and everything in between?",
    "Can I talk to a person about an invoice of the year before last?",
  ],
};

/** The launcher asks the visitor's device by itself; here it is answered for it. */
function inScheme(look, scheme) {
  const css = look.launcher.css.replaceAll("@media(prefers-color-scheme:dark)", `@media ${scheme === "dark" ? "all" : "not all"}`);
  return { ...look, scheme, launcher: { ...look.launcher, css } };
}

export class LivePreview extends HTMLElement {
  #look;
  #observer = new ResizeObserver(() => this.#fit());

  connectedCallback() {
    this.addEventListener("change", this.#change);
    for (const stage of this.#stages) this.#observer.observe(stage);
    for (const frame of this.#frames) frame.addEventListener("load", () => this.#attend(frame));
    if (matchMedia("(width < 900px)").matches) this.querySelector("[data-device][value=phone]").checked = true;
    if (document.documentElement.dataset.bsTheme === "dark") this.querySelector("[data-scheme][value=dark]").checked = true;
    for (const frame of this.#frames) this.#attend(frame);
  }

  disconnectedCallback() {
    this.#observer.disconnect();
  }

  show(look) {
    this.#look = look;
    this.#offer("away", look.away);
    this.#offer("asking", look.preChat?.isOn || (look.consent?.isOn && look.consent.mustAgree));
    for (const frame of this.#frames) this.#tellLook(frame);
  }

  /** Put another page behind the chat. */
  load(address) {
    const url = new URL(address, location);
    const language = this.#chosen("language", "en");
    if (language !== "en") url.searchParams.set("language", language);
    const [frame] = this.#frames;
    if (frame.src !== url.href) frame.src = url.href;
  }

  /** A moment that the settings do not know cannot be looked at. */
  #offer(moment, isThere) {
    const option = this.querySelector(`[data-moment] [value=${moment}]`);
    if (option) option.disabled = !isThere;
  }

  get #stages() {
    return [...this.querySelectorAll(".preview-stage")];
  }

  get #frames() {
    return [...this.querySelectorAll(".preview-frame")];
  }

  #chosen(group, usual) {
    return (this.querySelector(`[data-${group}]:checked`) ?? this.querySelector(`select[data-${group}]`))?.value ?? usual;
  }

  #change = ({ target }) => {
    const { dataset } = target;
    if ("device" in dataset) this.#fit();
    if ("scheme" in dataset) for (const frame of this.#frames) this.#tellLook(frame);
    if ("moment" in dataset) for (const frame of this.#frames) this.#tellMoment(frame);
    if ("direction" in dataset || "texts" in dataset) for (const frame of this.#frames) this.#tellAll(frame);
    if ("backdrop" in dataset && target.value) this.load(target.value);
    if ("language" in dataset) this.#speak(target.value);
  };

  #speak(language) {
    const direction = RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr";
    this.querySelector(`[data-direction][value=${direction}]`).checked = true;
    const url = new URL(this.#frames[0].src);
    url.searchParams.delete("language");
    this.load(url.href);
  }

  /** The chat inside may come later than the page around it; it says so when it is there. */
  #attend(frame) {
    frame.contentWindow.addEventListener("message", ({ data }) => {
      if (data?.type === "porchlight:preview") this.#tellAll(frame);
    });
    this.#tellAll(frame);
  }

  #tellAll(frame) {
    const [direction, isLong] = [this.#chosen("direction"), this.#chosen("texts") === "long"];
    const page = frame.contentDocument?.documentElement;
    if (page && direction) page.dir = direction;
    this.#tell(frame, { type: "porchlight:stage", direction, isLong });
    this.#tellLook(frame);
    this.#tellMoment(frame);
  }

  #tellMoment(frame) {
    this.#tell(frame, { type: "porchlight:moment", moment: this.#chosen("moment") });
  }

  /** A look that follows the visitor's device follows the switch above the preview instead. */
  #tellLook(frame) {
    const scheme = this.#chosen("scheme");
    const page = frame.contentDocument?.documentElement;
    if (page) page.dataset.scheme = scheme;
    const own = frame.closest(".preview-stage").getAttribute("look");
    const look = own ? JSON.parse(own) : this.#look;
    if (!look) return;
    const inLight = look.scheme === "auto" ? inScheme(look, scheme) : look;
    this.#tell(frame, { type: "porchlight:look", look: this.#chosen("texts") === "long" ? { ...inLight, ...LONG } : inLight });
  }

  #tell(frame, message) {
    frame.contentWindow?.postMessage(message, location.origin);
  }

  #fit() {
    for (const stage of this.#stages) fit(stage, this.#chosen("device"));
    this.dataset.device = this.#chosen("device");
  }
}

/** Makes the page as wide as the device, and the picture of it as small as it must be. */
function fit(stage, device) {
  const { least = 0, width = 0, tallest = Infinity } = SIZES[device];
  const { clientWidth, clientHeight } = stage;
  const pageWidth = width || Math.max(clientWidth, least);
  const pageHeight = Math.min(tallest, Math.max(clientHeight, 560));
  const scale = Math.min(1, clientWidth / pageWidth, clientHeight / pageHeight);
  const height = device === "desktop" ? clientHeight / scale : pageHeight;
  Object.assign(stage.querySelector(".preview-frame").style, {
    width: `${pageWidth}px`,
    height: `${height}px`,
    transform: `translateX(-50%) scale(${scale})`,
  });
}
customElements.define("live-preview", LivePreview);
