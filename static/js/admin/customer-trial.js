/**
 * Opens the chat in its frame as the customer of a token, the way a site's own page does (docs/widget-api.md), and says
 * whether the chat believes it.
 */
export class CustomerTrial extends HTMLElement {
  #port = null;

  connectedCallback() {
    addEventListener("message", this.#greeted);
  }

  disconnectedCallback() {
    removeEventListener("message", this.#greeted);
    this.#port?.close();
  }

  #greeted = ({ source, origin, data }) => {
    const frame = this.querySelector("iframe").contentWindow;
    if (source !== frame || origin !== location.origin || data?.type !== "porchlight:hello") return;
    const channel = new MessageChannel();
    this.#port = channel.port1;
    this.#port.onmessage = ({ data: news }) => this.#heard(news);
    frame.postMessage({ type: "porchlight:connect" }, origin, [channel.port2]);
    this.#tell("settings", { customerToken: true });
    this.#tell("open", { focus: false });
  };

  #heard({ type, name, detail }) {
    if (type === "close") this.closest("dialog")?.close();
    if (type === "token") this.#tell("token", { token: this.dataset.token });
    if (type === "event" && name === "identity") this.#say(...verdictOn(detail.customer));
    if (type === "event" && name === "error") this.#say("bad", `The chat refused: ${detail.message}`);
  }

  #tell(type, content) {
    this.#port.postMessage({ type, ...content });
  }

  #say(state, words) {
    this.dataset.state = state;
    this.querySelector("[data-news]").textContent = words;
  }
}

function verdictOn({ id, name, standing }) {
  const who = name ? `${name} (${id})` : id;
  if (standing === "verified") return ["good", `✓ The chat knows who this is: ${who}, verified.`];
  return ["bad", "The chat opened, but as somebody who is not verified."];
}
customElements.define("customer-trial", CustomerTrial);
