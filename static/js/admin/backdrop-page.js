/** Carries the address of the page that the preview may stand on, and has the preview take it; without one the neutral page stays chosen. */
export class BackdropPage extends HTMLElement {
  connectedCallback() {
    const preview = document.querySelector("live-preview");
    const address = this.getAttribute("address");
    if (address) preview.load(address);
    else preview.querySelector("[data-backdrop]:not([value=''])").checked = true;
  }
}
customElements.define("backdrop-page", BackdropPage);
