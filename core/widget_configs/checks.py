"""Reads widget settings that somebody wrote, and says in words what cannot be used."""

from collections.abc import Mapping
from typing import Any

from core.custom_css import MAX_SIZE
from core.widget_configs.config import (
    COLOURS,
    DENSITIES,
    DERIVED_COLOURS,
    FEATURES,
    FONTS,
    HEADER_LAYOUTS,
    HEADERS,
    LANGUAGE_CHOICES,
    MEASURES,
    MOST_QUESTIONS,
    SCHEMES,
    SHADOWS,
    Theme,
    WidgetConfig,
)
from core.widget_configs.hours_checks import hours_of
from core.widget_configs.parts import (
    FILLS,
    ICONS,
    LAUNCHER_MEASURES,
    LOGO_TONES,
    PAGE_RULES,
    POSITIONS,
    SCREENS,
    Brand,
    Launcher,
)
from core.widget_configs.presets import PRESETS, preset_named
from core.widget_configs.reading import Reader
from core.widget_configs.talk_checks import consent_of, greetings_of, pre_chat_of, words_of
from core.widget_configs.trigger_checks import triggers_of
from core.widget_words import LANGUAGES

_THEME_CHOICES = {
    "scheme": SCHEMES,
    "header": HEADERS,
    "header_layout": HEADER_LAYOUTS,
    "density": DENSITIES,
    "shadow": SHADOWS,
    "font": FONTS,
}


def check(settings: Mapping[str, Any], *, base: WidgetConfig | None = None) -> tuple[WidgetConfig, dict[str, str]]:
    """Read settings from a form or a file.

    Args:
        settings: as `WidgetConfig.as_settings` writes them; every part may be missing, unknown keys are ignored.
        base: what a missing or unusable part stays at; the defaults when left out.

    Returns:
        Settings that can be shown in any case, and a sentence for each part that could not be used, by its name
        (like `greeting` or `theme.accent`).
    """
    reader = Reader(settings)
    base = base or WidgetConfig()
    config = WidgetConfig(
        name=reader.text("name", base.name, longest=60, what="name", needed=True),
        greeting=reader.greeting("greeting", base.greeting, longest=500, what="greeting", needed=True),
        suggested_questions=reader.texts(
            "suggested_questions",
            base.suggested_questions,
            most=MOST_QUESTIONS,
            longest=120,
            what="suggested questions",
        ),
        theme=_theme(reader, base.theme),
        position=reader.choice("position", base.position, POSITIONS),
        launcher=_launcher(reader, base.launcher),
        custom_css=reader.text("custom_css", base.custom_css, longest=MAX_SIZE, what="CSS", lines=True),
        features=_features(reader, base.features),
        triggers=triggers_of(reader, base.triggers),
        custom_css_is_on=reader.switch("custom_css_is_on", base.custom_css_is_on),
        brand=_brand(reader, base.brand),
        language=reader.choice("language", base.language, LANGUAGE_CHOICES),
        own_language=reader.choice("own_language", base.own_language, LANGUAGES),
        words=words_of(reader, base.words),
        greetings=greetings_of(reader, base.greetings),
        hours=hours_of(reader, base.hours),
        pre_chat=pre_chat_of(reader, base.pre_chat),
        consent=consent_of(reader, base.consent),
    )
    return config, reader.problems


def _theme(reader: Reader, base: Theme) -> Theme:
    theme = reader.part("theme")
    wanted = theme.raw("preset")
    preset = preset_named(wanted)
    if preset is not None:
        base = preset.theme
    elif wanted is not None:
        theme.refuse("preset", f"Choose one of {', '.join(one.key for one in PRESETS)}.")
    values: dict[str, Any] = {
        name: theme.colour(name, getattr(base, name), may_be_empty=name in DERIVED_COLOURS)
        for name in (*COLOURS, *DERIVED_COLOURS)
    }
    values |= {name: theme.number(name, getattr(base, name), *MEASURES[name]) for name in MEASURES}
    values |= {name: theme.choice(name, getattr(base, name), choices) for name, choices in _THEME_CHOICES.items()}
    return Theme(**values)


def _launcher(reader: Reader, base: Launcher) -> Launcher:
    launcher = reader.part("launcher")
    measures = {name: launcher.number(name, getattr(base, name), *bounds) for name, bounds in LAUNCHER_MEASURES.items()}
    return Launcher(
        icon=launcher.choice("icon", base.icon, ICONS),
        text=launcher.text("text", base.text, longest=30, what="text beside the icon"),
        fill=launcher.choice("fill", base.fill, FILLS),
        colour=launcher.colour("colour", base.colour, may_be_empty=True),
        second_colour=launcher.colour("second_colour", base.second_colour, may_be_empty=True),
        image=launcher.picture("image", base.image),
        phone_position=launcher.choice("phone_position", base.phone_position, ("", *POSITIONS)),
        screens=launcher.choice("screens", base.screens, SCREENS),
        badge=launcher.switch("badge", base.badge),
        opener=launcher.selector("opener", base.opener),
        bubble=launcher.switch("bubble", base.bubble),
        page_rule=launcher.choice("page_rule", base.page_rule, PAGE_RULES),
        pages=launcher.page_list("pages", base.pages),
        **measures,
    )


def _brand(reader: Reader, base: Brand) -> Brand:
    brand = reader.part("brand")
    return Brand(
        avatar=brand.picture("avatar", base.avatar),
        logo=brand.picture("logo", base.logo),
        logo_tone=brand.choice("logo_tone", base.logo_tone, LOGO_TONES),
    )


def _features(reader: Reader, base: Mapping[str, bool]) -> Mapping[str, bool]:
    features = reader.part("features")
    return {name: features.switch(name, base.get(name, usual)) for name, usual in FEATURES.items()}
