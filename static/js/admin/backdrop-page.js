/** Carries the address of the page that the preview may stand on, and has the preview take it. */
export class BackdropPage extends HTMLElement {
  connectedCallback() {
    document.querySelector("live-preview")?.load(this.getAttribute("address"));
  }
}
customElements.define("backdrop-page", BackdropPage);
