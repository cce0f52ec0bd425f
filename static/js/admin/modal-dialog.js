/**
 * Opens the <dialog> inside it as soon as it arrives in the page, and takes it away again when it is closed.
 * A native modal dialog keeps the focus inside and gives it back by itself.
 */
export class ModalDialog extends HTMLElement {
  connectedCallback() {
    const dialog = this.querySelector("dialog");
    dialog.addEventListener("close", () => this.remove());
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
    });
    // What was changed in it stands on the page behind.
    if (this.hasAttribute("closes-when-done")) dialog.addEventListener("htmx:afterRequest", closeWhenDone);
    dialog.showModal();
  }
}
function closeWhenDone({ currentTarget, detail }) {
  if (detail.xhr.status === 200 && detail.requestConfig.verb !== "get") currentTarget.close();
}
customElements.define("modal-dialog", ModalDialog);
