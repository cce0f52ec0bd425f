import { ICONS } from "../widget/loader/icons.js";

/** Draws an icon as the launcher will show it, from the launcher's own shapes. */
export class LauncherIcon extends HTMLElement {
  connectedCallback() {
    const path = this.querySelector("path");
    path.setAttribute("d", ICONS[this.getAttribute("name")] ?? "");
  }
}
customElements.define("launcher-icon", LauncherIcon);
