/** Parts of pages, as the server draws them for htmx, for elements that do something else with them than swap them in. */

/**
 * @param address where the part is
 * @param fields what is posted; nothing: it is only asked for
 * @returns its elements, and whether the server took what was asked
 */
export async function fetchPart(address, fields, options = {}) {
  const response = await fetch(address, {
    headers: { "HX-Request": "true" },
    ...(fields && { method: "POST", body: new URLSearchParams(fields) }),
    ...options,
  });
  const { body } = new DOMParser().parseFromString(await response.text(), "text/html");
  return { isOk: response.ok, elements: [...body.children].map((element) => document.importNode(element, true)) };
}
