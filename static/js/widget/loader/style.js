/**
 * Launcher and frame stand in the page itself, where outsiders can find them, but are slotted into a shadow root that
 * styles them: its `!important` rules beat every rule of the page, the page's own `!important` ones too. The sheet is
 * constructed, so that a strict policy has neither a style element nor a style attribute to refuse; the icon is
 * text, so that there is no picture to refuse either. Forced colours leave the outline alone of all that makes its edge.
 * What does not depend on the page comes from the server (core/widget_configs/launchers.py).
 */
const FLOWS = { top: "column", bottom: "column-reverse", left: "row", right: "row-reverse" };

/**
 * The style of a look in a state.
 *
 * @param position that of the page's own settings, where it has one
 * @param shown    `flex` or `none`, where the look does not say whether the chat is shown
 */
export function styleOf(look, position, shown) {
  return `${look.css}:host{${placed(position ?? look.position)};${shown ? `display:${shown}` : ""}}@media(max-width:480px),(max-height:440px){:host{${placed(position ?? look.phone ?? look.position)}}}`.replace(/([^{};])(;|})/g, "$1!important$2");
}

/**
 * The root is a column (in the middle of an edge: a row) that grows from that edge: launcher first, then the frame or
 * the invitation. Browsers pass over `middle:` and `center:`, which are no properties.
 */
function placed(position) {
  const [row, column] = position.split("-");
  const aligned = row === "middle" ? 0 : { left: "start", right: "end" }[column];
  return `inset:20px;${row}:max(var(--ca-e),env(safe-area-inset-bottom));${column}:max(var(--ca-s),env(safe-area-inset-left));flex-direction:${FLOWS[row] ?? FLOWS[column] ?? "column;justify-content:center"};align-items:${aligned || "center"}`;
}
