/**
 * The window in which somebody signs in at their shop (docs/security.md). It asks the chat that has opened it which
 * sign-in it is for: both name our own origin, and each takes an answer from the other alone. A window that nobody of
 * ours has opened, as by a link that somebody was sent, goes nowhere.
 */
const PATIENCE = 8_000;
const HELLO = "porchlight:shop-sign-in";

if (document.body.dataset.state === "waiting") goOn();
if (document.body.dataset.state === "done") setTimeout(() => close(), 1_500);

async function goOn() {
  const secret = await askOpener();
  const url = secret && (await addressFor(secret));
  if (!url) return showLost();
  // From here on this window belongs to the shop's pages, which have nothing to say to the chat.
  window.opener = null;
  location.replace(url);
}

function askOpener() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    setTimeout(resolve, opener ? PATIENCE : 0, null);
    port1.onmessage = ({ data }) => resolve(data?.secret);
    opener?.postMessage({ type: HELLO }, location.origin, [port2]);
  });
}

async function addressFor(secret) {
  try {
    const answer = await fetch("/api/v1/widget/shop-sign-ins/window", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ secret }),
    });
    return answer.ok ? (await answer.json()).url : null;
  } catch {
    return null;
  }
}

function showLost() {
  document.getElementById("said").hidden = true;
  document.getElementById("lost").hidden = false;
}
