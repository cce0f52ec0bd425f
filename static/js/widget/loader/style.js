/**
 * Launcher and frame stand in the page itself, where outsiders can find them, but are slotted into a shadow root that
 * styles them: its `!important` rules beat every rule of the page, the page's own `!important` ones too. The sheet is
 * constructed, so that a strict policy has neither a style element nor a style attribute to refuse; the icon is
 * text, so that there is no picture to refuse either. Forced colours leave the outline alone of all that makes its edge.
 */
const ICONS = { chat: "···", question: "?", wave: "👋", spark: "✦" };
const FLOWS = { top: "column", bottom: "column-reverse", left: "row", right: "row-reverse" };
const FONT = "16px/24px system-ui,sans-serif";

/**
 * The style of a look in a state. The root is a column (in the middle of an edge: a row) that grows from that edge:
 * launcher first, then the frame or the invitation. A closed frame is out of the flow. On a phone the chat fills what
 * can be seen: the keyboard covers the page without changing its size. The arguments stand in a row because names
 * of properties outlive the minifier.
 */
export function styleOf(look, position, isDark, isOpen, isShown, unread) {
  const [row, column] = position.split("-");
  const [fill, on] = isDark ? [look.accentDark, look.onAccentDark] : [look.accent, look.onAccent];
  const aligned = row === "middle" ? 0 : { left: "start", right: "end" }[column];
  const { scale, height, offsetTop } = visualViewport;
  return `:host{all:initial;position:fixed;inset:20px;bottom:max(20px,env(safe-area-inset-bottom));z-index:999999999;display:flex;gap:16px;pointer-events:none;direction:ltr;flex-direction:${FLOWS[row] ?? FLOWS[column] ?? "column;justify-content:center"};align-items:${aligned || "center"};color-scheme:${isDark ? "dark" : "light"}}
:host([hidden]){display:none}
:host::before,:host::after{content:none}
::slotted(*),p{all:initial;flex:none;pointer-events:auto;color:canvastext;background:canvas;border-radius:20px;outline:1px solid #8884;box-shadow:0 4px 24px #0004;font:${FONT}}
::slotted(button){position:relative;display:flex;align-items:center;gap:12px;height:56px;padding:0 16px;border-radius:28px;font-weight:600;color:${on};background:${fill};cursor:pointer}
::slotted(button:hover){transform:scale(1.05)}
::slotted(button:focus-visible),p :focus-visible{outline:2px solid #fff;box-shadow:0 0 0 5px #000}
::slotted(button)::before{all:initial;content:"${isOpen ? "✕" : ICONS[look.icon]}";width:24px;border-radius:12px 12px 12px 0;font:700 ${FONT};text-align:center;color:${isOpen ? on : fill};background:${isOpen ? fill : on}}
::slotted(button)::after{all:initial;${unread ? `content:"${unread}";position:absolute;top:-4px;right:-4px;padding:0 8px;border-radius:20px;font:700 ${FONT};color:#fff;background:#b3261e` : ""}}
::slotted(iframe){width:min(${look.width}px,100%);height:min(${look.height}px,100% - 72px);color-scheme:inherit;${isShown ? "" : "position:absolute;visibility:hidden;opacity:0;transform:translateY(12px)"}}
p{display:flex;max-width:300px}
p *{all:unset;padding:12px 16px;cursor:pointer}
@media(max-width:480px),(max-height:440px){::slotted(iframe){position:fixed;inset:${scale > 1 ? 0 : offsetTop}px 0 auto;box-sizing:border-box;width:100%;height:${height * scale}px;padding:env(safe-area-inset-top) 0 env(safe-area-inset-bottom);border-radius:0}}
@media(prefers-reduced-motion:no-preference){::slotted(*){transition:opacity .16s,transform .16s,visibility .16s}}`.replace(/([^{};])(;|})/g, "$1!important$2");
}
