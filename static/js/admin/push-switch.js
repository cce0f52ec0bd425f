import { trustedWorker } from "./trusted-parser.js";

/** Asks this browser to tell of what happens, also when no page of ours is open in it. */
export class PushSwitch extends HTMLElement {
  async connectedCallback() {
    this.#button.addEventListener("click", () => this.#subscribe());
    const obstacle = obstacleHere();
    if (obstacle) return this.#say(obstacle);
    const worker = await navigator.serviceWorker.getRegistration(this.dataset.worker);
    const subscription = await worker?.pushManager.getSubscription();
    const isKnown = subscription && Notification.permission === "granted" && keyOf(subscription) === this.dataset.key;
    if (isKnown) this.#say("This browser tells you.");
    this.#button.hidden = Boolean(isKnown);
  }

  get #button() {
    return this.querySelector("button");
  }

  async #subscribe() {
    if ((await Notification.requestPermission()) !== "granted") {
      return this.#say("This browser does not allow it. Allow notifications for this page beside its address, then try again.");
    }
    this.#button.disabled = true;
    try {
      await this.#tell(await this.#newSubscription());
      location.reload();
    } catch {
      this.#say("This browser could not be reached by its notification service just now. Try again later.");
      this.#button.disabled = false;
    }
  }

  async #newSubscription() {
    await navigator.serviceWorker.register(trustedWorker(this.dataset.worker), { scope: "/admin/" });
    const { pushManager } = await navigator.serviceWorker.ready;
    // One that was made for another key of the server takes nothing any more.
    await (await pushManager.getSubscription())?.unsubscribe();
    return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: this.dataset.key });
  }

  async #tell(subscription) {
    const { endpoint, keys } = subscription.toJSON();
    const body = new URLSearchParams({ endpoint, ...keys, csrf_token: this.dataset.token });
    const answer = await fetch(this.dataset.address, { method: "POST", body });
    if (!answer.ok) throw new Error("refused");
  }

  #say(words) {
    this.querySelector("[role=status]").textContent = words;
  }
}

function obstacleHere() {
  if (!isSecureContext) return "Browsers allow this only where the address begins with https.";
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return "This browser cannot do it. Use another one, or e-mail.";
  return Notification.permission === "denied" ? "You have forbidden it in this browser. Allow notifications for this page beside its address, then reload." : "";
}

function keyOf(subscription) {
  const bytes = new Uint8Array(subscription.options.applicationServerKey ?? []);
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
customElements.define("push-switch", PushSwitch);
