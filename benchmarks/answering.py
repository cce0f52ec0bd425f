"""Measures the built-in answerer on customers' questions that nobody in this project wrote.

    python -m benchmarks.answering [--quick] [--data FOLDER]

The data stays where it is (see its README for sources and licences); without it only speed and memory are measured.
What the columns mean, and what came out, stands in docs/answering-measurements.md.
"""

import argparse
import json
import math
import random
import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean, median, quantiles
from typing import Any, NamedTuple

import numpy as np

from core.answering import Entry, Index, Ranking, passages
from core.answering.words import content_words
from gateways import embeddings
from gateways.embeddings import Embedder

DATA = Path(__file__).parents[2] / "shared" / "data" / "answering"
ALLOWED = 0.05
COLUMNS = ("top-1", "rec@3", "direct", "assist", "direct", "oos", "wrong", "assist", "beside", "offer", "p50", "p95")


class Asked(NamedTuple):
    """A question, its right entries (none: out of scope), and what the answerer said."""

    right: set[str]
    said: Ranking

    @property
    def is_top(self) -> bool:
        return bool(self.said.ranking) and self.said.ranking[0][0] in self.right

    @property
    def is_among_three(self) -> bool:
        return any(entry_id in self.right for entry_id, _ in self.said.ranking[:3])

    @property
    def is_answered(self) -> bool:
        return self.said.outcome == "answered"

    @property
    def is_assisted(self) -> bool:
        if self.is_answered:
            return self.is_top
        return self.is_offered

    @property
    def is_offered(self) -> bool:
        return any(entry_id in self.right for entry_id in self.said.suggestions)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--quick", action="store_true", help="out of the box only, and 1,000 entries instead of 10,000")
    options = parser.parse_args()
    started = time.perf_counter()
    embedder = embeddings.load()
    print(f"model loaded in {time.perf_counter() - started:.2f} s, resident {resident():.0f} MB")
    measure_size(1_000 if options.quick else 10_000, embedder)
    sets = {path.name.split(".")[0]: json.loads(path.read_text()) for path in sorted(options.data.glob("*.json"))}
    if not sets:
        print(f"No data in {options.data}: questions were not measured.")
        return
    for phrasings in (0,) if options.quick else (0, 5, 1_000):
        measure_sets(sets, phrasings, embedder)
    leave_one_out(sets, embedder)


def measure_sets(sets: dict[str, Any], phrasings: int, embedder: Embedder | None) -> None:
    print(f"\n{ {0: 'out of the box', 5: '5 phrasings'}.get(phrasings, 'all phrasings') }")
    print(f"{'':34}{'best line for this set':^28}{'as shipped':^42}{'ms':^14}")
    print(f"{'':34}" + "".join(f"{column:>7}" for column in COLUMNS))
    methods: dict[str, Callable[[Any], list[Asked]]] = {
        "FTS5 alone, reference": lambda data: ask_reference(data, phrasings),
        "full text alone": lambda data: ask(data, phrasings, None),
        "meaning and full text": lambda data: ask(data, phrasings, embedder),
    }
    for method, answer in methods.items():
        rows = {name: figures(answer(data)) for name, data in sets.items()}
        rows["mean"] = [fmean(column) for column in zip(*rows.values(), strict=True)]
        for name, row in rows.items():
            print(f"{method:24}{name:10}" + "".join(f"{value:7.1f}" for value in row))


def ask(data: Any, phrasings: int, embedder: Embedder | None) -> list[Asked]:
    entries = [
        Entry(item["id"], item["question"], item["answer"], tuple(item.get("alt", ())[:phrasings]))
        for item in data["kb"]
    ]
    index = Index.build(entries, embedder)
    return [Asked(right_entries(query), index.search(query["text"])) for query in data["queries"]]


def ask_reference(data: Any, phrasings: int) -> list[Asked]:
    """FTS5 as in the row that the figures are compared with; its line is never drawn, so it answers nothing."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE entry USING fts5(title, body, tokenize='porter unicode61')")
    ids = [item["id"] for item in data["kb"]]
    for item in data["kb"]:
        title = "\n".join([item["question"], *item.get("alt", ())[:phrasings]])
        database.execute("INSERT INTO entry(title, body) VALUES (?, ?)", (title, item["answer"]))
    asked = []
    for query in data["queries"]:
        started = time.perf_counter()
        wanted = " OR ".join(f'"{word}"' for word in content_words(query["text"])) or '""'
        sql = (
            "SELECT rowid, -bm25(entry, 3.0, 1.0) AS score FROM entry WHERE entry MATCH ? ORDER BY score DESC LIMIT 10"
        )
        found = [(ids[row - 1], score) for row, score in database.execute(sql, (wanted,))]
        milliseconds = (time.perf_counter() - started) * 1000
        score = found[0][1] if found else 0.0
        asked.append(Asked(right_entries(query), Ranking(found, "unanswered", None, [], score, milliseconds)))
    return asked


def right_entries(query: Any) -> set[str]:
    return {query["expected_id"], *(query.get("also_ok") or ())} - {None}


def figures(asked: Sequence[Asked]) -> list[float]:
    inside, outside = [one for one in asked if one.right], [one for one in asked if not one.right]
    line = sorted((one.said.score for one in outside), reverse=True)[int(ALLOWED * len(outside))]
    direct = [one.is_top and one.said.score > line for one in inside]
    helped = [
        right or (one.said.score <= line and one.is_among_three) for right, one in zip(direct, inside, strict=True)
    ]
    milliseconds = [one.said.ms for one in asked]
    return [
        percent(one.is_top for one in inside),
        percent(one.is_among_three for one in inside),
        percent(direct),
        percent(helped),
        percent(one.is_answered and one.is_top for one in inside),
        percent(one.is_answered for one in outside),
        percent(one.is_answered and not one.is_top for one in inside),
        percent(one.is_assisted for one in inside),
        percent(one.is_assisted or one.is_offered for one in inside),
        percent(one.said.outcome == "suggested" for one in outside),
        median(milliseconds),
        quantiles(milliseconds, n=20)[-1],
    ]


def leave_one_out(sets: dict[str, Any], embedder: Embedder | None) -> None:
    """Draw the line anew from the other sets each time: what a site would see that had no part in drawing it."""
    print("\nout of the box, the line drawn from the other sets: moved by, direct, out of scope answered")
    asked = {name: ask(data, 0, embedder) for name, data in sets.items()}
    for name in sets:
        others = [answers for other, answers in asked.items() if other != name]
        moved = (
            min((step for step in range(-300, 301) if mean_outside(others, step / 100) <= ALLOWED), default=300) / 100
        )
        inside = [one.is_top and distance(one) >= moved for one in asked[name] if one.right]
        print(f"{name:12}{moved:+7.2f}{percent(inside):7.1f}{100 * mean_outside([asked[name]], moved):7.1f}")


def mean_outside(answers: Sequence[Sequence[Asked]], line: float) -> float:
    return fmean(fmean(distance(one) >= line for one in each if not one.right) for each in answers)


def distance(one: Asked) -> float:
    """Return how far above the shipped line a score is, in units of its spread."""
    if one.said.outcome == "small_talk":
        return -math.inf
    score = min(max(one.said.score, 1e-9), 1 - 1e-9)
    return math.log(score / (1 - score))


def percent(values: Any) -> float:
    return 100 * fmean(map(bool, values))


def measure_size(size: int, embedder: Embedder | None) -> None:
    entries = made_up_entries(size)
    before = resident()
    started = time.perf_counter()
    index = Index.build(entries, embedder)
    built = time.perf_counter() - started
    entries.clear()
    embeddings.return_freed_memory()
    chooser = random.Random(2)
    spent = [
        index.search(f"how long does the {sentence(chooser, 4)} of my {sentence(chooser, 3)} take").ms
        for _ in range(200)
    ]
    print(
        f"{size} made-up entries with stored vectors ({before:.0f} MB with them in hand): built in {built:.1f} s, "
        f"resident {resident():.0f} MB; search p50 {median(spent):.1f} ms, p95 {quantiles(spent, n=20)[-1]:.1f} ms"
    )


def made_up_entries(size: int) -> list[Entry]:
    chooser, numbers = random.Random(1), np.random.default_rng(1)
    entries = []
    for number in range(size):
        entry = Entry(str(number), sentence(chooser, 7), ". ".join(sentence(chooser, 12) for _ in range(5)))
        vectors = {passage.key: unit(numbers) for passage in passages(entry)}
        entries.append(Entry(entry.id, entry.question, entry.answer, (), vectors))
    return entries


def unit(numbers: np.random.Generator) -> Any:
    vector = numbers.standard_normal(384, dtype=np.float32)
    return vector / np.linalg.norm(vector)


def sentence(chooser: random.Random, words: int) -> str:
    """Words as unevenly frequent as in real texts: a third of them are among twenty."""
    return " ".join(
        f"common{chooser.randrange(20)}" if chooser.random() < 0.3 else f"word{int(8000 * chooser.random() ** 2.5)}"
        for _ in range(words)
    ).capitalize()


def resident() -> float:
    """Return the memory of this process in MB (Linux)."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


if __name__ == "__main__":
    main()
