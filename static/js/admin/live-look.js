/** Carries the look that the server has just read and kept, and hands it to the preview. */
export class LiveLook extends HTMLElement {
  static observedAttributes = ["look"];

  attributeChangedCallback(_name, _before, look) {
    document.querySelector("live-preview")?.show(JSON.parse(look));
  }
}
customElements.define("live-look", LiveLook);
