"""What the launcher is painted with."""

from core.widget_configs.colours import READABLE, contrast, nearest_with, text_on
from core.widget_configs.parts import Launcher

_STEPS = 16
"""How closely a gradient is looked at."""


def gradient_of(launcher: Launcher, accent: str) -> tuple[str, str]:
    """The ends of a gradient as they were chosen; an end that was not is derived, away from the words on the other."""
    one = launcher.colour or accent
    away = "#000000" if text_on(one) == "#ffffff" else "#ffffff"
    return one, launcher.second_colour or mixed(one, away, 0.3)


def fill_of(launcher: Launcher, accent: str) -> tuple[str, str, str]:
    """What the launcher is painted with: the colours at both ends, and that of the words on it.

    Words can be read everywhere on it (WCAG 2.2, 1.4.3): where neither black nor white could be, both ends darken.
    """
    one, other = gradient_of(launcher, accent)
    if launcher.fill != "gradient":
        return one, one, text_on(one)
    for on in ("#ffffff", "#000000"):
        if all(contrast(on, mixed(one, other, step / _STEPS)) >= READABLE for step in range(_STEPS + 1)):
            return one, other, on
    # Nothing between two colours is brighter than both of them, so white stays readable all the way.
    return nearest_with(one, "#ffffff", READABLE), nearest_with(other, "#ffffff", READABLE), "#ffffff"


def mixed(one: str, other: str, part: float) -> str:
    """A colour on the way from one to another as browsers draw a gradient: straight through sRGB."""
    ends = ([int(colour[start : start + 2], 16) for start in (1, 3, 5)] for colour in (one, other))
    return "#" + "".join(f"{round(begin + (end - begin) * part):02x}" for begin, end in zip(*ends, strict=True))
