"""The parts of a widget's settings, each whole and valid."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

POSITIONS = tuple(f"{row}-{column}" for row in ("top", "middle", "bottom") for column in ("left", "center", "right"))
ICONS = ("chat", "question", "wave", "spark")
FILLS = ("solid", "gradient", "image")
SCREENS = ("all", "phone", "desktop")
LOGO_TONES = ("", "dark", "light")
PAGE_RULES = ("all", "only", "except")
LAUNCHER_MEASURES: Mapping[str, tuple[int, int]] = {
    "size": (40, 80),
    "side": (0, 200),
    "edge": (0, 200),
    "phone_size": (40, 80),
    "phone_side": (0, 200),
    "phone_edge": (0, 200),
    "full_screen_below": (0, 1200),
    "layer": (1, 2147483647),
}
"""The measures of a launcher, in CSS pixels but for its layer, with the least and the most."""
VISITORS = ("any", "new", "returning")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIELD_KINDS = ("text", "email", "phone", "choice")
MOST_FIELDS = 6
MOST_GREETINGS = 10
MOST_TRIGGERS = 10
TRIGGER_ACTIONS = ("greet", "open")
CAPS = ("visit", "day", "week", "ever", "always")
"""How often one trigger may act for one visitor: once in a visit, a day, a week, ever, or on every page."""


@dataclass(frozen=True)
class Brand:
    """Pictures of the business, each the id of one that was uploaded, or empty."""

    avatar: str = ""
    """Stands for the agent, in the header and beside its messages; its first letter when empty."""
    logo: str = ""
    """Stands above the greeting."""
    logo_tone: str = ""
    """`dark` or `light`: the page on which the logo would be lost, read from its pixels; nothing for most."""


def picture_url(picture_id: str) -> str:
    """The public address of a picture, on our own host; nothing for none."""
    return f"/pictures/{picture_id}.webp" if picture_id else ""


@dataclass(frozen=True)
class Launcher:
    """The button on the website's pages, and where it and the window stand."""

    icon: str = "chat"
    text: str = ""
    fill: str = "solid"
    colour: str = ""
    """As `#rrggbb`; the accent when empty."""
    second_colour: str = ""
    """Where a gradient ends; derived when empty."""
    image: str = ""
    """The id of an uploaded picture, for the fill `image`."""
    size: int = 56
    side: int = 20
    """From the left or right edge of the page, in CSS pixels."""
    edge: int = 20
    """From the upper or lower edge of the page, in CSS pixels."""
    phone_position: str = ""
    """As on a desktop when empty."""
    phone_size: int = 56
    phone_side: int = 20
    phone_edge: int = 20
    layer: int = 999999999
    """Its z-index."""
    full_screen_below: int = 480
    """The window fills pages narrower than this; 0: never."""
    screens: str = "all"
    """Where it is shown."""
    badge: bool = True
    """Whether it counts unread messages."""
    opener: str = ""
    """A CSS selector of the website's own element that opens the chat, too."""
    bubble: bool = True
    """Whether there is a button of ours beside that element."""
    page_rule: str = "all"
    pages: tuple[str, ...] = ()
    """Paths like `/pricing` or `/blog/*`, for the rules `only` and `except`."""


@dataclass(frozen=True)
class Greeting:
    """What is said instead of the usual greeting, where all of its conditions hold; the first one that fits counts."""

    text: str
    visitor: str = "any"
    pages: str = ""
    """A path like `/pricing` or `/blog/*`; every page when empty."""
    begins: str = ""
    """A time of day like `06:00`, of the visitor's clock; with `ends`, which may be earlier (over midnight)."""
    ends: str = ""


@dataclass(frozen=True)
class Hours:
    """When people of the business are there."""

    is_on: bool = False
    """People count as there at any time when this is off."""
    time_zone: str = "UTC"
    days: Mapping[str, tuple[tuple[str, str], ...]] = field(
        default_factory=lambda: {day: ((("09:00", "17:00"),) if day in DAYS[:5] else ()) for day in DAYS}
    )
    """Of each day, from when to when: `{"mon": (("09:00", "12:00"), ("13:00", "17:00")), …}`."""
    holidays: tuple[str, ...] = ()
    """Days off: `2026-12-24`, or `12-25` for every year."""
    away: str = ""
    """What is said outside these hours; words of our own when empty."""


@dataclass(frozen=True)
class Field:
    """What is asked before a chat."""

    key: str
    """`name`, `email`, `phone`, or a short name of its own, in which the answer is kept of the customer."""
    label: str
    kind: str = "text"
    choices: tuple[str, ...] = ()
    is_required: bool = False

    def as_json(self) -> dict[str, Any]:
        """For the widget's API (docs/widget-api.md)."""
        return {
            "key": self.key,
            "label": self.label,
            "kind": self.kind,
            "choices": list(self.choices),
            "isRequired": self.is_required,
        }


@dataclass(frozen=True)
class PreChat:
    """A form before the first message; what the website has told already is not asked."""

    is_on: bool = False
    intro: str = ""
    fields: tuple[Field, ...] = (Field("name", "Your name"), Field("email", "Your e-mail address", "email"))


@dataclass(frozen=True)
class Consent:
    """A line about what happens to what customers write."""

    is_on: bool = False
    text: str = "By chatting here you agree to our privacy policy."
    link: str = ""
    """The address of the privacy policy."""
    must_agree: bool = False
    """Whether somebody has to agree before the first message."""


@dataclass(frozen=True)
class Trigger:
    """Greets or opens by itself, once all of its conditions hold."""

    after_seconds: int | None = None
    """Seconds on this page."""
    scrolled: int | None = None
    """How far down the page, in percent."""
    on_exit: bool = False
    """The pointer leaves the page upwards."""
    idle_seconds: int | None = None
    """Seconds with no sign of the visitor."""
    event: str = ""
    """A `customer-agent:…` event of the page, by its name."""
    value: str = ""
    """A number that the website tells with `setContext`, like `cartValue`."""
    at_least: float = 0.0
    """What `value` has to reach."""
    pages: str = ""
    visitor: str = "any"
    nth_page: int | None = None
    """From this page of the visit on."""
    in_hours: bool = False
    """Only when people are there."""
    does: str = "greet"
    text: str = ""
    """What is said; the greeting when empty."""
    cap: str = "visit"
    after_dismissal: bool = False
    """Whether it may come again after the visitor has sent it away."""
