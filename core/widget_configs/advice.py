"""What to say about a look that works but could be read or seen better."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.widget_configs.colours import LIGHT_PAGE, READABLE, VISIBLE, contrast, nearest_with
from core.widget_configs.config import Theme
from core.widget_configs.palettes import dark_of, light_of


@dataclass(frozen=True)
class Advice:
    field: str
    """The colour of the theme that is better changed."""
    sentence: str
    proposal: str
    """The nearest colour that passes (WCAG 2.2 AA)."""


def advice_on(theme: Theme) -> tuple[Advice, ...]:
    """A warning for each pair of colours that is hard to read or see, with the nearest shade that is not.

    Words on the accent, on the header and in the customer's bubbles can always be read, as they are black where
    white would not do. Only the schemes that customers can see are checked.
    """
    found: dict[str, Advice] = {}
    for advice in _all_advice(theme):
        found.setdefault(advice.field, advice)
    return tuple(found.values())


def _all_advice(theme: Theme) -> Iterator[Advice]:
    if theme.scheme != "dark":
        light = light_of(theme)
        yield from _seen("accent", light.accent, LIGHT_PAGE, "on a white page")
        yield from _read("ink", light.ink, light.paper, "The words are hard to read on the background")
        yield from _read("ink", light.ink, light.surface, "The words are hard to read in the agent’s bubbles")
    if theme.scheme != "light":
        dark = dark_of(theme)
        yield from _seen("dark_accent", dark.accent, dark.paper, "on the dark background")
        yield from _read("dark_ink", dark.ink, dark.paper, "In dark mode, the words are hard to read on the background")
        yield from _read("dark_ink", dark.ink, dark.surface, "In dark mode, the words are hard to read in the bubbles")


def _seen(field: str, colour: str, page: str, where: str) -> Iterator[Advice]:
    if contrast(colour, page) < VISIBLE:
        sentence = f"Buttons in this colour are hard to see {where}. This shade is easy to see:"
        yield Advice(field, sentence, nearest_with(colour, page, VISIBLE))


def _read(field: str, colour: str, page: str, sentence: str) -> Iterator[Advice]:
    if contrast(colour, page) < READABLE:
        yield Advice(field, f"{sentence}. This shade is easy to read:", nearest_with(colour, page, READABLE))
