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
from core.widget_configs.translations import spoken
from core.widget_words import LANGUAGES


def previewed_look_of(config: WidgetConfig) -> dict[str, Any]:
    """The look for the live preview, which takes along what else the frame fetches or is served with."""
    is_used = config.custom_css and config.custom_css_is_on
    said, others = _said(config), {}
    for language in LANGUAGES:
        here = _said(spoken(config, language))
        others[language] = {name: value for name, value in here.items() if value != said[name]}
    told = {
        "features": dict(config.features),
        "inLanguages": {language: texts for language, texts in others.items() if texts},
        # The frame is loaded anew when these change.
        "speaks": [config.language, config.own_language, sorted(map(str, config.words.items()))],
    }
    look = look_of(config)
    # The page under a live preview is none of the website's, and its button may come back with the next change.
    look["launcher"].pop("pages", None)
    if look["launcher"].pop("bare", False):
        look["launcher"]["css"] += "::slotted(button){display:none}"
    return look | said | told | ({"customCss": sanitize(config.custom_css).css} if is_used else {})


def _said(config: WidgetConfig) -> dict[str, Any]:
    """What of a preview's look is words."""
    return {
        "greeting": greetings.fill(config.greeting, {"agent.name": config.name}),
        "suggestions": list(config.suggested_questions),
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
        "avatar": picture_url(config.brand.avatar),
        "launcher": launcher_of(config) | ({"greeting": greeting, "trigger": min(delays)} if delays else {}),
    }
