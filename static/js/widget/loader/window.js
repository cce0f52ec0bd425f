/**
 * The window beside the launcher: the chat's iframe, the way to it, and its style. Fetched at the first sign of interest,
 * so that no page view pays for it; the same for every agent, so that a browser keeps it.
 */

/**
 * What an open or touched launcher and the window look like; the rest comes with the loader. The window grows and shrinks
 * with what can be seen: the keyboard of a phone covers a page without changing its size.
 */
export function styleOf([usual, tall, below], unread, isLarge) {
  const [width, height] = isLarge ? [Math.max(640, usual * 1.6), Math.max(900, tall)] : [usual, tall];
  const { scale, height: seen, offsetTop } = visualViewport;
  return `::slotted(button:hover){transform:scale(1.05)}
::slotted(button[aria-expanded=true])::before{content:"✕";color:var(--ca-o);background:none}
::slotted(button)::after{all:initial;${unread ? `content:"${unread}";position:absolute;inset:-4px -4px auto auto;padding:0 8px;border-radius:9em;font:700 16px/1.5 sans-serif;color:#fff;background:#b3261e` : ""}}
::slotted(iframe){flex:0 1 auto;width:min(${width}px,100%);height:min(${height}px,100%);min-width:0;min-height:0;color-scheme:inherit}
::slotted([inert]){position:absolute;visibility:hidden;opacity:0;transform:translateY(12px)}
@media(max-width:${below}px),(max-height:${below && 440}px){::slotted(iframe){position:fixed;inset:${scale > 1 ? 0 : offsetTop}px 0 auto;box-sizing:border-box;width:100%;height:${seen * scale}px;padding:env(safe-area-inset-top) 0 env(safe-area-inset-bottom);border-radius:0}}
@media(prefers-reduced-motion:no-preference){::slotted(*){transition:opacity .16s,transform .16s,visibility .16s}}`.replace(/([^{};])(;|})/g, "$1!important$2");
}

/**
 * @param config   of the loader: `{agent, origin, preview, look}`
 * @param settings of the page
 * @param host     where the frame is put
 * @param launcher the button, where there is one
 * @param openers  the set of elements that were seen to open the chat
 * @param untold   what the frame has not been told yet
 * @param page     what the loader does: `{listen, open, close, emit, remember, paint}`
 * @returns the frame; whether the chat `isThere`; how to `turn` it, and to `flush` what it is to be told
 */
export function attach({ agent, origin, preview, look }, settings, host, launcher, openers, untold, page) {
  const sheet = new CSSStyleSheet();
  const frame = document.createElement("iframe");
  let port, takesFocus;
  let isOpen = false;
  let isLarge = false;
  let unread = 0;

  const draw = () => sheet.replaceSync(styleOf(look.window, unread, isLarge));

  /** What the frame says. */
  const heed = {
    open: () => page.open(),
    close: page.close,
    event: ({ name, detail }) => page.emit(name, detail),
    unread: ({ count }) => paint((unread = look.words.unread ? count : 0)),
    size: (news) => ((isLarge = news.isLarge), draw()),
    words: (news) => paint(Object.assign(look, news)),
    left: () => page.remember(isOpen ? "open" : "close"),
    look({ look: { launcher: news } }) {
      for (const name of Object.keys(look)) delete look[name];
      Object.assign(look, news);
      // In a preview nothing refuses our own pictures.
      if (launcher) launcher.dataset.picture = "";
      page.paint();
      paint();
    },
    async token() {
      const { customerToken: given } = settings;
      let token;
      try {
        token = await (given?.call ? given() : given);
      } finally {
        // What went wrong is for the site's own console; the frame learns at once that there is no token.
        tell("token", { token: token?.toString() });
      }
    },
  };

  /** @param back what gets the focus when the chat that has it is closed */
  function turn(opened, focus, back) {
    if (isOpen && !opened && document.activeElement === frame) back?.focus();
    isOpen = opened;
    takesFocus = focus;
    paint();
    if (port) show();
  }

  function paint() {
    const { text = "", words } = look;
    draw();
    if (launcher) openers.add(launcher);
    for (const element of openers) {
      element.ariaExpanded = isOpen;
      element.ariaControlsElements = [frame];
    }
    if (!launcher) return;
    const label = isOpen ? "" : text;
    // Set anew while it is pressed, a button would lose its click.
    if (launcher.textContent !== label) launcher.textContent = label;
    launcher.ariaLabel = (isOpen ? words.close : words.open) + (unread ? words.unread.replace("#", unread) : "");
  }

  function show() {
    if (frame.inert === !isOpen) return;
    frame.inert = !isOpen;
    if (isOpen && takesFocus) frame.focus();
    tell(isOpen ? "open" : "close", { focus: takesFocus });
  }

  function tell(type, content) {
    untold.push({ type, ...content });
    flush();
  }

  function flush() {
    while (port && untold.length) port.postMessage(untold.shift());
  }

  function connect(event) {
    if (event.data?.type !== "porchlight:hello" || event.source !== frame.contentWindow || event.origin !== origin) return;
    const channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = ({ data }) => heed[data.type](data);
    frame.contentWindow.postMessage({ type: "porchlight:connect" }, origin, [channel.port2]);
    flush();
    show();
  }

  const { locale = document.documentElement.lang } = settings;
  frame.dataset.customerAgent = "frame";
  frame.title = look.words.open;
  frame.inert = true;
  frame.src = `${origin}/widget/${agent}?${new URLSearchParams({ mode: "bubble", locale, ...(preview && { preview }) })}`;
  draw();
  host.shadowRoot.adoptedStyleSheets = [...host.shadowRoot.adoptedStyleSheets, sheet];
  page.listen(visualViewport, "resize scroll", draw);
  page.listen(window, "message", connect);
  host.append(frame);
  return { frame, isThere: () => port, turn, flush };
}
