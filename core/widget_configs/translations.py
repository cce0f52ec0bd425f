"""The texts of a widget's settings in another language than the one that they are written in."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from core import widget_words
from core.widget_configs.config import MOST_QUESTIONS, WidgetConfig
from core.widget_configs.parts import Field, Greeting, Trigger
from core.widget_words import LANGUAGES

_LONGEST_LAUNCHER = 30
_LONGEST_NAME = 60


def spoken(config: WidgetConfig, language: str) -> WidgetConfig:
    """The settings as they are said in a language: with an admin's translations, where there are any.

    What nobody has changed since the start is ours, and said in every language.
    """
    own = config.words.get(language, {}) if language != config.own_language else {}

    def say(key: str, text: str) -> str:
        return own.get(key) or _ours(language, key, text)

    questions = tuple(line.strip() for line in own.get("own_questions", "").splitlines() if line.strip())
    fields = tuple(replace(field, label=say(key_of_field(field), field.label)) for field in config.pre_chat.fields)
    return replace(
        config,
        name=name_in(config, language),
        greeting=say("own_greeting", config.greeting),
        greetings=tuple(replace(one, text=own.get(key_of_said(one)) or one.text) for one in config.greetings),
        triggers=tuple(replace(one, text=own.get(key_of_said(one)) or one.text) for one in config.triggers),
        suggested_questions=questions[:MOST_QUESTIONS] or config.suggested_questions,
        launcher=replace(config.launcher, text=say("own_launcher", config.launcher.text)[:_LONGEST_LAUNCHER]),
        consent=replace(config.consent, text=say("own_consent", config.consent.text)),
        pre_chat=replace(config.pre_chat, intro=say("own_pre_chat_intro", config.pre_chat.intro), fields=fields),
        hours=replace(config.hours, away=say("own_away", config.hours.away)),
    )


def spoken_to_all(config: WidgetConfig) -> WidgetConfig:
    """The settings for what is one for everybody: in the fixed language, where there is one."""
    return spoken(config, config.language) if config.language in LANGUAGES else config


def own_texts(config: WidgetConfig) -> Mapping[str, str]:
    """The texts of these settings that can be translated, by the keys of their translations."""
    texts = {
        "own_name": config.name,
        "own_greeting": config.greeting,
        "own_questions": "\n".join(config.suggested_questions),
        "own_launcher": config.launcher.text,
        "own_consent": config.consent.text if config.consent.is_on else "",
        "own_pre_chat_intro": config.pre_chat.intro if config.pre_chat.is_on else "",
        "own_away": config.hours.away,
    }
    if config.pre_chat.is_on:
        texts |= {key_of_field(field): field.label for field in config.pre_chat.fields}
    texts |= {key_of_said(one): one.text for one in _said_by_itself(config) if one.text}
    return {key: text for key, text in texts.items() if text}


def name_in(config: WidgetConfig, language: str) -> str:
    """What the agent is called in a language."""
    own = config.words.get(language, {}) if language != config.own_language else {}
    return (own.get("own_name") or config.name)[:_LONGEST_NAME]


def key_of_said(part: Greeting | Trigger) -> str:
    """The key of the translation of a greeting or a trigger's words: others in their place want another translation."""
    return f"own_said_{hashlib.sha256(part.text.encode()).hexdigest()[:10]}"


def _said_by_itself(config: WidgetConfig) -> list[Greeting | Trigger]:
    return [*config.greetings, *config.triggers]


def key_of_field(field: Field) -> str:
    """The key under which the translation of a question before the chat stands."""
    return f"own_field_{field.key}"[:40]


def _ours(language: str, key: str, text: str) -> str:
    english = widget_words.shipped("en").get(key)
    return widget_words.say(language, key) if text and text == english else text
