"""How close a question's meaning is to each entry, from the vectors of its title, answer and phrasings."""

from collections.abc import Sequence

import numpy as np

from core.answering.entries import Text, Vector

# The better of title and title with answer decides; the other one has a say, so that one lucky word is not enough.
BETTER_SHARE = 0.7


class Meaning:
    """The vectors of an index. Immutable."""

    def __init__(self, entry_ids: Sequence[str], texts: Sequence[Text]) -> None:
        self._titles = _matrix(texts, "title")
        self._bodies = _matrix(texts, "body")
        self._phrasings = _matrix(texts, "phrasing")
        rows = {entry_id: row for row, entry_id in enumerate(entry_ids)}
        owners = np.array([rows[text.entry_id] for text in texts if text.kind == "phrasing"], np.intp)
        # Phrasings come entry by entry, so that each owner's are neighbours from its start on.
        self._owners, self._starts, self._owner_of_phrasing = np.unique(owners, return_index=True, return_inverse=True)

    def closeness(self, question: Vector) -> Vector:
        """Return one number for each entry; 1 is the same text."""
        titles, bodies = self._titles @ question, self._bodies @ question
        better, worse = np.maximum(titles, bodies), np.minimum(titles, bodies)
        closeness: Vector = np.asarray(BETTER_SHARE * better + (1 - BETTER_SHARE) * worse, np.float32)
        if len(self._owners):
            closeness[self._owners] = np.maximum(closeness[self._owners], self._by_phrasings(titles, question))
        return closeness

    def _by_phrasings(self, titles: Vector, question: Vector) -> Vector:
        # The mean of the two best of an entry's wordings: one stray phrasing must not speak for the whole entry.
        phrasings = self._phrasings @ question
        titles = titles[self._owners]
        best = np.maximum.reduceat(phrasings, self._starts)
        others = np.where(phrasings == best[self._owner_of_phrasing], np.float32(-1), phrasings)
        second = np.maximum(np.maximum.reduceat(others, self._starts), np.minimum(titles, best))
        return np.asarray((np.maximum(titles, best) + second) / 2, np.float32)


def _matrix(texts: Sequence[Text], kind: str) -> Vector:
    vectors = [text.vector for text in texts if text.kind == kind and text.vector is not None]
    return np.array(vectors, np.float32) if vectors else np.zeros((0, 1), np.float32)
