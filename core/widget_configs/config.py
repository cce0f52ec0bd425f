"""The settings of a widget, whole and valid."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

SCHEMES = ("auto", "light", "dark")
POSITIONS = tuple(f"{row}-{column}" for row in ("top", "middle", "bottom") for column in ("left", "center", "right"))
ICONS = ("chat", "question", "wave", "spark")
FEATURES: Mapping[str, bool] = {"handoff": True}
MOST_QUESTIONS = 6


@dataclass(frozen=True)
class Theme:
    accent: str = "#b4490f"
    scheme: str = "auto"


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
