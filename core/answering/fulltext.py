"""Full text search in memory by SQLite FTS5: the same beside every database, and enough alone."""

import math
import sqlite3
import threading
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from core.answering.entries import Entry, Vector
from core.answering.words import content_words, spaced

# A title names the subject; a word of the answer may be there by the way.
TITLE_WEIGHT = 3.0
# A story of hundreds of words would match everything a little.
MOST_WORDS = 24
MOST_REMEMBERED_ROWS = 500_000

_Matches = tuple[NDArray[np.int32], NDArray[np.float32]]


class FullText:
    """A read-only table of the entries. Safe to search from many threads."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._size = len(entries)
        self._lock = threading.Lock()
        # Frequent words match thousands of rows, and customers use the same ones again and again.
        self._remembered: dict[str, _Matches] = {}
        self._remembered_rows = 0
        # The lock replaces SQLite's own check that only one thread uses a connection.
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        self._database.execute(
            "CREATE VIRTUAL TABLE entry USING fts5(title, body, content='',"
            " tokenize='porter unicode61 remove_diacritics 2')"
        )
        self._database.executemany("INSERT INTO entry(rowid, title, body) VALUES (?, ?, ?)", _rows(entries))

    def search(self, text: str) -> tuple[Vector, Vector]:
        """Return for each entry its BM25 score, and the share of the text's words (by rarity) that it contains."""
        scores, covered = np.zeros(self._size, np.float32), np.zeros(self._size, np.float32)
        total = 0.0
        for word in content_words(text)[:MOST_WORDS]:
            rows, word_scores = self._matches(word)
            rarity = math.log1p((self._size - len(rows) + 0.5) / (len(rows) + 0.5))
            total += rarity
            scores[rows] += word_scores
            covered[rows] += np.float32(rarity)
        return scores, covered / np.float32(total or 1.0)

    def _matches(self, word: str) -> _Matches:
        with self._lock:
            found = self._remembered.get(word)
            if found is None:
                found = self._found(word)
                self._remember(word, found)
            return found

    def _found(self, word: str) -> _Matches:
        # In quotes a word is a string to FTS5 and never an operator; `words.tokens` leaves no quote inside it.
        found = self._database.execute(
            "SELECT rowid, -bm25(entry, ?, 1.0) FROM entry WHERE entry MATCH ?", (TITLE_WEIGHT, f'"{word}"')
        ).fetchall()
        return np.array([row for row, _ in found], np.int32), np.array([score for _, score in found], np.float32)

    def _remember(self, word: str, found: _Matches) -> None:
        self._remembered[word] = found
        self._remembered_rows += len(found[0]) + 1
        while self._remembered_rows > MOST_REMEMBERED_ROWS:
            forgotten = self._remembered.pop(next(iter(self._remembered)))
            self._remembered_rows -= len(forgotten[0]) + 1


def _rows(entries: Sequence[Entry]) -> Iterable[tuple[int, str, str]]:
    for row, entry in enumerate(entries):
        yield row, spaced("\n".join((entry.question, *entry.phrasings))), spaced(entry.answer)
