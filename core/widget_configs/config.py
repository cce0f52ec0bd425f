"""The settings of a widget, whole and valid."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from core.widget_configs.parts import Brand, Consent, Greeting, Hours, Launcher, PreChat, Trigger
from core.widget_words import LANGUAGES

SCHEMES = ("auto", "light", "dark")
FEATURES: Mapping[str, bool] = {
    "handoff": True,
    "attachments": True,
    "emoji": True,
    "sound": True,
    "transcript": True,
    "pop_out": True,
    "resize": True,
    "link_previews": False,
}
"""What the chat can do beside chatting, and whether it does unless somebody says otherwise."""
MOST_QUESTIONS = 6
LANGUAGE_CHOICES = ("page", "browser", *LANGUAGES)
"""`page`: as the page says, else as the browser prefers; `browser`: as the browser prefers; else that language."""
HEADERS = ("plain", "accent")
HEADER_LAYOUTS = ("start", "center")
DENSITIES = ("compact", "normal", "roomy")
SHADOWS = ("none", "soft", "strong")
PACKAGED_FONTS = ("inter", "nunito", "manrope", "source-serif", "lora", "jetbrains-mono")
"""Fonts that are served from our own host; their files come out of packages when the front end is built."""
FONTS = ("system", "humanist", "geometric", "rounded", "serif", "mono", *PACKAGED_FONTS)
COLOURS = ("accent", "paper", "surface", "ink")
"""The colours that are always there; `said` and the dark ones may be left to be derived."""
DERIVED_COLOURS = ("said", "dark_accent", "dark_paper", "dark_surface", "dark_ink")
MEASURES: Mapping[str, tuple[int, int]] = {
    "corners": (0, 28),
    "text_size": (14, 18),
    "width": (320, 560),
    "height": (440, 860),
}
"""The measures of a theme in CSS pixels, with the least and the most."""


@dataclass(frozen=True)
class Theme:
    """Colours as `#rrggbb`, or empty where they are derived; measures in CSS pixels."""

    accent: str = "#b4490f"
    scheme: str = "auto"
    paper: str = "#faf7f3"
    """Behind the messages."""
    surface: str = "#ffffff"
    """The agent's bubbles, the header and the field."""
    ink: str = "#2b2723"
    said: str = ""
    """The customer's bubbles; as the accent when empty."""
    header: str = "plain"
    header_layout: str = "start"
    corners: int = 18
    density: str = "normal"
    shadow: str = "soft"
    font: str = "system"
    text_size: int = 15
    width: int = 400
    height: int = 680
    dark_accent: str = ""
    dark_paper: str = ""
    dark_surface: str = ""
    dark_ink: str = ""


@dataclass(frozen=True)
class WidgetConfig:
    """What customers see. Made by `check` or `from_settings`, so that every value is one that can be shown."""

    name: str = "Assistant"
    greeting: str = "Hi there. What can I help you with?"
    suggested_questions: tuple[str, ...] = ()
    theme: Theme = field(default_factory=Theme)
    position: str = "bottom-right"
    launcher: Launcher = field(default_factory=Launcher)
    custom_css: str = ""
    features: Mapping[str, bool] = field(default_factory=lambda: dict(FEATURES))
    triggers: tuple[Trigger, ...] = ()
    custom_css_is_on: bool = True
    brand: Brand = field(default_factory=Brand)
    language: str = "page"
    """One of `LANGUAGE_CHOICES`."""
    own_language: str = "en"
    """The language in which the texts of these settings are written."""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Words that replace the shipped ones: `{"de": {"placeholder": "…"}}` (`core.widget_words`)."""
    greetings: tuple[Greeting, ...] = ()
    hours: Hours = field(default_factory=Hours)
    pre_chat: PreChat = field(default_factory=PreChat)
    consent: Consent = field(default_factory=Consent)

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> "WidgetConfig":
        """Read what the database holds: what is missing or no longer understood takes its default."""
        from core.widget_configs.checks import check

        return check(settings)[0]

    def as_settings(self) -> dict[str, Any]:
        """These settings as JSON, for the database."""
        settings: dict[str, Any] = _as_json(asdict(self))
        return settings


def _as_json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _as_json(part) for key, part in value.items()}
    return [_as_json(part) for part in value] if isinstance(value, list | tuple) else value
