"""What the browser gets to know of the settings."""

from typing import Any

from core import greetings
from core.custom_css import sanitize
from core.widget_configs.arrangements import arranged
from core.widget_configs.colours import text_on
from core.widget_configs.config import WidgetConfig
from core.widget_configs.palettes import css_of, dark_of
from core.widget_configs.parts import picture_url


def previewed_look_of(config: WidgetConfig) -> dict[str, Any]:
    """The look for the live preview, which cannot fetch a draft's own CSS: it takes it along."""
    is_used = config.custom_css and config.custom_css_is_on
    return look_of(config) | ({"customCss": sanitize(config.custom_css).css} if is_used else {})


def look_of(config: WidgetConfig) -> dict[str, Any]:
    """The look as the loader, the frame and the preview take it (docs/widget-api.md)."""
    accent = config.theme.accent
    accent_dark = dark_of(config.theme).accent
    # 0 would read as never in the loader.
    delays = [trigger.after_seconds or 0.1 for trigger in config.triggers if trigger.after_seconds is not None]
    return {
        "name": config.name,
        "greeting": greetings.fill(config.greeting, {"agent.name": config.name}),
        "suggestions": list(config.suggested_questions),
        "accent": accent,
        "onAccent": text_on(accent),
        "accentDark": accent_dark,
        "onAccentDark": text_on(accent_dark),
        "scheme": config.theme.scheme,
        "css": css_of(config.theme) + arranged(config.theme, config.brand),
        "corners": config.theme.corners,
        "width": config.theme.width,
        "height": config.theme.height,
        "position": config.position,
        "icon": config.launcher.icon,
        "text": config.launcher.text,
        "font": config.theme.font,
        "logo": picture_url(config.brand.logo),
        "trigger": min(delays, default=None),
    }
