"""Puts the best sentences of a long answer first, so that nobody must read an article to find one line."""

from collections import Counter
from dataclasses import dataclass

from core.answering.sentences import sentence_spans
from core.answering.words import content_words, tokens

# What fits a chat bubble without scrolling.
SHORT = 400
# A text a little longer is shown whole: "read more" for half a sentence is a bad joke.
TOLERANCE = 1.5


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
    start, end = _best_run(whole, list(sentence_spans(whole)), question, length)
    short = whole[start:end]
    return Excerpt(short if len(short) <= length * TOLERANCE else _cut(short, length), whole)


def _best_run(text: str, spans: list[tuple[int, int]], question: str, length: int) -> tuple[int, int]:
    stems = [_stems(text[start:end]) for start, end in spans]
    counts = Counter(stem for sentence in stems for stem in sentence)
    asked = {stem: 1 / counts[stem] for stem in _stems(" ".join(content_words(question))) if stem in counts}
    best, best_score = spans[0], -1.0
    for first in range(len(spans) if asked else 1):
        start = spans[first][0]
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
