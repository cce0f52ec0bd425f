"""What every finder needs: findings, the text it reads, and runs of digits with what stands around them."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from core.privacy.words import NOT_PERSONAL, PHONE

_DIGITS = re.compile(r"[0-9]+")
_BETWEEN = re.compile(r"[ ().\-/]{1,3}")
_NOT_PERSONAL = re.compile(rf"{NOT_PERSONAL}|#", re.IGNORECASE)
_PHONE = re.compile(PHONE, re.IGNORECASE)


class Finding(NamedTuple):
    """A stretch of the view that is personal data."""

    start: int
    end: int
    kind: str


class Reading:
    """A text, and where in it words stand that tell what a number behind them is."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _not_personal(self) -> list[int]:
        return [match.end() for match in _NOT_PERSONAL.finditer(self.text)]

    @cached_property
    def _not_personal_words(self) -> list[int]:
        return [end for end in self._not_personal if self.text[end - 1] != "#"]

    @cached_property
    def _phone(self) -> list[int]:
        return [match.end() for match in _PHONE.finditer(self.text)]

    def is_named_otherwise(self, start: int, *, marks: bool = True) -> bool:
        """Whether the words before a number say that it is an order, a price, a version or the like.

        Args:
            marks: whether a `#` says so too.
        """
        return self._is_near(self._not_personal if marks else self._not_personal_words, start, 14, "\n,;")

    def is_named_otherwise_than_phone(self, start: int) -> bool:
        """As `is_named_otherwise`, where the word that stands closer counts: `about my order call 5551234`."""
        if not self.is_named_otherwise(start):
            return False
        return not self.is_named_phone(start) or _last(self._phone, start) <= _last(self._not_personal, start)

    def is_named_phone(self, start: int) -> bool:
        """Whether the words before a number say that it is a telephone number."""
        return self._is_near(self._phone, start, 25, "\n[]")

    def _is_near(self, ends: list[int], start: int, reach: int, barriers: str) -> bool:
        index = bisect_right(ends, start) - 1
        if index < 0 or start - ends[index] > reach:
            return False
        between = self.text[ends[index] : start]
        return not any(sign.isdigit() or sign in barriers for sign in between)

    def stands_alone(self, start: int, end: int) -> bool:
        """Whether no letter, further digit or currency clings to either side."""
        return self._begins(start) and self.ends(end)

    def _begins(self, start: int) -> bool:
        before = self.text[start - 1] if start else " "
        if before in ".,:;=-/'\\":
            # As in `Tel.:0123`; a digit in front of the sign makes it a part of something longer.
            return before not in "/\\'" and not self.text[max(0, start - 2) : start - 1].isdigit()
        return not _clings(before)

    def ends(self, end: int) -> bool:
        """Whether nothing clings to the end."""
        after = self.text[end : end + 2]
        if after.startswith("+"):
            # The next number begins; of something longer it would be a part.
            return after[1:].isdigit()
        if after and after[0] in ".,-/:'":
            return not after[1:].isdigit()
        return not after or not _clings(after[0])


def _last(ends: list[int], start: int) -> int:
    return ends[bisect_right(ends, start) - 1]


def _clings(sign: str) -> bool:
    # Scripts without blanks put their words right beside a number.
    return (sign < "\u0e00" and (sign.isalnum() or sign in "_#$€£¥%@&+")) or sign in "₹₽₩￥円元원"


@dataclass(frozen=True)
class Number:
    """Groups of digits that stand close together."""

    text: str
    groups: list[tuple[int, int]]

    @property
    def start(self) -> int:
        """Where the first digit stands."""
        return self.groups[0][0]

    @property
    def end(self) -> int:
        """Behind the last digit."""
        return self.groups[-1][1]

    @property
    def written(self) -> str:
        """The number as it stands in the text."""
        return self.text[self.start : self.end]

    @cached_property
    def digits(self) -> str:
        """The digits alone."""
        return "".join(self.text[start:end] for start, end in self.groups)

    @property
    def shape(self) -> tuple[int, ...]:
        """How many digits stand in each group."""
        return tuple(end - start for start, end in self.groups)

    @property
    def separators(self) -> str:
        """What stands between the groups."""
        return "".join(self.text[left[1] : right[0]] for left, right in zip(self.groups, self.groups[1:], strict=False))


def runs(text: str, between: re.Pattern[str] = _BETWEEN) -> Iterator[list[tuple[int, int]]]:
    """Yield the groups of digits of each run that only separators interrupt."""
    run: list[tuple[int, int]] = []
    for match in _DIGITS.finditer(text):
        if run and not between.fullmatch(text, run[-1][1], match.start()):
            yield run
            run = []
        run.append(match.span())
    if run:
        yield run


def windows(run: list[tuple[int, int]], first: int, *, least: int, most: int, groups: int) -> list[slice]:
    """Which stretches of a run, from one group on, have the right number of digits; the longest first."""
    found, size = [], 0
    for last in range(first, min(first + groups, len(run))):
        size += run[last][1] - run[last][0]
        if size > most:
            break
        if size >= least:
            found.append(slice(first, last + 1))
    return found[::-1]
