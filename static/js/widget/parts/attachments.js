/** Files and pictures: chosen, pasted or dropped, they wait beside the text until they are sent; and shown in messages. */
import { DropTarget } from "./attachments/drop-target.js";
import { Gallery } from "./attachments/gallery.js";
import { Tray } from "./attachments/tray.js";

let tray, gallery, target;

/**
 * @param stage what the chat lends to its parts (frame/chat.js)
 * @param what  the button that was pressed; or `{message}` that brings files; or `{type, files}` that were pasted or dropped
 */
export default async function act(stage, { message, type, files }) {
  gallery ??= new Gallery(stage);
  tray ??= new Tray(stage, gallery);
  target ??= new DropTarget(stage.say("drop_here"));
  if (message) return gallery.show(message);
  if (type === "dragenter") return target.show();
  return askedFirst(stage, () => (files ? tray.add(files) : tray.choose()));
}

/** Nothing goes up before the customer has answered and agreed to what comes first; what is typed meanwhile stays. */
async function askedFirst(stage, go) {
  if (!document.body.dataset.before) return go();
  const typed = document.querySelector("#composer textarea").value;
  const { default: ask } = await stage.fetchPart("pre-chat");
  return ask(stage, () => {
    stage.composer.giveBack(typed);
    go();
  });
}
