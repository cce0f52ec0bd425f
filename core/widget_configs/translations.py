"""The texts of a widget's settings in another language than the one that they are written in."""

from collections.abc import Mapping
from dataclasses import replace

from core import widget_words
from core.widget_configs.config import MOST_QUESTIONS, WidgetConfig
from core.widget_configs.parts import Field

_LONGEST_LAUNCHER = 30


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
        greeting=say("own_greeting", config.greeting),
        suggested_questions=questions[:MOST_QUESTIONS] or config.suggested_questions,
        launcher=replace(config.launcher, text=say("own_launcher", config.launcher.text)[:_LONGEST_LAUNCHER]),
        consent=replace(config.consent, text=say("own_consent", config.consent.text)),
        pre_chat=replace(config.pre_chat, intro=say("own_pre_chat_intro", config.pre_chat.intro), fields=fields),
        hours=replace(config.hours, away=say("own_away", config.hours.away)),
    )


def own_texts(config: WidgetConfig) -> Mapping[str, str]:
    """The texts of these settings that can be translated, by the keys of their translations."""
    texts = {
        "own_greeting": config.greeting,
        "own_questions": "\n".join(config.suggested_questions),
        "own_launcher": config.launcher.text,
        "own_consent": config.consent.text if config.consent.is_on else "",
        "own_pre_chat_intro": config.pre_chat.intro if config.pre_chat.is_on else "",
        "own_away": config.hours.away,
    }
    if config.pre_chat.is_on:
        texts |= {key_of_field(field): field.label for field in config.pre_chat.fields}
    return {key: text for key, text in texts.items() if text}


def key_of_field(field: Field) -> str:
    """The key under which the translation of a question before the chat stands."""
    return f"own_field_{field.key}"[:40]


def _ours(language: str, key: str, text: str) -> str:
    english = widget_words.shipped("en").get(key)
    return widget_words.say(language, key) if text and text == english else text
