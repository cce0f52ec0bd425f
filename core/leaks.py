"""Whether a model gives its instructions away: they are the business's own, whatever somebody makes it say."""

import base64
import binascii
import codecs
import re
from functools import lru_cache

_STEP = 24
_FEWEST = 60
"""Letters in a row, signs and spaces apart, from which on it is no chance: every agent says some of the same words."""
_HELD_BACK = 36
"""Letters at the end of what is shown while it comes: what may become a leak is not shown before."""

_SIGN = re.compile(r"[\W_]+")
_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{40,}={0,2}")
_OPEN_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{40,}$")


class Leaks:
    """Watches the words of one answer for those of its instructions."""

    def __init__(self, instructions: str) -> None:
        self._secret = _letters(instructions)
        self._pieces = _pieces(self._secret)
        self._seen = ""
        """The letters of what was found to hold nothing."""

    def begins_in(self, text: str) -> bool:
        """Whether the end of what was said so far could become a leak, or has; then no more of it is shown."""
        if self.is_in(text) or _OPEN_ENCODED.search(text):
            return True
        end = _letters(text)[-_HELD_BACK:]
        return len(end) == _HELD_BACK and any(form in self._secret for form in _forms(end))

    def is_in(self, text: str) -> bool:
        """Whether a whole answer holds a part of the instructions, also backwards, turned or encoded."""
        letters = _letters(text)
        # An answer grows at its end: what could be part of a leak there begins so far before it at most.
        begins = max(0, len(self._seen) - _FEWEST - _STEP) if letters.startswith(self._seen) else 0
        forms = (*_forms(letters[begins:]), *(_letters(one) for one in _decoded(text)))
        if any(self._holds(form) for form in forms):
            return True
        self._seen = letters
        return False

    def _holds(self, said: str) -> bool:
        # Any run of that length holds one piece that begins at a multiple of the step.
        starts = range(0, len(said) - _STEP + 1, _STEP)
        return any(said[start : start + _STEP] in self._pieces and self._runs(said, start) for start in starts)

    def _runs(self, said: str, start: int) -> bool:
        piece = said[start : start + _STEP]
        place = self._secret.find(piece)
        while place >= 0:
            before = _common(said[:start][::-1], self._secret[:place][::-1])
            after = _common(said[start:], self._secret[place:])
            if before + after >= _FEWEST:
                return True
            place = self._secret.find(piece, place + 1)
        return False


def _forms(letters: str) -> tuple[str, str, str]:
    return letters, letters[::-1], codecs.encode(letters, "rot13")


def _common(one: str, other: str) -> int:
    length = 0
    for letter, another in zip(one[:_FEWEST], other[:_FEWEST], strict=False):
        if letter != another:
            break
        length += 1
    return length


def _letters(text: str) -> str:
    return _SIGN.sub("", text).lower()


@lru_cache(maxsize=200)
def _pieces(secret: str) -> frozenset[str]:
    return frozenset(secret[place : place + _STEP] for place in range(len(secret) - _STEP + 1))


def _decoded(text: str) -> list[str]:
    return [
        plain for found in _ENCODED.findall(text)[:20] for plain in (_from_base64(found), _from_hex(found)) if plain
    ]


def _from_base64(text: str) -> str:
    whole = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(whole[: len(whole) // 4 * 4]).decode("utf-8", "ignore")
    except (binascii.Error, ValueError):
        return ""


def _from_hex(text: str) -> str:
    try:
        return bytes.fromhex(text[: len(text) // 2 * 2]).decode("utf-8", "ignore")
    except ValueError:
        return ""
