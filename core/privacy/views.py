"""A plain view of a text, in which look-alikes are written one way, with the way back to the original."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


@dataclass(frozen=True)
class View:
    """Digits of any script, full-width forms, odd spaces and dashes as ASCII; invisible characters left out."""

    text: str
    _positions: list[int] | None = None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the view lies in the original."""
        if self._positions is None:
            return start, end
        return self._positions[start], self._positions[end - 1] + 1


def view(text: str) -> View:
    """Look at a text in its plain form."""
    if not _NOT_ASCII.search(text):
        return View(text)
    plain, positions = [], []
    for position, sign in enumerate(text):
        shown = sign if sign < "\x80" else _plain(sign)
        if shown:
            plain.append(shown)
            positions.append(position)
    return View("".join(plain), positions)


@lru_cache(maxsize=4096)
def _plain(sign: str) -> str:
    category = unicodedata.category(sign)
    if category == "Cf":
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(sign))
    if category == "Pd" or sign == "\u2212":
        return "-"
    if category == "Zs":
        return " "
    compatible = unicodedata.normalize("NFKC", sign)
    return compatible if len(compatible) == 1 and category != "Lo" else sign
