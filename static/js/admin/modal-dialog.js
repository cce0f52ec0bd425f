/**
 * Opens the <dialog> inside it as soon as it arrives in the page, and takes it away again when it is closed.
 * A native modal dialog keeps the focus inside and gives it back by itself, unless what had it is there no longer: a key
 * may have opened it while nothing had the focus, or what was done in it has replaced that part of the page.
 */
export class ModalDialog extends HTMLElement {
  connectedCallback() {
    const dialog = this.querySelector("dialog");
    // What is done in a dialog may put another in its place: that one gives the focus back to where the first was opened.
    const [replaced] = [...document.querySelectorAll("modal-dialog")].filter((other) => other !== this);
    this.opener = replaced?.opener ?? document.activeElement;
    dialog.addEventListener("close", () => {
      this.remove();
      if (document.activeElement === document.body) standIn(this.opener)?.focus({ preventScroll: true });
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
    });
    // What was changed in it stands on the page behind.
    if (this.hasAttribute("closes-when-done")) dialog.addEventListener("htmx:afterRequest", closeWhenDone);
    dialog.showModal();
  }
}

/** What had the focus, or what has taken its place. */
function standIn(before) {
  if (before.isConnected && before !== document.body) return before;
  const { key } = before.dataset;
  const same = (before.id && document.getElementById(before.id)) || (key && document.querySelector(`[data-key="${CSS.escape(key)}"]`));
  return same || document.querySelector("#conversation-title, main");
}

function closeWhenDone({ currentTarget, detail }) {
  if (detail.xhr.status === 200 && detail.requestConfig.verb !== "get") currentTarget.close();
}
customElements.define("modal-dialog", ModalDialog);
