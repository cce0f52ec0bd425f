"""What to say about a look that works but could be read or seen better."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.widget_configs.colours import LIGHT_PAGE, READABLE, VISIBLE, contrast, nearest_on, nearest_with
from core.widget_configs.config import Theme
from core.widget_configs.fills import fill_of, gradient_of
from core.widget_configs.palettes import Colours, dark_of, light_of
from core.widget_configs.parts import Launcher

_TOO_LIVELY = (
    "Neither black nor white words could be read all over these two colours, so this one is shown darker, like this:"
)


@dataclass(frozen=True)
class Advice:
    field: str
    """The colour of the theme, or of the launcher (`colour`, `second_colour`), that is better changed."""
    sentence: str
    proposal: str
    """The nearest colour that passes (WCAG 2.2 AA)."""


def advice_on(theme: Theme, launcher: Launcher | None = None) -> tuple[Advice, ...]:
    """A warning for each pair of colours that is hard to read or see, with the nearest shade that is not.

    Whoever takes all of it, and what is said of the result, is done after three rounds. Words on the accent, on the
    header and in the customer's bubbles can always be read, as they are black where white would not do; soft words,
    warnings, edges and buttons within the chat are worked out so that they pass wherever the words do
    (`palettes`). Only the schemes that customers can see are checked.
    """
    found: dict[str, Advice] = {}
    for advice in (*_theme_advice(theme), *_launcher_advice(launcher or Launcher(), theme.accent)):
        found.setdefault(advice.field, advice)
    return tuple(found.values())


def _theme_advice(theme: Theme) -> Iterator[Advice]:
    if theme.scheme != "dark":
        light = light_of(theme)
        yield from _seen("accent", light.accent, LIGHT_PAGE, "on a white page")
        yield from _words("", "The words", light)
    if theme.scheme != "light":
        dark = dark_of(theme)
        yield from _seen("dark_accent", dark.accent, dark.paper, "on the dark background")
        yield from _words("dark_", "In dark mode, the words", dark)


def _launcher_advice(launcher: Launcher, accent: str) -> Iterator[Advice]:
    if launcher.fill == "image":
        return
    if launcher.fill == "gradient":
        ends = zip(("colour", "second_colour"), gradient_of(launcher, accent), fill_of(launcher, accent), strict=False)
        yield from (Advice(name, _TOO_LIVELY, shown) for name, chosen, shown in ends if chosen != shown)
        if launcher.second_colour:
            yield from _seen("second_colour", launcher.second_colour, LIGHT_PAGE, "on a white page")
    if launcher.colour:
        yield from _seen("colour", launcher.colour, LIGHT_PAGE, "on a white page")


def _seen(field: str, colour: str, page: str, where: str) -> Iterator[Advice]:
    if contrast(colour, page) < VISIBLE:
        sentence = f"Buttons in this colour are hard to see {where}. This shade is easy to see:"
        yield Advice(field, sentence, nearest_with(colour, page, VISIBLE))


def _words(prefix: str, words: str, colours: Colours) -> Iterator[Advice]:
    """The words have to be readable behind the messages and in the agent's bubbles."""
    ink, paper, surface = colours.ink, colours.paper, colours.surface
    on_paper, on_surface = (contrast(ink, page) >= READABLE for page in (paper, surface))
    if on_paper and on_surface:
        return
    where = "in the agent’s bubbles" if on_paper else "on the background"
    sentence = f"{words} are hard to read {where}. This shade is easy to read:"
    shade = nearest_on(ink, (paper, surface), READABLE)
    if shade or not on_paper:
        yield Advice(f"{prefix}ink", sentence, shade or nearest_with(ink, paper, READABLE))
    else:
        # No shade of the words can be read on both: the bubbles have to give way.
        yield Advice(f"{prefix}surface", sentence, nearest_with(surface, ink, READABLE))
