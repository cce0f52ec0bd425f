"""What the browser gets to know of the settings."""

from typing import Any

from core import greetings
from core.custom_css import sanitize
from core.widget_configs.arrangements import arranged
from core.widget_configs.colours import text_on
from core.widget_configs.config import WidgetConfig
from core.widget_configs.launchers import launcher_of
from core.widget_configs.palettes import css_of
from core.widget_configs.parts import picture_url


def previewed_look_of(config: WidgetConfig) -> dict[str, Any]:
    """The look for the live preview, which takes along what else the frame fetches or is served with."""
    is_used = config.custom_css and config.custom_css_is_on
    talk = {
        "features": dict(config.features),
        "preChat": {
            "isOn": config.pre_chat.is_on,
            "intro": config.pre_chat.intro,
            "fields": [field.as_json() for field in config.pre_chat.fields],
        },
        "consent": {
            "isOn": config.consent.is_on,
            "text": config.consent.text,
            "link": config.consent.link,
            "mustAgree": config.consent.must_agree,
        },
    }
    look = look_of(config)
    # The page under a live preview is none of the website's.
    look["launcher"].pop("pages", None)
    return look | talk | ({"customCss": sanitize(config.custom_css).css} if is_used else {})


def look_of(config: WidgetConfig) -> dict[str, Any]:
    """The look as the frame and the preview take it; its `launcher` is what the loader takes (docs/widget-api.md)."""
    # 0 would read as never in the loader.
    delays = [trigger.after_seconds or 0.1 for trigger in config.triggers if trigger.after_seconds is not None]
    greeting = greetings.fill(config.greeting, {"agent.name": config.name})
    return {
        "name": config.name,
        "greeting": greeting,
        "suggestions": list(config.suggested_questions),
        "accent": config.theme.accent,
        "onAccent": text_on(config.theme.accent),
        "scheme": config.theme.scheme,
        "css": css_of(config.theme) + arranged(config.theme, config.brand),
        "font": config.theme.font,
        "logo": picture_url(config.brand.logo),
        "launcher": launcher_of(config) | ({"greeting": greeting, "trigger": min(delays)} if delays else {}),
    }
