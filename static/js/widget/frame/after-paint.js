/** Once what is there has been painted; soon in any case, because a browser need not paint a frame at all. */
export function afterPaint(task) {
  let isDone = false;
  const once = () => isDone || ((isDone = true), task());
  requestAnimationFrame(() => setTimeout(once));
  setTimeout(once, 100);
}
