"""Hears which one of several a customer means: "the second one", "2", "die letzte"."""

import re
import tomllib
from pathlib import Path

from core.answering import small_talk

_LONGEST = 60
_LAST = -1
_POINTING = frozenset(("that", "this"))
_UNSPACED = re.compile(
    r"(?:第?([一二三四五六1-6])(?:つ目|番目?|個目|个|個|条|項)?|(最初|最後|最后)(?:一个|一個)?)"
    r"(?:のもの|の|です|お願いします|吧)?"
)
_NUMBERS = {sign: number for signs in ("123456", "一二三四五六") for number, sign in enumerate(signs)}


def _read() -> dict[str, list[str]]:
    """The words of each place, as messages are compared."""
    told = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {name: [" ".join(small_talk.plain_words(word)) for word in words] for name, words in told.items()}


_WORDS = _read()
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
_PLACES = {
    **dict.fromkeys(_WORDS["last"], _LAST),
    # Earlier places keep a word that two share.
    **{word: place for place, name in reversed(list(enumerate(_ORDINALS))) for word in _WORDS[name]},
    **{str(place + 1): place for place in range(len(_ORDINALS))},
}
_AROUND = frozenset(_WORDS["beside"])


def chosen(text: str, count: int) -> int | None:
    """Return which of so many is meant, from 0; None when the message says more than that, or something else.

    Args:
        count: how many there were to choose from.
    """
    if count < 1 or len(text) > _LONGEST or small_talk.kind(text):
        return None
    words = small_talk.plain_words(text.replace("#", " "))
    place = _unspaced("".join(words)) if len(words) == 1 else None
    named = [word for word in words if word in _PLACES]
    # "The second one", "that one": "one" is a number when nothing else is.
    named = [word for word in named if word not in ("one", "son")] or ([] if _POINTING & set(words) else named)
    if place is None and named and all(word in _PLACES or word in _AROUND for word in words):
        places = {_PLACES[word] for word in named}
        place = places.pop() if len(places) == 1 else None
    if place is None:
        return None
    return count - 1 if place == _LAST else place if place < count else None


def _unspaced(text: str) -> int | None:
    found = _UNSPACED.fullmatch(text)
    if not found:
        return None
    return _NUMBERS[found[1]] if found[1] else 0 if found[2] == "最初" else _LAST
