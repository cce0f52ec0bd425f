"""Every colour and measure of the chat, worked out from the few that somebody chose."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from core.widget_configs.colours import (
    READABLE,
    VISIBLE,
    between,
    contrast,
    nearest_on,
    nearest_with,
    shade_of,
    text_on,
)
from core.widget_configs.config import Theme

_SANS = 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif'
_SERIF = 'Charter,"Bitstream Charter","Sitka Text",Cambria,"Liberation Serif",serif'
_MONO = 'ui-monospace,"Cascadia Code","Source Code Pro",Menlo,Consolas,"DejaVu Sans Mono",monospace'
FONTS: Mapping[str, str] = {
    "system": _SANS,
    "humanist": 'Seravek,"Gill Sans Nova",Ubuntu,Calibri,"DejaVu Sans",sans-serif',
    "geometric": 'Avenir,Montserrat,Corbel,"URW Gothic",sans-serif',
    "rounded": 'ui-rounded,"Hiragino Maru Gothic ProN",Quicksand,Comfortaa,"Arial Rounded MT Bold",sans-serif',
    "serif": _SERIF,
    "mono": _MONO,
    # What these have no letters for (Arabic, Hebrew, Japanese, Chinese) the system draws. Its fonts are not named here:
    # which Han letters are right depends on the page's language, and only the system's own choice goes by that.
    "inter": f'"Inter Variable",{_SANS}',
    "nunito": f'"Nunito Variable",{_SANS}',
    "manrope": f'"Manrope Variable",{_SANS}',
    "source-serif": f'"Source Serif 4 Variable",{_SERIF}',
    "lora": f'"Lora Variable",{_SERIF}',
    "jetbrains-mono": f'"JetBrains Mono Variable",{_MONO}',
}
"""Font stacks: what systems bring along, or one of ours before it; nothing is loaded from other hosts."""
GAPS = {"compact": 12, "normal": 16, "roomy": 20}
_WARNINGS = (("#8a3b12", "#fdf0e6"), ("#f2b48a", "#33241a"))
"""Of what went wrong: its words and what is behind them, on a light and on a dark page."""
SHADOWS = {"none": 0, "soft": 7, "strong": 16}


@dataclass(frozen=True)
class Colours:
    """What one of the two schemes is painted with, each as `#rrggbb`."""

    accent: str
    paper: str
    surface: str
    ink: str
    said: str
    """The customer's own bubbles."""
    head: str


def light_of(theme: Theme) -> Colours:
    head = theme.accent if theme.header == "accent" else theme.surface
    return Colours(theme.accent, theme.paper, theme.surface, theme.ink, theme.said or theme.accent, head)


@lru_cache(maxsize=512)
def dark_of(theme: Theme) -> Colours:
    """The dark scheme: what was chosen for it, and the rest derived from the light one in the same hues."""
    paper = theme.dark_paper or shade_of(theme.paper, 0.19, most_chroma=0.03)
    surface = theme.dark_surface or shade_of(theme.surface if theme.surface != "#ffffff" else theme.paper, 0.24, 0.03)
    ink = theme.dark_ink or shade_of(theme.ink, 0.94, most_chroma=0.02)
    accent = theme.dark_accent or nearest_with(theme.accent, paper, VISIBLE)
    said = accent if not theme.said or theme.dark_accent else nearest_with(theme.said, paper, 1.5)
    return Colours(accent, paper, surface, ink, said, accent if theme.header == "accent" else surface)


@lru_cache(maxsize=512)
def tokens_of(theme: Theme) -> Mapping[str, Mapping[str, str]]:
    """The custom properties of the chat's style sheet.

    Returns:
        `light` and `dark`, what differs between the two; `both`, what does not.
    """
    light, dark = light_of(theme), dark_of(theme)
    return {
        "light": _scheme(light, shade=f"rgb(60 40 20/{SHADOWS[theme.shadow]}%)"),
        "dark": _scheme(dark, shade=f"rgb(0 0 0/{SHADOWS[theme.shadow] * 4}%)"),
        "both": {
            "--radius": f"{theme.corners}px",
            "--gap": f"{GAPS[theme.density]}px",
            "--font": FONTS[theme.font],
            "--size": f"{theme.text_size / 16:g}rem",
        },
    }


def css_of(theme: Theme) -> str:
    """The tokens as a style sheet; the scheme is chosen by `data-scheme` of the root, `auto` by the device."""
    tokens = tokens_of(theme)
    light, dark, both = (_declared(tokens[part]) for part in ("light", "dark", "both"))
    return (
        f':root{{{both}{light}color-scheme:light}}:root[data-scheme="dark"]{{{dark}color-scheme:dark}}'
        f'@media(prefers-color-scheme:dark){{:root[data-scheme="auto"]{{{dark}color-scheme:dark}}}}'
    )


def _scheme(colours: Colours, *, shade: str) -> Mapping[str, str]:
    paper, surface, ink = colours.paper, colours.surface, colours.ink
    is_plain = colours.head == surface
    on_head = ink if is_plain else text_on(colours.head)
    soft = _readable_on(between(ink, paper, 0.3), ink, paper, surface)
    fill = nearest_with(colours.accent, surface, VISIBLE)
    # The page tells which of the two fits: somebody may choose a dark one for the light scheme.
    warning, warning_paper = _WARNINGS[text_on(paper) == "#ffffff"]
    warning = _readable_on(warning, ink, paper, surface, warning_paper)
    return {
        "--paper": paper,
        "--surface": surface,
        "--ink": ink,
        "--soft": soft,
        "--line": between(surface, ink, 0.14),
        "--edge": nearest_with(between(surface, ink, 0.5), surface, VISIBLE),
        "--warning": warning,
        "--warning-paper": warning_paper if contrast(warning, warning_paper) >= READABLE else surface,
        "--fill": fill,
        "--on-fill": text_on(fill),
        "--said": colours.said,
        "--on-said": text_on(colours.said),
        "--head": colours.head,
        "--on-head": on_head,
        "--head-soft": soft if is_plain else on_head,
        "--face": colours.accent if is_plain else on_head,
        "--on-face": text_on(colours.accent) if is_plain else colours.head,
        "--shade": shade,
        # What the protected parts are painted with: custom CSS cannot set these (core/custom_css).
        "--protected-paper": paper,
        "--protected-soft": soft,
        "--protected-head": colours.head,
        "--protected-on-head": on_head,
    }


def _readable_on(colour: str, ink: str, *pages: str) -> str:
    """The nearest shade that can be read on all of the pages; where there is none, the words' own colour."""
    shade = nearest_on(colour, pages, READABLE)
    if shade is None and min(contrast(ink, page) for page in pages[:2]) >= READABLE:
        return ink
    return shade or text_on(pages[0])


def _declared(tokens: Mapping[str, str]) -> str:
    return "".join(f"{name}:{value};" for name, value in tokens.items())
