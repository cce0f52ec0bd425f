"""Rows of a list of questions and answers, before anything is stored."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.errors import Invalid
from core.knowledge.wording import LONGEST_ID, Wording, folded, worded

MOST_ROWS = 10_000
# A cell that is far too long is a problem to be told, not a text to be worked on.
_LONGEST_CELL = 100_000
_PIPE = re.compile(r"(\\*)\|")
_NAMES = {
    "id": {"id", "ids", "external id", "key", "ref", "reference", "entry id", "number", "no", "nr"},
    "question": {"question", "questions", "q", "title", "titles", "customer question"},
    "answer": {"answer", "answers", "a", "text", "reply", "response", "content"},
    "phrasings": {
        "phrasings", "phrasing", "alt", "alts", "alternative", "alternatives", "alternative phrasings",
        "alternative questions", "other ways to ask", "other phrasings", "variants", "synonyms",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One question with its answer as a file has it, and what is wrong with it."""

    number: int
    external_id: str | None
    wording: Wording
    problems: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "id": self.external_id,
            "question": self.wording.question,
            "answer": self.wording.answer,
            "phrasings": list(self.wording.phrasings),
            "problems": list(self.problems),
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "Row":
        wording = Wording(kept["question"], kept["answer"], tuple(kept["phrasings"]))
        return cls(kept["number"], kept["id"], wording, tuple(kept["problems"]))


@dataclass(frozen=True)
class Unreadable:
    """A row of a file that cannot be told apart into its fields."""

    problem: str


def meaning_of(name: str) -> str | None:
    """What a column or key of this name holds: `id`, `question`, `answer`, `phrasings`, or nothing that we know."""
    plain = " ".join(name.casefold().replace("_", " ").replace("-", " ").split())
    return next((meaning for meaning, names in _NAMES.items() if plain in names), None)


def read_rows(listing: Sequence[object], *, numbers: Sequence[int] | None = None) -> list[Row]:
    """Read a list of mappings with the keys `id`, `question`, `answer` and `alt`, or others that mean the same.

    Args:
        numbers: those of the rows, as their file shows them; from 1 on when left out.

    Raises:
        Invalid: when there is none, or far too many. What is wrong with single rows stands in them.
    """
    if not listing:
        raise Invalid("There are no questions in it.")
    if len(listing) > MOST_ROWS:
        raise Invalid(f"It has {len(listing):,} rows. At most {MOST_ROWS:,} can be imported at once.")
    numbered = zip(numbers or range(1, len(listing) + 1), listing, strict=True)
    return _with_repetitions([_row(number, fields) for number, fields in numbered])


def split_phrasings(cell: str) -> list[str]:
    """The phrasings in one cell, told apart by | or line breaks; a | inside of one has a backslash before it."""

    def mark(match: re.Match[str]) -> str:
        slashes = match[1]
        return slashes[: len(slashes) // 2] + ("\0" if len(slashes) % 2 else "\n")

    separated = _PIPE.sub(mark, cell.replace("\0", ""))
    return [phrasing.replace("\0", "|") for phrasing in separated.split("\n")]


def join_phrasings(phrasings: Sequence[str]) -> str:
    """One cell from which `split_phrasings` reads the same phrasings."""
    return " | ".join(_PIPE.sub(r"\1\1\|", phrasing) for phrasing in phrasings)


def _row(number: int, fields: object) -> Row:
    if isinstance(fields, Unreadable):
        return Row(number, None, Wording("", "", ()), (fields.problem,))
    if not isinstance(fields, Mapping):
        return Row(number, None, Wording("", "", ()), ("it is not a question with an answer",))
    named: dict[str, object] = {}
    for name, value in fields.items():
        meaning = meaning_of(str(name))
        if meaning is not None:
            named.setdefault(meaning, value)
    problems: list[str] = []
    external_id = _external_id(named.get("id"), problems)
    question = _text(named.get("question"), "the question", problems)
    answer = _text(named.get("answer"), "the answer", problems)
    wording = worded(question, answer, _phrasings(named.get("phrasings"), problems))
    return Row(number, external_id, wording, tuple(problems or wording.problems()))


def _text(value: object, name: str, problems: list[str]) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        problems.append(f"{name} is not a text")
        return ""
    if len(value) > _LONGEST_CELL:
        problems.append(f"{name} is far too long; perhaps a quotation mark is opened and never closed")
        return value[:1000]
    return value


def _external_id(value: object, problems: list[str]) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    text = _text(value, "the id", problems).strip()
    if not text:
        return None
    if len(text) > LONGEST_ID:
        problems.append(f"the id is longer than {LONGEST_ID} characters")
        return None
    if not text.isprintable():
        problems.append("the id has characters that cannot be shown")
        return None
    return text


def _phrasings(value: object, problems: list[str]) -> list[str]:
    if value is None:
        return []
    listing = split_phrasings(value) if isinstance(value, str) else value
    if not isinstance(listing, Sequence):
        problems.append("the other ways to ask are not a list of texts")
        return []
    return [_text(item, "another way to ask", problems) for item in listing]


def _with_repetitions(rows: Sequence[Row]) -> list[Row]:
    """Mark rows that say again, or otherwise, what an earlier good row says."""
    by_id: dict[str, int] = {}
    by_question: dict[str, int] = {}
    checked = []
    for row in rows:
        problem = None if row.problems else _repetition(row, by_id, by_question)
        if problem:
            checked.append(replace(row, problems=(problem,)))
            continue
        checked.append(row)
        if not row.problems:
            if row.external_id:
                by_id[row.external_id] = row.number
            else:
                by_question[folded(row.wording.question)] = row.number
    return checked


def _repetition(row: Row, by_id: Mapping[str, int], by_question: Mapping[str, int]) -> str | None:
    if row.external_id and row.external_id in by_id:
        return f"its id “{row.external_id}” stands in row {by_id[row.external_id]:,} already"
    if not row.external_id and (earlier := by_question.get(folded(row.wording.question))):
        return f"row {earlier:,} asks the same"
    return None
