"""What the browser gets to know of the settings."""

from typing import Any

from core.widget_configs.colours import DARK_PAGE, nearest_visible, text_on
from core.widget_configs.config import WidgetConfig


def look_of(config: WidgetConfig) -> dict[str, Any]:
    """The look as the loader, the frame and the preview take it (docs/widget-api.md)."""
    accent = config.theme.accent
    accent_dark = nearest_visible(accent, DARK_PAGE)
    delays = [trigger.after_seconds for trigger in config.triggers]
    return {
        "name": config.name,
        "greeting": config.greeting,
        "suggestions": list(config.suggested_questions),
        "accent": accent,
        "onAccent": text_on(accent),
        "accentDark": accent_dark,
        "onAccentDark": text_on(accent_dark),
        "scheme": config.theme.scheme,
        "position": config.position,
        "icon": config.launcher.icon,
        "text": config.launcher.text,
        "trigger": min(delays, default=None),
    }
