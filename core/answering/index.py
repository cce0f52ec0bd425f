"""Finds the entry that answers a question, and says how sure that is."""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.answering import small_talk
from core.answering.calibration import BY_MEANING, BY_WORDS, Calibration
from core.answering.entries import Entry, Passage, Text, Vector, passages
from core.answering.fulltext import FullText
from core.answering.languages import recognized
from core.answering.meaning import Meaning
from core.answering.spelling import Vocabulary
from core.answering.words import question_of, tokens
from gateways.embeddings import Embedder, Lexicon, return_freed_memory

Outcome = Literal["answered", "suggested", "unanswered", "small_talk"]

# Full text decides where a name or a number does; as a small addition it never outvotes the meaning.
FULL_TEXT_WEIGHT = 0.25
FULL_TEXT_HALF = 10.0
# Below about this many entries, full text alone goes by the share of the question's words that an entry contains.
FEW_ENTRIES = 10
# Two entries that fit alike are a reason to ask, one that stands alone a reason to answer.
LONE_BONUS = 0.1
RIVAL_DISTANCE = 0.05
NO_RIVAL = 0.35
# Of the same answer in two languages, the customer's comes first; another one's must fit much better.
FOREIGN = 0.15
MOST_SUGGESTIONS = 3
# Calibration looks at about this many entries, so that building stays quick.
SAMPLED_ENTRIES = 200


@dataclass(frozen=True)
class Ranking:
    """What was found for a question: entries best first with their confidence, and the decision.

    `entry_id` is set exactly when the outcome is "answered". `suggestions` are entries whose titles are worth
    offering: in place of an answer, or beside one. `score` is the confidence in the best entry, from 0 to 1.
    """

    ranking: list[tuple[str, float]]
    outcome: Outcome
    entry_id: str | None
    suggestions: list[str]
    score: float
    ms: float


class Index:
    """An immutable snapshot of one agent's live entries. Many threads may search it at once."""

    def __init__(self, entries: Sequence[Entry], texts: Sequence[Text], embedder: Embedder | None) -> None:
        self._ids = [entry.id for entry in entries]
        self._embedder = embedder
        self._full_text = FullText(entries)
        self._vocabulary = Vocabulary(
            (text for entry in entries for text in (entry.question, entry.answer, *entry.phrasings)),
            is_word=embedder.knows if isinstance(embedder, Lexicon) else lambda word: False,
        )
        self._meaning = Meaning(self._ids, texts) if embedder and entries else None
        self._languages: NDArray[np.str_] = np.array(
            [entry.language or recognized(entry.answer) or "" for entry in entries]
        )
        self.languages = frozenset(map(str, self._languages)) - {""}
        self.calibration: Calibration = self._calibrated(entries, texts)

    @classmethod
    def build(cls, entries: Sequence[Entry], embedder: Embedder | None) -> "Index":
        """Return an index of the entries.

        Args:
            entries: what is live, in the order that breaks ties; ids are distinct.
            embedder: None means full text alone. Vectors that entries bring are used, the others are computed.
        """
        index = cls(entries, _texts(entries, embedder), embedder)
        if len(entries) > SAMPLED_ENTRIES:
            return_freed_memory()
        return index

    def __len__(self) -> int:
        return len(self._ids)

    def search(
        self, text: str, *, limit: int = 10, language: str | None = None, leave_out: str | None = None
    ) -> Ranking:
        """Rank the entries for a customer's message and decide what to do.

        Args:
            text: anything a customer may type.
            limit: how many entries the ranking holds at most.
            language: in which an answer is wanted, where there is one, unless the message itself shows another.
            leave_out: an entry that is not looked for, such as the one that was just given.
        """
        started = time.perf_counter()
        question = self._vocabulary.repaired(question_of(text))
        wanted = (recognized(text) or language) if len(self.languages) > 1 else None
        best = self._best(question, limit, wanted, leave_out) if tokens(question) else []
        outcome = self._outcome(best, text)
        confidences = [(self._ids[row], self.calibration.confidence(score)) for row, score in best]
        return Ranking(
            ranking=confidences,
            outcome=outcome,
            entry_id=confidences[0][0] if outcome == "answered" else None,
            suggestions=self._suggestions(best, outcome),
            score=confidences[0][1] if confidences else 0.0,
            ms=(time.perf_counter() - started) * 1000,
        )

    def _best(self, question: str, limit: int, language: str | None, leave_out: str | None) -> list[tuple[int, float]]:
        if not self._ids:
            return []
        vector = self._embedder.embed([question])[0] if self._embedder else None
        scores = self._scores(question, vector)
        if language is not None:
            is_foreign = (self._languages != language) & (self._languages != "")
            scores = np.where(is_foreign, scores - np.float32(FOREIGN), scores)
        if leave_out is not None and leave_out in self._ids:
            scores[self._ids.index(leave_out)] = 0.0
        scores = lone(scores)
        return [(int(row), float(scores[row])) for row in highest(scores, limit)]

    def _scores(self, question: str, vector: Vector | None) -> Vector:
        matched, covered = self._full_text.search(question)
        support: Vector = matched / (matched + np.float32(FULL_TEXT_HALF))
        if self._meaning is None or vector is None:
            # Among a handful of entries no word is rare, which BM25 lives by: what a question is made of decides there.
            share = len(self) / (len(self) + FEW_ENTRIES)
            return np.asarray(share * support + (1 - share) * covered, np.float32)
        return np.asarray(self._meaning.closeness(vector) + FULL_TEXT_WEIGHT * support, np.float32)

    def _outcome(self, best: Sequence[tuple[int, float]], text: str) -> Outcome:
        score = best[0][1] if best else 0.0
        if best and score >= self.calibration.answer_from:
            return "answered"
        if small_talk.kind(text):
            return "small_talk"
        return "suggested" if best and score >= self.calibration.suggest_from else "unanswered"

    def _suggestions(self, best: Sequence[tuple[int, float]], outcome: Outcome) -> list[str]:
        if outcome not in {"answered", "suggested"}:
            return []
        others = best[1:] if outcome == "answered" else best
        near = [row for row, score in others if score >= self.calibration.suggest_from]
        return [self._ids[row] for row in near[:MOST_SUGGESTIONS]]

    def _calibrated(self, entries: Sequence[Entry], texts: Sequence[Text]) -> Calibration:
        method = BY_MEANING if self._meaning else BY_WORDS
        if len(entries) < 2:
            return method.calibrate([], entries=len(entries))
        probes = _probes(texts)
        sampled = range(0, len(entries), max(1, len(entries) // SAMPLED_ENTRIES))
        return method.calibrate(
            [self._neighbour_score(row, probes) for row in sampled],
            entries=len(entries),
            phrasings=sum(len(entry.phrasings) for entry in entries),
        )

    def _neighbour_score(self, row: int, probes: dict[str, list[Text]]) -> float:
        return fmean(
            float(np.delete(self._scores(probe.text, probe.vector), row).max()) for probe in probes[self._ids[row]]
        )


def highest(scores: Vector, count: int) -> NDArray[np.intp]:
    """Return the rows of the highest scores, best first and of equals the earlier; sorting all would take longer."""
    least = np.partition(scores, -count)[-count] if count < len(scores) else -np.inf
    rows = np.flatnonzero(scores >= least)
    return rows[np.argsort(-scores[rows], kind="stable")][:count]


def lone(scores: Vector) -> Vector:
    """Return the scores, raised a little for an entry without rivals; the order stays."""
    weights = np.exp((scores - NO_RIVAL) / RIVAL_DISTANCE)
    return np.asarray(scores + LONE_BONUS * weights / (1 + weights.sum()), np.float32)


def _texts(entries: Sequence[Entry], embedder: Embedder | None) -> list[Text]:
    of_entries = [(entry.id, passage) for entry in entries for passage in passages(entry)]
    vectors = _vectors(entries, [passage for _, passage in of_entries], embedder) if embedder else {}
    return [Text(entry_id, passage.kind, passage.text, vectors.get(passage.key)) for entry_id, passage in of_entries]


def _vectors(entries: Sequence[Entry], wanted: Sequence[Passage], embedder: Embedder) -> dict[str, Vector]:
    stored = {
        key: vector
        for entry in entries
        for key, vector in (entry.vectors or {}).items()
        if vector.shape == (embedder.dimensions,)
    }
    missing = {passage.key: passage.text for passage in wanted if passage.key not in stored}
    if missing:
        stored.update(zip(missing, embedder.embed(list(missing.values())), strict=True))
    return stored


def _probes(texts: Sequence[Text]) -> dict[str, list[Text]]:
    """Return for each entry its sentences, or its title where the answer has none."""
    of_kind: dict[str, dict[str, list[Text]]] = defaultdict(lambda: defaultdict(list))
    for text in texts:
        of_kind[text.entry_id][text.kind].append(text)
    return {entry_id: kinds["sentence"] or kinds["title"] for entry_id, kinds in of_kind.items()}
