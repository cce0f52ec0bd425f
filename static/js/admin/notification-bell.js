/**
 * The bell in the header. One tab of the browser listens for all of them; each shows the number, in its title too; one
 * that may sound rings, unless the conversation is looked at.
 */
const NAME = "porchlight-bell";
const RINGS_ALONE = 3_000;
const SEEN_FIRST = 150;
const AGAIN = 5_000;

export class NotificationBell extends HTMLElement {
  #channel = new BroadcastChannel(NAME);
  #leaving = new AbortController();
  #stream = null;
  #tone = null;
  #unseen = 0;
  #titles = new MutationObserver(() => this.#entitle());

  connectedCallback() {
    this.#channel.onmessage = ({ data }) => this.#heard(data);
    this.#show(Number(this.dataset.unseen));
    this.#titles.observe(document.head, { childList: true, subtree: true, characterData: true });
    const { signal } = this.#leaving;
    // Browsers allow a tone after the first touch only.
    for (const sign of ["pointerdown", "keydown"]) addEventListener(sign, () => (this.#tone ??= new AudioContext()), { once: true, signal });
    this.#listenForAll();
  }

  disconnectedCallback() {
    this.#leaving.abort();
    this.#stream?.close();
    this.#channel.close();
    this.#titles.disconnect();
  }

  /** Without locks, which plain http has not, each tab listens for itself. */
  #listenForAll() {
    if (!navigator.locks) return this.#listen();
    const { signal } = this.#leaving;
    const hold = () => (this.#listen(), new Promise((free) => signal.addEventListener("abort", free)));
    navigator.locks.request(NAME, { signal }, hold).catch(() => {});
  }

  #listen() {
    this.#stream = new EventSource(this.dataset.stream);
    this.#stream.addEventListener("bell", ({ data }) => {
      const told = JSON.parse(data);
      this.#channel.postMessage(told);
      this.#heard(told);
    });
    this.#stream.onerror = () => {
      if (this.#stream.readyState !== EventSource.CLOSED) return;
      setTimeout(() => this.isConnected && this.#listen(), AGAIN);
    };
  }

  #heard({ unseen, sounds, conversations = [], isLookedAt }) {
    if (isLookedAt) return void (this.isQuiet = true);
    this.#show(unseen);
    const seen = conversations.find((id) => document.hasFocus() && location.pathname.endsWith(`/${id}`));
    if (seen) {
      this.#channel.postMessage({ isLookedAt: true });
      this.#tellSeen(seen);
    } else if (sounds) this.#ring();
  }

  #tellSeen(conversation) {
    const body = new URLSearchParams({ conversation_id: conversation, csrf_token: this.dataset.token });
    fetch(this.dataset.seen, { method: "POST", body, headers: { "HX-Request": "true" } }).catch(() => {});
  }

  /** One tab rings, of those that may. */
  async #ring() {
    this.isQuiet = false;
    await new Promise((resolve) => setTimeout(resolve, SEEN_FIRST));
    if (this.isQuiet || this.#tone?.state !== "running") return;
    if (!navigator.locks) return document.visibilityState === "visible" && this.#sound();
    const hold = (lock) => lock && (this.#sound(), new Promise((free) => setTimeout(free, RINGS_ALONE)));
    navigator.locks.request(`${NAME}-rings`, { ifAvailable: true }, hold).catch(() => {});
  }

  #sound() {
    const { currentTime, destination } = this.#tone;
    for (const [place, pitch] of [784, 1047].entries()) {
      const begins = currentTime + place * 0.14;
      const [oscillator, volume] = [new OscillatorNode(this.#tone, { frequency: pitch }), new GainNode(this.#tone, { gain: 0 })];
      volume.gain.setValueAtTime(0, begins);
      volume.gain.linearRampToValueAtTime(0.14, begins + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.001, begins + 0.3);
      oscillator.connect(volume).connect(destination);
      oscillator.start(begins);
      oscillator.stop(begins + 0.32);
    }
  }

  #show(unseen) {
    this.#unseen = unseen;
    const count = this.querySelector(".bell-count");
    count.hidden = !unseen;
    this.querySelector(".bell-number").textContent = unseen < 100 ? unseen : "99+";
    this.#entitle();
  }

  #entitle() {
    const plain = document.title.replace(/^\(\d+\+?\) /, "");
    const title = this.#unseen ? `(${this.#unseen < 100 ? this.#unseen : "99+"}) ${plain}` : plain;
    if (title !== document.title) document.title = title;
  }
}
customElements.define("notification-bell", NotificationBell);
