/** Tells the form around it in which time zone its viewer is, so that a day begins at their midnight. */
export class TimeZone extends HTMLElement {
  connectedCallback() {
    this.querySelector("input").value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  }
}
customElements.define("time-zone", TimeZone);
