"""What to say about a look that works but could be seen better."""

from dataclasses import dataclass

from core.widget_configs.colours import LIGHT_PAGE, VISIBLE, contrast, nearest_visible
from core.widget_configs.config import Theme


@dataclass(frozen=True)
class Advice:
    sentence: str
    proposal: str
    """The nearest colour that can be seen."""


def advice_on(theme: Theme) -> Advice | None:
    """A warning where the accent is hard to see, with the nearest shade that is not.

    Words on the accent can always be read, as they are black where white would not do. In dark mode the widget takes
    a lighter shade by itself, so only the light one is checked.
    """
    if theme.scheme == "dark":
        return None
    if contrast(theme.accent, LIGHT_PAGE) >= VISIBLE:
        return None
    return Advice(
        "Buttons in this colour are hard to see on a white page. This darker shade is easy to see:",
        nearest_visible(theme.accent, LIGHT_PAGE),
    )
