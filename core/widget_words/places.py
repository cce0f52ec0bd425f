"""The `{places}` of texts, which an admin's own words have to keep."""

import re
from collections.abc import Iterator, Mapping

from core.widget_words.words import Text, groups

_PLACE = re.compile(r"\{(\w+)\}")


def flat(language: str) -> Mapping[str, Mapping[str, str]]:
    """The shipped texts by group, each form of a counted one under a name of its own, like `minutes_one`."""
    return {
        name: {key: form for own_key, text in texts.items() for key, form in _forms(own_key, text)}
        for name, texts in groups(language).items()
    }


def place_problem(language: str, key: str, text: str) -> str:
    """What is wrong with the places of somebody's own words, as a sentence; nothing when they fit.

    Args:
        key: of a text, or of one form of a counted text.
    """
    for texts in groups(language).values():
        for own_key, shipped in texts.items():
            for form_key, form in _forms(own_key, shipped):
                if form_key == key:
                    return _problem(_places(form), _all_places(shipped), _places(text))
    return ""


def _problem(needed: set[str], known: set[str], found: set[str]) -> str:
    for name in sorted(found - known):
        return f"There is nothing to put in the place of {{{name}}} here."
    for name in sorted(needed - found):
        return f"Keep {{{name}}} in this text: it is filled in when it is said."
    return ""


def _forms(key: str, text: Text) -> Iterator[tuple[str, str]]:
    if isinstance(text, str):
        yield key, text
    else:
        yield from ((f"{key}_{form}", words) for form, words in text.items())


def _all_places(text: Text) -> set[str]:
    return {place for _key, form in _forms("", text) for place in _places(form)}


def _places(text: str) -> set[str]:
    return set(_PLACE.findall(text))
