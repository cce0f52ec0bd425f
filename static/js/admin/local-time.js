/** Shows a moment in the viewer's own time zone. */
const FORMAT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export class LocalTime extends HTMLElement {
  connectedCallback() {
    const then = new Date(this.getAttribute("datetime"));
    if (Number.isNaN(then.getTime())) return;
    this.textContent = FORMAT.format(then);
    this.title = then.toString();
  }
}
customElements.define("local-time", LocalTime);
