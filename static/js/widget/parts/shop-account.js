/** Signs a customer in at their shop, in a window of its own, and out of it again; part of confirm.js. */
import { draw } from "./drawing.js";

const HELLO = "porchlight:shop-sign-in";
const PATIENCE = 20_000;

/**
 * The buttons beneath a message that wants somebody to sign in, or tells that they have.
 *
 * @param stage what the chat lends to its parts (frame/chat.js)
 * @param told  `{id, shop, isSignedIn}`
 */
export function shopAccount(stage, told) {
  const { say } = stage;
  const settled = draw("p", { className: "settled", tabIndex: -1, role: "status" });
  const button = draw("button", { type: "button", className: told.isSignedIn ? "" : "yes" }, [say(told.isSignedIn ? "shop_sign_out" : "shop_sign_in")]);
  button.onclick = () => (told.isSignedIn ? signOut(stage, button, settled) : signIn(stage, told, settled));
  // Choices of an earlier message are put away; the way out stays.
  return [draw("div", { className: told.isSignedIn ? "ways" : "choices" }, [button]), settled];
}

async function signIn(stage, { id }, settled) {
  const { say, session } = stage;
  const from = document.body.dataset.mode === "link" ? "link" : "chat";
  // Opened at once, as browsers want it; without a name, by which another page could take hold of it.
  const child = open(`/shop-sign-in?from=${from}&locale=${document.documentElement.lang}`, "_blank", "popup,width=480,height=760");
  if (!child) return (settled.textContent = say("shop_blocked"));
  settled.textContent = say("shop_signing_in");
  // Whoever is answered within the window comes by the stream.
  stage.listening.expect();
  stage.listening.hold();
  try {
    const [port, { secret }] = await Promise.all([asked(child), session.call("POST", "/shop-sign-ins", { shop: id })]);
    port.postMessage({ secret });
  } catch {
    settled.textContent = say("shop_failed");
  }
}

/** The window asks: it names our own origin, and is the very one that was opened. */
function asked(child) {
  return new Promise((resolve, reject) => {
    const hear = ({ source, origin, data, ports }) => {
      if (source !== child || origin !== location.origin || data?.type !== HELLO || !ports[0]) return;
      removeEventListener("message", hear);
      resolve(ports[0]);
    };
    addEventListener("message", hear);
    setTimeout(() => (removeEventListener("message", hear), reject(new Error("The window does not ask."))), PATIENCE);
  });
}

async function signOut(stage, button, settled) {
  try {
    await stage.session.call("DELETE", "/shop-sign-ins");
    button.remove();
    settled.textContent = stage.say("shop_signed_out");
    settled.focus();
  } catch {
    stage.notice.say(stage.say("part_failed"));
  }
}
