/**
 * A page that shows the chat in a plain iframe, with no script of ours, hands its customer's token over behind the `#` of
 * the address: no server and no log ever sees it. It leaves the address at once. In a query it would be in both, so
 * there it is not taken.
 */
const NAME = "customerToken";

/** @returns the token, `""` when the customer has signed out, or undefined when nothing is handed over */
export function takeHandedOver({ location, history, console }) {
  const token = new URLSearchParams(location.hash.slice(1)).get(NAME) ?? undefined;
  const query = new URLSearchParams(location.search);
  const isInQuery = query.has(NAME);
  if (isInQuery) {
    query.delete(NAME);
    console.warn("Porchlight: a customer token belongs behind the # of the address, not behind the ?. It was not used.");
  }
  const search = isInQuery ? `?${query}`.replace(/\?$/, "") : location.search;
  if (token !== undefined || isInQuery) history.replaceState(history.state, "", location.pathname + search);
  return token;
}
