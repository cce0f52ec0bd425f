/** Hours begin in the time zone of who sets them. */
export class BusinessHours extends HTMLElement {
  connectedCallback() {
    // Before the form is sent, which the same event does a moment later.
    this.addEventListener("input", this.#begin);
  }

  #begin = ({ target }) => {
    if (!["hours", "when"].includes(target.name) || target.value !== "set") return;
    const zone = this.querySelector("[name=time_zone]");
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    // A browser may know one by a name that is on no list of ours.
    const isKnown = [...zone.list.options].some(({ value }) => value === own);
    if (zone.value === "UTC" && isKnown) zone.value = own;
  };
}
customElements.define("business-hours", BusinessHours);
