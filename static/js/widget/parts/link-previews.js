/** What the pages say of themselves that a reply links to: asked for when the reply is seen. */
import { draw } from "./drawing.js";

const NEAR = 48;
const asked = new Set();
let seen = null;

/**
 * @param stage what the chat lends to its parts (frame/chat.js)
 * @param what  `{message}` with links, which is on the page
 */
export default function preview(stage, { message: { id } }) {
  const element = document.querySelector(`#messages [data-message="${CSS.escape(id)}"]`);
  if (!element || asked.has(id)) return;
  seen ??= new IntersectionObserver((entries) => entries.filter(({ isIntersecting }) => isIntersecting).forEach(({ target }) => show(stage, target)));
  seen.observe(element);
}

async function show(stage, element) {
  seen.unobserve(element);
  const { message: id } = element.dataset;
  if (asked.has(id)) return;
  asked.add(id);
  // Without a preview a link is still a link.
  const { links } = await stage.session.call("GET", `/messages/${id}/links`).catch(() => ({ links: [] }));
  if (!links.length) return;
  const room = document.getElementById("thread");
  const isAtEnd = room.scrollHeight - room.clientHeight - room.scrollTop <= NEAR;
  element.querySelector(".bubble").after(draw("div", { className: "link-cards" }, links.map(card)));
  if (isAtEnd) room.scrollTop = room.scrollHeight;
}

function card({ url, host, title, summary }) {
  const words = [draw("strong", { dir: "auto" }, [title])];
  if (summary) words.push(draw("span", { dir: "auto" }, [summary]));
  words.push(draw("small", { dir: "ltr" }, [host]));
  return draw("a", { className: "link-card", href: url, target: "_blank", rel: "noopener noreferrer nofollow" }, words);
}
