"""Reads what the widget says and asks: greetings, words, the form before a chat, consent."""

import re
from collections.abc import Mapping

from core.domains import origin_of
from core.widget_configs.parts import (
    FIELD_KINDS,
    MOST_FIELDS,
    MOST_GREETINGS,
    VISITORS,
    Consent,
    Field,
    Greeting,
    PreChat,
)
from core.widget_configs.reading import Reader, plain
from core.widget_words import LANGUAGES, place_problem

_LONGEST_WORDS = 500
_MOST_WORDS = 300
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


def greetings_of(reader: Reader, base: tuple[Greeting, ...]) -> tuple[Greeting, ...]:
    """The special greetings, in their order; those before when one of them cannot be used."""
    before = len(reader.problems)
    rows = reader.rows("greetings", most=MOST_GREETINGS, what="greetings")
    if rows is None:
        return base
    greetings = tuple(_greeting(row) for row in rows)
    return greetings if len(reader.problems) == before else base


def _greeting(row: Reader) -> Greeting:
    greeting = Greeting(
        text=row.greeting("text", "", longest=500, what="greeting", needed=True),
        visitor=row.choice("visitor", "any", VISITORS),
        pages=row.pages("pages"),
        begins=row.time("begins", ""),
        ends=row.time("ends", ""),
    )
    if bool(greeting.begins) != bool(greeting.ends):
        row.refuse("ends" if greeting.begins else "begins", "Write both times, or none.")
    return greeting


def words_of(reader: Reader, base: Mapping[str, Mapping[str, str]]) -> Mapping[str, Mapping[str, str]]:
    """The words of somebody's own, by language and name; an empty one means the shipped words."""
    value = reader.raw("words")
    if value is None:
        return base
    languages = reader.part("words")
    found: dict[str, dict[str, str]] = {}
    for language in LANGUAGES:
        given = languages.raw(language)
        if given is None:
            if language in base:
                found[language] = dict(base[language])
        elif not isinstance(given, Mapping) or len(given) > _MOST_WORDS:
            languages.refuse(language, "Write the words as named texts.")
        else:
            part = languages.part(language)
            texts = {
                name: part.text(name, "", longest=_LONGEST_WORDS, what="text", lines=True)
                for name in given
                if isinstance(name, str) and _KEY.fullmatch(name)
            }
            wrong = {name: place_problem(language, name, text) for name, text in texts.items() if text}
            for name, sentence in wrong.items():
                if sentence:
                    part.refuse(name, sentence)
            kept = {name: text for name, text in texts.items() if text and not wrong[name]}
            found[language] = kept
    return {language: texts for language, texts in found.items() if texts}


def pre_chat_of(reader: Reader, base: PreChat) -> PreChat:
    """The form before a chat."""
    part = reader.part("pre_chat")
    before = len(reader.problems)
    rows = part.rows("fields", most=MOST_FIELDS, what="questions")
    fields = base.fields if rows is None else tuple(_field(row) for row in rows)
    keys = [field.key for field in fields]
    if len(set(keys)) < len(keys):
        part.refuse("fields", "Ask for each thing only once.")
    return PreChat(
        is_on=part.switch("is_on", base.is_on),
        intro=part.text("intro", base.intro, longest=300, what="introduction", lines=True),
        fields=fields if len(reader.problems) == before else base.fields,
    )


def _field(row: Reader) -> Field:
    label = row.text("label", "", longest=80, what="question", needed=True)
    field = Field(
        key=plain(str(row.raw("key") or "")) or _key_of(label),
        label=label,
        kind=row.choice("kind", "text", FIELD_KINDS),
        choices=row.texts("choices", (), most=12, longest=80, what="choices"),
        is_required=row.switch("is_required", False),
    )
    if not _KEY.fullmatch(field.key):
        row.refuse("key", "Use small letters, digits and _ for the short name.")
    if field.kind == "choice" and len(field.choices) < 2:
        row.refuse("choices", "Write at least two choices.")
    return field


def _key_of(label: str) -> str:
    key = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:40]
    return key if _KEY.fullmatch(key) else "answer"


def consent_of(reader: Reader, base: Consent) -> Consent:
    """The line about privacy."""
    part = reader.part("consent")
    link = part.text("link", base.link, longest=2000, what="address")
    if link and origin_of(link) is None:
        part.refuse("link", "Write the whole address, beginning with https://.")
        link = base.link
    return Consent(
        is_on=part.switch("is_on", base.is_on),
        text=part.text("text", base.text, longest=300, what="line", needed=True, lines=True),
        link=link,
        must_agree=part.switch("must_agree", base.must_agree),
    )
