/** Carries the look that the server has just read and kept, and hands it to the preview. */
export class PreviewLook extends HTMLElement {
  static observedAttributes = ["look"];

  attributeChangedCallback(_name, _before, look) {
    document.querySelector("live-preview")?.show(JSON.parse(look));
  }
}
customElements.define("preview-look", PreviewLook);
