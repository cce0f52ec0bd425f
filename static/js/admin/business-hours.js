/** Hours begin in the time zone of who sets them. */
export class BusinessHours extends HTMLElement {
  connectedCallback() {
    // Before the form is sent, which the same event does a moment later.
    this.addEventListener("input", this.#begin);
  }

  #begin = ({ target }) => {
    const zone = this.querySelector("[name=time_zone]");
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (target.name === "hours" && target.value === "set" && zone.value === "UTC" && own) zone.value = own;
  };
}
customElements.define("business-hours", BusinessHours);
