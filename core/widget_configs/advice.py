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
    found = contrast(theme.accent, LIGHT_PAGE)
    if found >= VISIBLE:
        return None
    # Rounded down: 2.99 must not be told as 3.
    return Advice(
        f"Buttons in this colour are hard to see on white: their contrast is {int(found * 10) / 10}, and "
        f"{VISIBLE:g} is needed.",
        nearest_visible(theme.accent, LIGHT_PAGE),
    )
