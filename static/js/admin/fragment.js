/** Parts of pages that an element asks for itself; htmx puts them in, as it does everywhere. */
import htmx from "htmx.org";

/**
 * Have htmx put a part into an element; who waits for it hears `htmx:afterSwap` there. What is asked for while another
 * part is on its way to the same source comes after it, the last one only.
 *
 * @param address where the part is
 * @param source who asks; its events are those of the request
 * @param target where it is put
 * @param fields what is posted; nothing: it is only asked for
 */
export function putPart(address, { source, target, fields }) {
  // A failure is told by an event, and by request-trouble.js.
  htmx.ajax(fields ? "POST" : "GET", address, { source, target, swap: "innerHTML", values: fields }).catch(() => {});
}
