/** A date and a time as the viewer's clock shows them, sent as a moment that everybody understands. */
export class LaterMoment extends HTMLElement {
  connectedCallback() {
    const [shown, sent] = this.querySelectorAll("input");
    shown.addEventListener("input", () => {
      const moment = new Date(shown.value);
      sent.value = Number.isNaN(moment.getTime()) ? "" : moment.toISOString();
    });
  }
}
customElements.define("later-moment", LaterMoment);
