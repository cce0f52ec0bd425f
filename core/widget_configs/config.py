"""The settings of a widget, whole and valid."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

SCHEMES = ("auto", "light", "dark")
POSITIONS = tuple(f"{row}-{column}" for row in ("top", "middle", "bottom") for column in ("left", "center", "right"))
ICONS = ("chat", "question", "wave", "spark")
FEATURES: Mapping[str, bool] = {"handoff": True}
MOST_QUESTIONS = 6


HEADERS = ("plain", "accent")
DENSITIES = ("compact", "normal", "roomy")
SHADOWS = ("none", "soft", "strong")
FONTS = ("system", "humanist", "geometric", "rounded", "serif", "mono")
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
class Launcher:
    icon: str = "chat"
    text: str = ""


@dataclass(frozen=True)
class Trigger:
    """The chat opens by itself after this time on a page."""

    after_seconds: int


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

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> "WidgetConfig":
        """Read what the database holds: what is missing or no longer understood takes its default."""
        from core.widget_configs.checks import check

        return check(settings)[0]

    def as_settings(self) -> dict[str, Any]:
        """These settings as JSON, for the database."""
        return {
            **asdict(self),
            "suggested_questions": list(self.suggested_questions),
            "triggers": [asdict(trigger) for trigger in self.triggers],
            "features": dict(self.features),
        }
