"""What an agent knows, seen by the answerer: entries, and the short texts of them that get a vector."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.answering.sentences import sentence_spans

Vector = NDArray[np.float32]
Kind = Literal["title", "body", "phrasing", "sentence"]

# The title and the beginning of an answer say what it is about; more text blurs the vector.
BODY_WORDS = 80
# Single sentences of the answers stand in for customers' questions when an index draws its line.
SENTENCES = 2
SHORTEST_SENTENCE, LONGEST_SENTENCE = 5, 40


@dataclass(frozen=True)
class Entry:
    """A question with its answer.

    `vectors` holds what was stored of `passages(entry)` by key; what is missing is computed when the index is built.
    """

    id: str
    question: str
    answer: str
    phrasings: tuple[str, ...] = ()
    vectors: Mapping[str, Vector] | None = None
    # ISO 639-1; None: as it looks.
    language: str | None = None


@dataclass(frozen=True)
class Passage:
    """A text of an entry that needs a vector; the key changes exactly when the text does."""

    key: str
    kind: Kind
    text: str


@dataclass(frozen=True)
class Text:
    """A passage in an index, with its vector where there is one."""

    entry_id: str
    kind: Kind
    text: str
    vector: Vector | None


def passages(entry: Entry) -> list[Passage]:
    """Return the texts of an entry that need a vector: title, title with answer, phrasings, two sentences."""
    title = _folded(entry.question)
    beginning = " ".join(entry.answer.split()[:BODY_WORDS])
    phrasings = dict.fromkeys(_folded(phrasing) for phrasing in entry.phrasings)
    return [
        _passage("title", title),
        _passage("body", f"{title}\n{beginning}"),
        *(_passage("phrasing", phrasing) for phrasing in phrasings if phrasing),
        *(_passage("sentence", sentence) for sentence in _sentences(entry.answer)),
    ]


def _sentences(answer: str) -> list[str]:
    folded = (_folded(answer[start:end]) for start, end in sentence_spans(answer))
    fitting = (text for text in folded if SHORTEST_SENTENCE <= len(text.split()) <= LONGEST_SENTENCE)
    return list(islice(fitting, SENTENCES))


def _passage(kind: Kind, text: str) -> Passage:
    return Passage(key=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32], kind=kind, text=text)


def _folded(text: str) -> str:
    return " ".join(text.split())
