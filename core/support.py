"""Whether what a model says is supported by what it was shown."""

import re
from collections.abc import Iterable

from core.answering.languages import recognized
from core.spelt_numbers import spelt

# A number as people write it: 14, 19.90, 1,000, 9:30, 24/7, ١٤.
_FIGURE = re.compile(r"\d+(?:[.,:'/\u00a0\u202f\u066b\u066c]\d+)*")
_LIST_MARK = re.compile(r"^[^\S\n]*\d{1,2}[.)]\s", re.MULTILINE)
_FRACTION = re.compile(r"[.,\u066b](\d{1,2})$")
_SEPARATORS = re.compile(r"\D")


def unsupported_figures(answer: str, shown: Iterable[str]) -> list[str]:
    """The numbers of an answer (prices, days, times) that stand in nothing that the model was shown.

    A number that nobody told is what costs a business most when it is wrong, and it is the same in every language.

    Args:
        answer: without marks of citation.
        shown: the sources, the results of tools, and what the customer wrote.
    """
    known = {key for text in shown for key in _keys(text)}
    figures = _FIGURE.findall(_LIST_MARK.sub("", answer))
    return list(dict.fromkeys(figure for figure in figures if _key(figure) not in known))


def _keys(text: str) -> Iterable[str]:
    for figure in _FIGURE.findall(text):
        yield _key(figure)
        # Of 9:00-17:30 or 24/7 an answer may tell a part.
        yield from (_key(part) for part in _SEPARATORS.split(figure) if part)
    yield from map(str, spelt(text, recognized(text)))


def _key(figure: str) -> str:
    """The same for 1,000.00 and 1000, for 19,90 and 19.9, and in the digits of any script."""
    digits = "".join(str(int(digit)) for digit in _SEPARATORS.sub("", figure))
    fraction = _FRACTION.search(figure)
    if fraction:
        digits = digits.rstrip("0") if int(fraction[1]) else digits[: -len(fraction[1])]
    return digits.lstrip("0") or "0"
