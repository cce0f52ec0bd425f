"""The sentences of a long answer that answer a question, to be shown first."""

from itertools import islice

from core.answering.entries import LONGEST_SENTENCE
from core.answering.sentences import sentence_spans
from core.answering.words import content_words, tokens
from gateways.embeddings import Embedder

# Up to this length an answer is read in one go.
LONG = 700
MOST = 420
# So many sentences are compared by meaning (4 ms each); words choose which.
SHORTLIST = 6
MOST_SENTENCES = 200
Span = tuple[int, int]


def excerpt(answer: str, question: str, embedder: Embedder | None) -> str | None:
    """Return the part of a long answer that fits the question best, or None when all of it is to be shown.

    Args:
        answer: Markdown; the part is cut between sentences, list items, and whole tables or blocks of code.
    """
    if len(answer) <= LONG:
        return None
    spans = list(islice(sentence_spans(answer), MOST_SENTENCES))
    if len(spans) < 3:
        return None
    first, last = _window(answer, spans, _best(answer, spans, question, embedder))
    part = answer[spans[first][0] : spans[last][1]].strip()
    return part if len(part) < len(answer) * 0.8 else None


def _best(answer: str, spans: list[Span], question: str, embedder: Embedder | None) -> int:
    shared = _shared(set(content_words(question)), [set(tokens(answer[start:end])) for start, end in spans])
    fitting = [number for number, (start, end) in enumerate(spans) if not _is_heading(answer[start:end])]
    if not fitting:
        return 0
    shortlist = sorted(fitting, key=lambda number: (-shared[number], number))[:SHORTLIST]
    if embedder is None:
        return shortlist[0]
    sentences = [" ".join(answer[slice(*spans[number])].split()[:LONGEST_SENTENCE]) for number in shortlist]
    vectors = embedder.embed([question, *sentences])
    closeness = vectors[1:] @ vectors[0]
    # Of two that are equally close, the one with the question's own words.
    scores = [float(close) + 0.05 * shared[number] for close, number in zip(closeness, shortlist, strict=True)]
    return shortlist[scores.index(max(scores))]


def _shared(wanted: set[str], sentences: list[set[str]]) -> list[float]:
    """What each sentence has of the question's words; one that stands everywhere in the answer says little."""
    weights = {word: 1 / max(1, sum(word in sentence for sentence in sentences)) for word in wanted}
    return [sum(weights[word] for word in wanted & sentence) for sentence in sentences]


def _window(answer: str, spans: list[Span], best: int) -> tuple[int, int]:
    """Grow around the best sentence: what stands right before it leads to it, what follows completes it."""
    first = last = best
    if first and _leads(answer, spans, first - 1):
        first -= 1
    while last + 1 < len(spans) and spans[last + 1][1] - spans[first][0] <= MOST:
        if _is_heading(answer[slice(*spans[last + 1])]):
            break
        last += 1
    return first, last


def _leads(answer: str, spans: list[Span], number: int) -> bool:
    text = answer[slice(*spans[number])]
    return (_is_heading(text) or text.rstrip().endswith(":")) and spans[number + 1][1] - spans[number][0] <= MOST


def _is_heading(text: str) -> bool:
    return text.lstrip().startswith("#")
