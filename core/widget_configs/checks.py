"""Reads widget settings that somebody wrote, and says in words what cannot be used."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from core.custom_css import MAX_SIZE
from core.widget_configs.colours import read_colour
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
from core.widget_configs.presets import PRESETS, preset_named

# Words that people coming from other chats use for the same setting.
_SAME = {
    "accent": ("accent_color", "accentColor", "primary", "primary_color", "primaryColor", "color"),
    "scheme": ("mode", "color_scheme", "colorScheme"),
    "after_seconds": ("delay_seconds", "afterSeconds", "seconds", "delay"),
}
_THEME_CHOICES = {
    "scheme": SCHEMES,
    "header": HEADERS,
    "density": DENSITIES,
    "shadow": SHADOWS,
    "font": FONTS,
}
_LONGEST_DELAY = 3600
_MOST_TRIGGERS = 10


def check(settings: Mapping[str, Any], *, base: WidgetConfig | None = None) -> tuple[WidgetConfig, dict[str, str]]:
    """Read settings from a form or a file.

    Args:
        settings: as `WidgetConfig.as_settings` writes them; every part may be missing, unknown keys are ignored.
        base: what a missing or unusable part stays at; the defaults when left out.

    Returns:
        Settings that can be shown in any case, and a sentence for each part that could not be used, by its name
        (like `greeting` or `theme.accent`).
    """
    reader = _Reader(settings)
    base = base or WidgetConfig()
    config = WidgetConfig(
        name=reader.text("name", base.name, longest=60, what="name", needed=True),
        greeting=reader.text("greeting", base.greeting, longest=500, what="greeting", needed=True, lines=True),
        suggested_questions=_questions(reader, base.suggested_questions),
        theme=_theme(reader, base.theme),
        position=reader.choice("position", base.position, POSITIONS),
        launcher=_launcher(reader, base.launcher),
        custom_css=reader.text("custom_css", base.custom_css, longest=MAX_SIZE, what="CSS", lines=True),
        features=_features(reader, base.features),
        triggers=_triggers(reader, base.triggers),
    )
    return config, reader.problems


class _Reader:
    """Takes values out of a mapping one by one, and collects what is wrong with them."""

    def __init__(self, settings: Mapping[str, Any], prefix: str = "", problems: dict[str, str] | None = None) -> None:
        self._settings = settings
        self._prefix = prefix
        self.problems: dict[str, str] = {} if problems is None else problems

    def raw(self, key: str) -> Any:
        return next((self._settings[name] for name in (key, *_SAME.get(key, ())) if name in self._settings), None)

    def refuse(self, key: str, sentence: str) -> None:
        self.problems[f"{self._prefix}{key}"] = sentence

    def part(self, key: str) -> "_Reader":
        value = self.raw(key)
        if value is not None and not isinstance(value, Mapping):
            self.refuse(key, "Write this as named values in braces.")
        return _Reader(value if isinstance(value, Mapping) else {}, f"{self._prefix}{key}.", self.problems)

    def text(self, key: str, base: str, *, longest: int, what: str, needed: bool = False, lines: bool = False) -> str:
        value = self.raw(key)
        if value is None:
            return base
        if not isinstance(value, str):
            self.refuse(key, f"Write the {what} as text.")
            return base
        text = plain(value, lines=lines)
        if needed and not text:
            self.refuse(key, f"Write a {what}.")
        elif len(text) > longest:
            self.refuse(key, f"Shorten the {what} to {longest:,} characters; it has {len(text):,}.")
        else:
            return text
        return base

    def number(self, key: str, base: int, least: int, most: int) -> int:
        value = self.raw(key)
        if value is None:
            return base
        if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
            value = int(value[:9])
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.refuse(key, f"Write a whole number from {least} to {most}.")
            return base
        return value

    def choice(self, key: str, base: str, choices: Sequence[str]) -> str:
        value = self.raw(key)
        if value is None:
            return base
        if value not in choices:
            self.refuse(key, f"Choose one of {', '.join(choices)}.")
            return base
        return str(value)


def plain(text: str, *, lines: bool = False) -> str:
    """Text without surrounding space and without characters that nobody can see or a database cannot keep."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not lines:
        text = " ".join(text.split())
    kept = (letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs"))
    return "".join(kept).strip()


def _questions(reader: _Reader, base: tuple[str, ...]) -> tuple[str, ...]:
    value = reader.raw("suggested_questions")
    if value is None:
        return base
    if not isinstance(value, list | tuple) or not all(isinstance(question, str) for question in value):
        reader.refuse("suggested_questions", "Write the suggested questions as a list of texts.")
        return base
    questions = tuple(dict.fromkeys(question for question in map(plain, value) if question))
    if len(questions) > MOST_QUESTIONS:
        reader.refuse("suggested_questions", f"Suggest up to {MOST_QUESTIONS} questions; more are not read.")
    elif any(len(question) > 120 for question in questions):
        reader.refuse("suggested_questions", "Shorten each suggested question to 120 characters.")
    else:
        return questions
    return base


def _theme(reader: _Reader, base: Theme) -> Theme:
    theme = reader.part("theme")
    wanted = theme.raw("preset")
    preset = preset_named(wanted)
    if preset is not None:
        base = preset.theme
    elif wanted is not None:
        theme.refuse("preset", f"Choose one of {', '.join(one.key for one in PRESETS)}.")
    values: dict[str, Any] = {name: _colour(theme, name, getattr(base, name)) for name in (*COLOURS, *DERIVED_COLOURS)}
    values |= {name: theme.number(name, getattr(base, name), *MEASURES[name]) for name in MEASURES}
    values |= {name: theme.choice(name, getattr(base, name), choices) for name, choices in _THEME_CHOICES.items()}
    return Theme(**values)


def _colour(theme: _Reader, name: str, base: str) -> str:
    value = theme.raw(name)
    if value is None:
        return base
    if name in DERIVED_COLOURS and isinstance(value, str) and not value.strip():
        return ""
    colour = read_colour(value)
    if colour is None:
        theme.refuse(name, "Write the colour as #rrggbb, for example #1f6feb.")
    return colour or base


def _launcher(reader: _Reader, base: Launcher) -> Launcher:
    launcher = reader.part("launcher")
    return Launcher(
        icon=launcher.choice("icon", base.icon, ICONS),
        text=launcher.text("text", base.text, longest=30, what="text beside the icon"),
    )


def _features(reader: _Reader, base: Mapping[str, bool]) -> Mapping[str, bool]:
    features = reader.part("features")
    chosen = dict(base)
    for name in FEATURES:
        value = features.raw(name)
        if isinstance(value, bool):
            chosen[name] = value
        elif value is not None:
            features.refuse(name, "Write true or false.")
    return chosen


def _triggers(reader: _Reader, base: tuple[Trigger, ...]) -> tuple[Trigger, ...]:
    value = reader.raw("triggers")
    if value is None:
        return base
    rows = value if isinstance(value, list) else [value]
    triggers = [_trigger(row) for row in rows]
    if None in triggers or len(rows) > _MOST_TRIGGERS:
        reader.refuse(
            "triggers",
            f"Write up to {_MOST_TRIGGERS} triggers, each with after_seconds from 0 to {_LONGEST_DELAY}.",
        )
        return base
    return tuple(trigger for trigger in triggers if trigger)


def _trigger(row: Any) -> Trigger | None:
    seconds = _Reader(row).raw("after_seconds") if isinstance(row, Mapping) else None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= _LONGEST_DELAY:
        return None
    return Trigger(after_seconds=round(seconds))
