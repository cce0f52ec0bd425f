/** Products beneath a reply. All words come from the server, in the customer's language; pictures by our own address. */
import { draw } from "./drawing.js";

const NEAR = 48;

/**
 * @param _stage what the chat lends to its parts (frame/chat.js)
 * @param what  `{message}` whose extras hold `cards`, which is on the page
 */
export default function show(_stage, { message: { id, extras } }) {
  const element = document.querySelector(`#messages [data-message="${CSS.escape(id)}"]`);
  if (!element || element.querySelector(".goods-cards")) return;
  const room = document.getElementById("thread");
  const isAtEnd = room.scrollHeight - room.clientHeight - room.scrollTop <= NEAR;
  element.querySelector(".bubble").after(draw("ul", { className: "goods-cards", tabIndex: 0 }, extras.cards.map(card)));
  if (isAtEnd) room.scrollTop = room.scrollHeight;
}

function card({ title, text, price, note, choices, picture, link, look }) {
  const words = [draw("strong", { dir: "auto" }, [title])];
  if (price) words.push(draw("b", {}, [price]));
  if (text) words.push(draw("span", { dir: "auto" }, [text]));
  if (choices?.length) words.push(draw("small", { dir: "auto" }, [choices.join(" · ")]));
  if (note) words.push(draw("small", { className: "goods-gone" }, [note]));
  if (link) words.push(draw("a", { href: link, target: "_blank", rel: "noopener noreferrer" }, [look]));
  const parts = [draw("div", { className: "goods-words" }, words)];
  if (picture) parts.unshift(pictureOf(picture));
  return draw("li", { className: "goods-card" }, parts);
}

/** A picture that cannot be had leaves no hole. */
function pictureOf(address) {
  const image = draw("img", { src: address, alt: "", loading: "lazy", decoding: "async", width: 240, height: 180 }, []);
  image.addEventListener("error", () => image.remove());
  return image;
}
