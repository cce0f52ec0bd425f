"""What the loader draws on the pages of a website: the launcher, and the place where it and the window stand."""

from typing import Any

from core.page_patterns import is_on, stem_of
from core.widget_configs.config import Theme, WidgetConfig
from core.widget_configs.fills import fill_of
from core.widget_configs.palettes import dark_of
from core.widget_configs.parts import Launcher, picture_url
from core.widget_words import LANGUAGES, group, say

PHONE = "(max-width:480px),(max-height:440px)"
"""What counts as a phone, upright or on its side; static/js/widget/loader/style.js has it, too."""
_DESKTOP = "(min-width:480.02px) and (min-height:440.02px)"
_SIGNS = {"chat": "···", "question": "?", "wave": "👋", "spark": "✦"}
_FONT = "system-ui,sans-serif"


def launcher_of(config: WidgetConfig) -> dict[str, Any]:
    """What the loader takes (docs/widget-api.md). What is as usual is left out: every page view pays for it."""
    launcher = config.launcher
    unusual = {
        "phone": launcher.phone_position,
        "text": launcher.text,
        "opener": launcher.opener,
        "bare": bool(launcher.opener) and not launcher.bubble,
        "image": _address_of(launcher),
        "pages": [stem_of(page) for page in launcher.pages] if launcher.page_rule != "all" else None,
        "only": launcher.page_rule == "only",
    }
    return {
        "css": css_of_launcher(config),
        "position": config.position,
        "words": _words_of(config),
        "window": [config.theme.width, config.theme.height, launcher.full_screen_below],
        **{name: value for name, value in unusual.items() if value},
    }


def is_shown_on(launcher: Launcher, address: str) -> bool:
    """Whether the launcher is shown on a page, by its address or its path."""
    if launcher.page_rule == "all" or not launcher.pages:
        return True
    return is_on(launcher.pages, address) == (launcher.page_rule == "only")


def css_of_launcher(config: WidgetConfig) -> str:
    """All of the loader's style sheet that does not depend on what happens on the page.

    Every value in it was checked or is one of ours. The loader makes each declaration `!important`; its own properties
    begin with `--ca-`, so that a page that sets some for every element does not meet them.
    """
    return "".join(
        (
            _base(config),
            _button(config.launcher),
            _schemes(config.launcher, config.theme),
            _phone(config.launcher),
            _screens(config.launcher),
        )
    )


def _base(config: WidgetConfig) -> str:
    return (
        f":host{{all:initial;position:fixed;z-index:{config.launcher.layer};display:flex;gap:16px;pointer-events:none;"
        f"direction:ltr;{_measures(config.launcher.size, config.launcher.side, config.launcher.edge)}}}"
        ":host([hidden]){display:none}"
        ":host::before,:host::after{content:none}"
        "::slotted(*),p{all:initial;color-scheme:inherit;flex:none;pointer-events:auto;color:canvastext;background:canvas;"
        f"border-radius:{min(config.theme.corners, 20)}px;outline:1px solid #8884;box-shadow:0 4px 24px #0004;"
        f"font:16px/24px {_FONT}}}"
        "p{display:flex;max-width:300px}"
        "p *{all:unset;padding:12px 16px;cursor:pointer}"
    )


def _button(launcher: Launcher) -> str:
    fill = "linear-gradient(135deg,var(--ca-c),var(--ca-d))" if launcher.fill == "gradient" else "var(--ca-c)"
    inset = "calc(var(--ca-z)*2/7)"
    rules = (
        "::slotted(button){position:relative;display:flex;align-items:center;gap:12px;height:var(--ca-z);"
        f"padding:0 {inset};border-radius:40px;font-weight:600;color:var(--ca-o);background:{fill};cursor:pointer}}"
        "::slotted(button:focus-visible),p :focus-visible{outline:2px solid #fff;box-shadow:0 0 0 5px #000}"
        f"::slotted(button)::before{{all:initial;content:'{_SIGNS[launcher.icon]}';width:1.5em;"
        f"border-radius:.75em .75em .75em 0;font:700 calc(var(--ca-z)*2/7)/1.5 {_FONT};text-align:center;"
        "color:var(--ca-c);background:var(--ca-o)}"
    )
    if _address_of(launcher):
        # As high as the button, and over the whole of it where there are no words beside.
        out = f"calc(0px - {inset})"
        rules += (
            "::slotted([data-picture][aria-expanded=false])::before{content:'';width:var(--ca-z);height:var(--ca-z);"
            f"margin-inline:{out} {'0' if launcher.text else out};border-radius:40px;"
            f"background:url({_address_of(launcher)}) center/cover}}"
        )
    return rules


def _schemes(launcher: Launcher, theme: Theme) -> str:
    light = f":host{{{_colours(launcher, theme.accent)};color-scheme:light}}"
    dark = f":host{{{_colours(launcher, dark_of(theme).accent)};color-scheme:dark}}"
    automatic = f"{light}@media(prefers-color-scheme:dark){{{dark}}}"
    return {"light": light, "dark": dark}.get(theme.scheme, automatic)


def _colours(launcher: Launcher, accent: str) -> str:
    one, other, on = fill_of(launcher, accent)
    second = f";--ca-d:{other}" if launcher.fill == "gradient" else ""
    return f"--ca-c:{one};--ca-o:{on}{second}"


def _phone(launcher: Launcher) -> str:
    usual = (launcher.size, launcher.side, launcher.edge)
    own = (launcher.phone_size, launcher.phone_side, launcher.phone_edge)
    return f"@media{PHONE}{{:host{{{_measures(*own)}}}}}" if own != usual else ""


def _screens(launcher: Launcher) -> str:
    screen = {"phone": _DESKTOP, "desktop": PHONE}.get(launcher.screens)
    return f"@media{screen}{{:host{{display:none}}}}" if screen else ""


def _measures(size: int, side: int, edge: int) -> str:
    return f"--ca-z:{size}px;--ca-s:{side}px;--ca-e:{edge}px"


def _address_of(launcher: Launcher) -> str:
    return picture_url(launcher.image) if launcher.fill == "image" else ""


def language_of_launcher(config: WidgetConfig) -> str:
    """In which language the loader speaks: it is one for everybody, whatever language their page speaks."""
    return config.language if config.language in LANGUAGES else config.own_language


def _words_of(config: WidgetConfig) -> dict[str, str]:
    language = language_of_launcher(config)
    words = {
        "open": config.launcher.text or say(language, "chat_with", own=config.words, name=config.name),
        "close": say(language, "close_chat", own=config.words),
        "dismiss": say(language, "dismiss", own=config.words),
    }
    if not config.launcher.badge:
        return words
    unread = group(language, "loader", own=config.words)["unread"]
    counted = unread if isinstance(unread, str) else unread["other"]
    return words | {"unread": ", " + counted.replace("{count}", "#")}
