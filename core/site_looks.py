"""Reads the name, colours and letters of somebody's website, and proposes a theme that fits it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import tinycss2

from core import websites
from core.errors import Conflict
from core.texts import clean_line, html_to_read
from core.widget_configs.colours import LIGHT_PAGE, READABLE, VISIBLE, contrast, liveliness, nearest_with, read_colour
from core.widget_configs.config import Theme
from gateways.outgoing import Limits, OutgoingError, fetch

_PAGE = Limits(seconds=8, connect_seconds=4, bytes=3 * 1024 * 1024, redirects=5)
_SHEET = Limits(seconds=4, connect_seconds=3, bytes=600 * 1024, redirects=3)
_ICON = Limits(seconds=4, connect_seconds=3, bytes=1024 * 1024, redirects=3)
_MOST_SHEETS = 4
# Smaller ones would be blurred; the size of what a page names without one is not known.
_SMALLEST_ICON = 48
_MOST_RULES = 20_000
_LIVELY = 0.05
"""The chroma (OKLCH) from which a colour is one, and not a grey."""
_BRAND = re.compile(r"--[\w-]*(brand|primary|accent|theme)[\w-]*", re.IGNORECASE)
_BUTTON = re.compile(r"btn|button|cta", re.IGNORECASE)
_WHOLE_PAGE = re.compile(r"(?:^|[\s,])(?:html|body|:root)(?:$|[\s,])", re.IGNORECASE)
_OURS = tuple(
    (font, re.compile(rf"_*{family}(?:[ _-]?(?:var|variable|[0-9a-f]{{6}}))?", re.IGNORECASE))
    for font, family in (
        ("inter", "inter"),
        ("nunito", "nunito"),
        ("manrope", "manrope"),
        ("source-serif", "source[ _]serif(?:[ _](?:4|pro))?"),
        ("lora", "lora"),
        ("jetbrains-mono", "jetbrains[ _]?mono"),
    )
)
"""The very families that we serve, also as builders of sites rename them."""
_FAMILIES = (
    ("rounded", re.compile(r"nunito|quicksand|comfortaa|varela|rounded|fredoka", re.IGNORECASE)),
    ("geometric", re.compile(r"montserrat|poppins|avenir|futura|gothic|urbanist|outfit|raleway|jost", re.IGNORECASE)),
    ("mono", re.compile(r"mono|courier|consolas|menlo", re.IGNORECASE)),
    ("humanist", re.compile(r"lato|open sans|source sans|ubuntu|calibri|gill|fira|noto sans|verdana", re.IGNORECASE)),
    ("system", re.compile(r"system-ui|-apple-system|segoe|roboto|inter|helvetica|arial|sans-serif", re.IGNORECASE)),
    ("serif", re.compile(r"serif|georgia|times|garamond|playfair|merriweather|charter|cambria|lora", re.IGNORECASE)),
)


@dataclass(frozen=True)
class SiteLook:
    """What a website looks like, as far as its first page tells."""

    name: str = ""
    accent: str | None = None
    paper: str | None = None
    ink: str | None = None
    font: str | None = None
    """One of the fonts of a theme."""
    icon: str = ""
    """The address of its picture."""

    @property
    def is_told(self) -> bool:
        return any((self.accent, self.paper, self.ink, self.font, self.icon))


def visit(address: str, *, allow_private: bool) -> SiteLook:
    """Go to a website and read its look.

    Args:
        address: as somebody typed it.
        allow_private: whether pages of the own network may be asked.

    Raises:
        Invalid: when it is no address of a website.
        Conflict: when it cannot be opened, or its page tells nothing of a look.
    """
    url = websites.read_site(address)
    try:
        response = fetch(url, headers={"Accept": "text/html"}, limits=_PAGE, allow_private=allow_private)
    except OutgoingError as refusal:
        raise Conflict(f"The website could not be opened. {refusal}") from None
    if response.status >= 400:
        raise Conflict(f"The website answered with the error {response.status}.")
    page = _Page(response.url)
    page.feed(html_to_read(response.body))
    sheets = [*page.styles, *_sheets(page.sheets, allow_private=allow_private)]
    look = replace(read(page.name, page.theme_colour, sheets), icon=page.icon)
    if not look.is_told:
        raise Conflict("This page tells nothing about its colours. Choose them below.")
    return look


def fetch_icon(look: SiteLook, *, allow_private: bool) -> bytes | None:
    """The file of the site's picture, as it was sent; nothing when there is none, or it cannot be had."""
    if not look.icon:
        return None
    try:
        response = fetch(look.icon, headers={"Accept": "image/*"}, limits=_ICON, allow_private=allow_private)
    except OutgoingError:
        return None
    return response.body if response.status < 400 and response.body else None


def read(name: str, theme_colour: str, sheets: Iterable[str]) -> SiteLook:
    """The look that a page's name, its `theme-color` and its style sheets tell."""
    found = _Found()
    told = read_colour(theme_colour)
    if told and liveliness(told) >= _LIVELY:
        found.accents[told] += 40
    for sheet in sheets:
        try:
            for selector, prop, value in _declarations(sheet):
                found.take(selector, prop, value)
        except RecursionError:
            # Brackets in brackets without end: nobody's look.
            continue
    paper, ink = found.paper, found.ink
    if paper and contrast(paper, "#000000") < READABLE * 2:
        # A dark site: its colours belong to the dark scheme, and are better derived.
        paper = ink = None
    accent = next((colour for colour, _weight in found.accents.most_common(1)), None)
    return SiteLook(clean_line(name)[:60], accent, paper, ink, found.font)


def theme_for(look: SiteLook, base: Theme) -> Theme:
    """A theme in which the website's look comes through; each colour can be read and seen."""
    accent = nearest_with(look.accent, LIGHT_PAGE, VISIBLE) if look.accent else base.accent
    paper = look.paper or base.paper
    ink = nearest_with(look.ink or base.ink, paper, READABLE)
    changed = replace(base, accent=accent, paper=paper, ink=ink, font=look.font or base.font, said="")
    return replace(changed, dark_accent="", dark_paper="", dark_surface="", dark_ink="", surface="#ffffff")


class _Found:
    def __init__(self) -> None:
        self.accents: Counter[str] = Counter()
        self.paper: str | None = None
        self.ink: str | None = None
        self.font: str | None = None

    def take(self, selector: str, prop: str, value: str) -> None:
        is_whole = bool(_WHOLE_PAGE.search(selector))
        if prop == "font-family" and is_whole:
            self.font = _font_in(value) or self.font
        if not (prop.startswith("--") or prop in ("color", "background", "background-color", "border-color", "fill")):
            return
        colour = _colour_in(value)
        if colour is None:
            return
        if is_whole and prop in ("background", "background-color"):
            self.paper = colour
        elif is_whole and prop == "color":
            self.ink = colour
        elif liveliness(colour) >= _LIVELY:
            self.accents[colour] += _weight(selector, prop)


def _font_in(value: str) -> str | None:
    """The font that a site's is, or the one most like its stack."""
    first = value.split(",", maxsplit=1)[0].strip().strip("\"'").strip()
    same = next((font for font, name in _OURS if name.fullmatch(first)), None)
    return same or next((font for font, names in _FAMILIES if names.search(value)), None)


def _weight(selector: str, prop: str) -> int:
    if _BRAND.fullmatch(prop):
        return 50
    if _BUTTON.search(selector) and prop.startswith("background"):
        return 10
    return 2 if prop.startswith("background") else 1


def _colour_in(value: str) -> str | None:
    """The colour that a value is, alone or as its first word."""
    text = value.strip().removesuffix("!important").strip()
    if len(text) > 200:
        return None
    return read_colour(text) or (read_colour(text.split()[0]) if text.split() else None)


def _declarations(sheet: str) -> Iterator[tuple[str, str, str]]:
    rules = tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)
    for rule in rules[:_MOST_RULES]:
        if rule.type != "qualified-rule":
            continue
        selector = tinycss2.serialize(rule.prelude)[:500]
        for part in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True):
            if part.type == "declaration":
                yield selector, part.lower_name, tinycss2.serialize(part.value)


def _sheets(addresses: list[str], *, allow_private: bool) -> Iterator[str]:
    for address in addresses[:_MOST_SHEETS]:
        try:
            response = fetch(address, headers={"Accept": "text/css"}, limits=_SHEET, allow_private=allow_private)
        except OutgoingError:
            continue
        if response.status < 400:
            yield response.body.decode("utf-8", "replace")


def _business_in(title: str, address: str) -> str:
    """«Lamps – Lantern & Loom»: the part that the address spells, too, or else the one after the last dash."""
    parts = re.split(r"\s[|–—·-]\s", title)
    labels = (urlsplit(address).hostname or "").replace("-", "").split(".")
    spelled = (part for part in parts if any(_letters(part.replace("&", sign)) in labels for sign in ("", "and")))
    return next(spelled, parts[-1])


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text.lower())


class _Page(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.name = ""
        self.theme_colour = ""
        self.sheets: list[str] = []
        self.styles: list[str] = []
        self._address = address
        self._icons: dict[int, str] = {}
        self._inside = ""
        self._title = ""

    @property
    def icon(self) -> str:
        """The largest picture that the page names for itself, of a kind that can be read; the address only."""
        return self._icons[max(self._icons)] if self._icons else ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self._inside = tag if tag in ("title", "style") else ""
        if tag == "meta" and given.get("property") == "og:site_name":
            self.name = given.get("content", "")
        elif tag == "meta" and given.get("name", "").lower() == "theme-color" and "media" not in given:
            self.theme_colour = given.get("content", "")
        elif tag == "link" and "stylesheet" in given.get("rel", "").lower().split() and given.get("href"):
            self._take_sheet(given["href"])
        elif tag == "link" and "icon" in given.get("rel", "").lower() and given.get("href"):
            self._take_icon(given)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""
        if tag == "title" and not self.name:
            self.name = _business_in(self._title, self._address)

    def handle_data(self, text: str) -> None:
        if self._inside == "style":
            self.styles.append(text[:600_000])
        elif self._inside == "title":
            self._title += text[:300]

    def _take_icon(self, given: dict[str, str]) -> None:
        is_touch = "apple-touch-icon" in given["rel"].lower()
        size = re.match(r"(\d{1,4})x\d", given.get("sizes", ""))
        width = int(size[1]) if size else (180 if is_touch else 0)
        path = given["href"].lower().partition("?")[0]
        if width < _SMALLEST_ICON or path.endswith((".svg", ".ico")) or "mask-icon" in given["rel"].lower():
            return
        try:
            self._icons.setdefault(width, urljoin(self._address, given["href"].strip()))
        except ValueError:
            return

    def _take_sheet(self, href: str) -> None:
        try:
            self.sheets.append(urljoin(self._address, href.strip()))
        except ValueError:
            return
