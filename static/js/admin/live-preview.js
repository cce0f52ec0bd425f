/**
 * Shows the real widget on a pretend page, and tells it the look and the moment to show. Nothing is loaded again:
 * the loader in the frame takes messages of this origin (docs/widget-api.md).
 */
const SIZES = { desktop: { least: 760 }, phone: { width: 390, tallest: 780 } };

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
    this.#frame.addEventListener("load", this.#attend);
    this.#observer.observe(this.querySelector(".preview-stage"));
    if (document.documentElement.dataset.bsTheme === "dark") this.querySelector("[data-scheme][value=dark]").checked = true;
    this.#attend();
  }

  disconnectedCallback() {
    this.#observer.disconnect();
  }

  show(look) {
    this.#look = look;
    this.#tellLook();
  }

  get #frame() {
    return this.querySelector("iframe");
  }

  #chosen(group) {
    return this.querySelector(`[data-${group}]:checked`).value;
  }

  #change = ({ target }) => {
    if ("device" in target.dataset) this.#fit();
    if ("scheme" in target.dataset) this.#tellLook();
    if ("moment" in target.dataset) this.#tell({ type: "porchlight:moment", moment: target.value });
  };

  /** The chat inside may come later than the page around it; it says hello then. */
  #attend = () => {
    this.#frame.contentWindow.addEventListener("message", ({ data }) => {
      if (data?.type === "porchlight:preview") this.#tellAll();
    });
    this.#tellAll();
  };

  #tellAll = () => {
    this.#tellLook();
    this.#tell({ type: "porchlight:moment", moment: this.#chosen("moment") });
  };

  /** A look that follows the visitor's device follows the switch above the preview instead. */
  #tellLook() {
    const scheme = this.#chosen("scheme");
    const page = this.#frame.contentDocument?.documentElement;
    if (page) page.dataset.scheme = scheme;
    if (!this.#look) return;
    const look = this.#look.scheme === "auto" ? inScheme(this.#look, scheme) : this.#look;
    this.#tell({ type: "porchlight:look", look });
  }

  #tell(message) {
    this.#frame.contentWindow?.postMessage(message, location.origin);
  }

  /** Makes the page as wide as the device, and the picture of it as small as it must be. */
  #fit() {
    const device = this.#chosen("device");
    const { least = 0, width = 0, tallest = Infinity } = SIZES[device];
    const { clientWidth, clientHeight } = this.querySelector(".preview-stage");
    const pageWidth = width || Math.max(clientWidth, least);
    const pageHeight = Math.min(tallest, Math.max(clientHeight, 560));
    const scale = Math.min(1, clientWidth / pageWidth, clientHeight / pageHeight);
    const height = device === "desktop" ? clientHeight / scale : pageHeight;
    this.dataset.device = device;
    Object.assign(this.#frame.style, {
      width: `${pageWidth}px`,
      height: `${height}px`,
      transform: `translateX(-50%) scale(${scale})`,
    });
  }
}
customElements.define("live-preview", LivePreview);
