"""How a widget looks and speaks: its settings, the draft, and the published versions."""

from core.widget_configs.advice import Advice, advice_on
from core.widget_configs.changes import Change, changes
from core.widget_configs.checks import check
from core.widget_configs.config import (
    COLOURS,
    DENSITIES,
    DERIVED_COLOURS,
    FEATURES,
    FONTS,
    HEADERS,
    ICONS,
    MEASURES,
    MOST_QUESTIONS,
    POSITIONS,
    SCHEMES,
    SHADOWS,
    Launcher,
    Theme,
    Trigger,
    WidgetConfig,
)
from core.widget_configs.look import look_of
from core.widget_configs.palettes import Colours, dark_of, light_of
from core.widget_configs.presets import PRESETS, Preset, preset_of
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
    "COLOURS",
    "DENSITIES",
    "DERIVED_COLOURS",
    "FEATURES",
    "FONTS",
    "HEADERS",
    "ICONS",
    "MEASURES",
    "MOST_QUESTIONS",
    "POSITIONS",
    "PRESETS",
    "SCHEMES",
    "SHADOWS",
    "Advice",
    "Change",
    "Colours",
    "Launcher",
    "Preset",
    "Theme",
    "Trigger",
    "WidgetConfig",
    "advice_on",
    "changes",
    "check",
    "dark_of",
    "discard",
    "draft",
    "drafted",
    "has_changes",
    "history",
    "light_of",
    "look_of",
    "preset_of",
    "publish",
    "published",
    "restore",
    "save_draft",
]
