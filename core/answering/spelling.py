"""Repairs words that nobody's knowledge contains by words that it does contain, one slip of the finger away."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from core.answering.words import STOP_WORDS, WORD, tokens

# A shorter word is one letter away from too many others.
SHORTEST = 5
# From this length on, two slips still leave no doubt about the word.
LONG = 9


class Vocabulary:
    """The words of one agent's knowledge; `is_word` knows other words that need no repair."""

    def __init__(self, texts: Iterable[str], *, is_word: Callable[[str], bool]) -> None:
        self._is_word = is_word
        self._counts = Counter(word for text in texts for word in tokens(text))
        self._by_start: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in sorted(self._counts):
            if len(word) >= SHORTEST - 1 and word.isalpha():
                self._by_start[word[0], len(word)].append(word)

    def __contains__(self, word: str) -> bool:
        return word in self._counts

    def repaired(self, text: str) -> str:
        """Return the text with each unknown word replaced by its only close neighbour, if it has one."""
        return WORD.sub(lambda found: self._repair(found.group()), text)

    def _is_right(self, word: str) -> bool:
        # "Cases" is no slip of "cakes", although a bakery never wrote it.
        return word in self._counts or word in STOP_WORDS or self._is_word(word)

    def _repair(self, typed: str) -> str:
        word = typed.lower()
        if len(word) < SHORTEST or not word.isalpha() or self._is_right(word):
            return typed
        reach = 2 if len(word) >= LONG else 1
        found = [
            (distance, -self._counts[other], other)
            for length in range(len(word) - reach, len(word) + reach + 1)
            for other in self._by_start.get((word[0], length), ())
            if (distance := slips(word, other, reach)) <= reach and not _same_stem(word, other)
        ]
        return min(found)[2] if found else typed


def slips(first: str, second: str, most: int) -> int:
    """Return how many letters must be changed, added, left out or swapped, or `most + 1` when it is more.

    Source: the optimal string alignment distance (Damerau 1964).
    """
    previous: list[int] = []
    current = list(range(len(second) + 1))
    for i, letter in enumerate(first, 1):
        before, previous, current = previous, current, [i]
        for j, other in enumerate(second, 1):
            cost = min(previous[j] + 1, current[-1] + 1, previous[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        if min(current) > most:
            return most + 1
    return min(current[-1], most + 1)


def _same_stem(word: str, other: str) -> bool:
    # "orders" is no slip of "order": full text search stems both, and the model knows both.
    shorter, longer = sorted((word, other), key=len)
    return longer.startswith(shorter) and longer[len(shorter) :] in {"s", "d", "es", "ed", "ly", "er", "r"}
