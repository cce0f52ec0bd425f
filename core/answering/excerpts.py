"""Puts the best sentences of a long answer first, so that nobody must read an article to find one line."""

import re
from collections import Counter
from dataclasses import dataclass

from core.answering.words import content_words, tokens

# What fits a chat bubble without scrolling.
SHORT = 400
# A text a little longer is shown whole: "read more" for half a sentence is a bad joke.
TOLERANCE = 1.5

# Articles read from pages often lost the space after a full stop ("… a week.Refunds are …").
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[^a-z\s])|(?<=[a-z)][.!?])(?=[A-Z][a-z])|\s*\n\s*|(?<=[。！？])")
# Half a table or half a code block is none: such texts are cut between paragraphs alone.
_UNBREAKABLE = re.compile(r"^\s*(?:\||```|~~~)", re.MULTILINE)
_BETWEEN_PARAGRAPHS = re.compile(r"\s*\n\s*\n\s*")


@dataclass(frozen=True)
class Excerpt:
    """The best part of an answer, and all of it."""

    short: str
    whole: str

    @property
    def is_whole(self) -> bool:
        """Whether nothing was left out."""
        return self.short == self.whole


def excerpt(answer: str, question: str, *, length: int = SHORT) -> Excerpt:
    """Return the sentences of a long answer that fit the question best.

    Args:
        answer: Markdown or plain text.
        question: what the customer asked.
        length: about how many characters the short part may have.

    Returns:
        Neighbouring sentences in their order and formatting; the beginning when no sentence fits better; the whole
        answer when it is about short enough.
    """
    whole = answer.strip()
    if len(whole) <= length * TOLERANCE:
        return Excerpt(whole, whole)
    between = _BETWEEN_PARAGRAPHS if _UNBREAKABLE.search(whole) else _BETWEEN_SENTENCES
    start, end = _best_run(whole, _spans(whole, between), question, length)
    return (
        Excerpt(whole[start:end], whole)
        if end - start <= length * TOLERANCE
        else Excerpt(_cut(whole[start:end], length), whole)
    )


def _spans(text: str, between: re.Pattern[str]) -> list[tuple[int, int]]:
    spans, start = [], 0
    for gap in between.finditer(text):
        if gap.start() > start:
            spans.append((start, gap.start()))
        start = gap.end()
    return [*spans, (start, len(text))] if start < len(text) else spans


def _best_run(text: str, spans: list[tuple[int, int]], question: str, length: int) -> tuple[int, int]:
    stems = [_stems(text[start:end]) for start, end in spans]
    counts = Counter(stem for sentence in stems for stem in sentence)
    asked = {stem: 1 / counts[stem] for stem in _stems(" ".join(content_words(question))) if stem in counts}
    best, best_score = spans[0], -1.0
    for first, (start, _) in enumerate(spans):
        found: set[str] = set()
        for last in range(first, len(spans)):
            if last > first and spans[last][1] - start > length:
                break
            found |= stems[last] & asked.keys()
            # More of the surrounding text is better, but never at the price of a word that was asked for.
            score = sum(asked[stem] for stem in found) + (spans[last][1] - start) / length / 1000
            if score > best_score:
                best, best_score = (start, spans[last][1]), score
    return best


def _stems(text: str) -> set[str]:
    return {word[:5] for word in tokens(text)}


def _cut(text: str, length: int) -> str:
    return text[:length].rsplit(maxsplit=1)[0] + " …"
