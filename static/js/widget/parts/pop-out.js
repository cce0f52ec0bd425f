/**
 * The chat in a window of its own, in the same conversation. No address carries anything: the new window asks the one that
 * opened it, both name our own origin, each takes an answer from the other alone, and it is asked for once
 * (docs/security.md). A window that nobody of ours has opened stays empty: its page has no ticket to begin with.
 */
const PATIENCE = 8_000;
const HELLO = "porchlight:pop-out";

/** In the chat: open the window, and lend it the session. */
export default function popOut(stage) {
  const { dataset } = document.body;
  const address = `/widget/${dataset.agent}?mode=window&locale=${document.documentElement.lang}`;
  // Without a name, by which another page could take hold of it.
  const child = open(address, "_blank", "popup,width=420,height=720");
  if (!child) return stage.notice.say(stage.say("pop_out_blocked"));
  const asked = ({ source, origin, data, ports }) => {
    if (source !== child || origin !== location.origin || data?.type !== HELLO || !ports[0]) return;
    removeEventListener("message", asked);
    lend(stage, ports[0]);
  };
  addEventListener("message", asked);
}

/** The other window goes on as who it began as, or not at all. */
async function lend({ session, bridge, notice, say }, port) {
  await session.ready();
  const { who } = session;
  port.onmessage = async ({ data: { isSpent } }) => {
    try {
      // A call renews what has run out.
      if (isSpent) await session.call("GET", "/messages?after=999999999");
      const token = await session.ready();
      const isSame = session.who?.conversation === who.conversation;
      port.postMessage(isSame ? { token, who } : {});
    } catch {
      port.postMessage({});
    }
  };
  bridge.tell("close");
  if (document.body.dataset.mode === "inline") notice.say(say("pop_out_moved"));
}

/** In the new window: ask whoever has opened it, and go on. */
export async function takeOver(stage) {
  const { session, conversation, composer, notice, say, showState } = stage;
  composer.isOpen = false;
  const borrow = askOpener();
  const { token, who } = await borrow({});
  if (!token) return notice.say(say("pop_out_failed"));
  const renew = async () => {
    const renewed = await borrow({ isSpent: true });
    if (!renewed.token) leave();
    return renewed.token;
  };
  session.adopt({ token, customer: { id: who.customer }, conversation: { id: who.conversation, state: "agent" } }, renew);
  stage.open({ focus: true });
  const { messages = [], conversation: told } = await session.call("GET", "/messages?after=0");
  for (const message of messages) conversation.take(message);
  conversation.follow();
  showState(told);
}

function askOpener() {
  const { port1, port2 } = new MessageChannel();
  opener?.postMessage({ type: HELLO }, location.origin, [port2]);
  return (question) =>
    new Promise((resolve) => {
      setTimeout(resolve, opener ? PATIENCE : 0, {});
      port1.onmessage = ({ data }) => resolve(data);
      port1.postMessage(question);
    });
}

/** Whoever it was has signed out, or is gone: nothing of it stays on the screen. */
function leave() {
  close();
  location.reload();
}
