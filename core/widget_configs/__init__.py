"""How a widget looks and speaks: its settings, the draft, and the published versions."""

from core.widget_configs.advice import Advice, advice_on
from core.widget_configs.checks import check
from core.widget_configs.config import (
    FEATURES,
    ICONS,
    MOST_QUESTIONS,
    POSITIONS,
    SCHEMES,
    Launcher,
    Theme,
    Trigger,
    WidgetConfig,
)
from core.widget_configs.look import look_of
from core.widget_configs.versions import (
    discard,
    draft,
    drafted,
    has_changes,
    history,
    publish,
    published,
    restore,
    save_draft,
)

__all__ = [
    "FEATURES",
    "ICONS",
    "MOST_QUESTIONS",
    "POSITIONS",
    "SCHEMES",
    "Advice",
    "Launcher",
    "Theme",
    "Trigger",
    "WidgetConfig",
    "advice_on",
    "check",
    "discard",
    "draft",
    "drafted",
    "has_changes",
    "history",
    "look_of",
    "publish",
    "published",
    "restore",
    "save_draft",
]
