"""What to say about a look that works but could be read better."""

from dataclasses import dataclass

from core.widget_configs.colours import LIGHT_PAGE, READABLE, contrast, nearest_readable
from core.widget_configs.config import Theme


@dataclass(frozen=True)
class Advice:
    sentence: str
    proposal: str
    """The nearest colour that can be read."""


def advice_on(theme: Theme) -> Advice | None:
    """A warning where the accent could not be read (WCAG 2.2, 1.4.3), with the nearest shade that can.

    In dark mode the widget finds a lighter shade by itself, so only the light one is checked.
    """
    if theme.scheme == "dark":
        return None
    found = contrast(theme.accent, LIGHT_PAGE)
    if found >= READABLE:
        return None
    # Rounded down: 4.49 must not be told as 4.5.
    return Advice(
        f"Links and buttons in this colour are hard to read on white: contrast {int(found * 10) / 10}, "
        f"and {READABLE} is needed.",
        nearest_readable(theme.accent, LIGHT_PAGE),
    )
