"""What the widget says, from the catalogues and from the words that an admin has put in their place."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from core.widget_words.languages import LANGUAGES
from core.widget_words.plurals import category

Text = str | Mapping[str, str]
"""A text, or the forms of a counted one: `{"one": "{count} source", "other": "{count} sources"}`."""
OwnWords = Mapping[str, Mapping[str, str]]
"""Words in the place of ours, by language and key; a form of a counted text stands under `key_form`."""

_FOLDER = Path(__file__).with_name("catalogue")
_PLACE = re.compile(r"\{(\w+)\}")


def say(language: str, key: str, *, own: OwnWords | None = None, **values: object) -> str:
    """A text of the widget.

    Args:
        own: an admin's own words (`WidgetConfig.words`).
        values: for the `{places}` of the text; `count` also chooses its form.

    Raises:
        KeyError: when there is no text of this key.
    """
    text = _with_own(key, shipped(language)[key], (own or {}).get(language, {}))
    if not isinstance(text, str):
        text = text.get(category(language, int(str(values["count"])))) or text["other"]
    return _PLACE.sub(lambda place: str(values.get(place[1], place[0])), text)


def waiting_time(language: str, seconds: int, *, own: OwnWords | None = None) -> str:
    """A time to wait, rounded up, like `12 seconds` or `3 minutes`."""
    for size, key in ((3600, "hours"), (60, "minutes")):
        if seconds >= size:
            return say(language, key, own=own, count=-(-seconds // size))
    return say(language, "seconds", own=own, count=seconds)


def group(language: str, name: str, *, own: OwnWords | None = None) -> dict[str, Text]:
    """The texts of one part of the widget, for the browser."""
    replaced = (own or {}).get(language, {})
    return {key: _with_own(key, text, replaced) for key, text in groups(language)[name].items()}


def owned(language: str, name: str, *, own: OwnWords | None) -> dict[str, Text]:
    """Those texts of a part of the widget that an admin has replaced."""
    replaced = group(language, name, own=own)
    return {key: text for key, text in replaced.items() if text != groups(language)[name][key]}


@cache
def shipped(language: str) -> Mapping[str, Text]:
    """All the texts of a language, by key."""
    return {key: text for texts in groups(language).values() for key, text in texts.items()}


@cache
def groups(language: str) -> Mapping[str, Mapping[str, Text]]:
    """The catalogue of a language: its texts by group and key."""
    if language not in LANGUAGES:
        raise KeyError(language)
    content: dict[str, dict[str, Text]] = json.loads((_FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return content


def _with_own(key: str, text: Text, own: Mapping[str, str]) -> Text:
    if isinstance(text, str):
        return own.get(key) or text
    return {form: own.get(f"{key}_{form}") or words for form, words in text.items()}
