"""Questions and answers as a table that spreadsheet programs read and write (CSV, RFC 4180)."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

from core.errors import Invalid
from core.knowledge.rows import Unreadable, meaning_of

_DELIMITERS = (",", ";", "\t", "|")
_SEEN_FIRST = 50
_STATED_DELIMITER = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
# What makes a spreadsheet take a cell for a formula (CWE-1236), also in the wide forms of East Asian keyboards, and
# behind space that some of them leave out.
_BEGINNING = "[\\s\u200b\u2060\ufeff]*[=+\\-@＝＋－＠]|[\t\r\n]"
_FORMULA = re.compile(f"'*(?:{_BEGINNING})")
_GUARDED = re.compile(f"'+(?:{_BEGINNING})")
_WITHOUT_HEADING = ("question", "answer", "phrasings")

Record = list[str]


def write(rows: Iterable[Sequence[str]]) -> str:
    """A table in which no cell is a formula; `read` takes the guard away again."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([_guarded(cell) for cell in row] for row in rows)
    return text.getvalue()


def read(text: str) -> tuple[list[object], list[int]]:
    """Read a table with any usual delimiter, with or without a heading row.

    Returns:
        For each row that is not empty the fields that we know, and its number as a spreadsheet shows it.

    Raises:
        Invalid: when it is no table, or has no column for questions or for answers.
    """
    stated = _STATED_DELIMITER.match(text)
    if stated:
        text = text[stated.end() :]
    records = _records(text, stated[1] if stated else _delimiter(text))
    heading = _heading(records)
    first_number = (2 if stated else 1) + (1 if _has_names(records[0]) else 0)
    body = records[1:] if _has_names(records[0]) else records
    numbered = [(number, record) for number, record in enumerate(body, first_number) if any(map(str.strip, record))]
    return [_fields(heading, record) for _, record in numbered], [number for number, _ in numbered]


def table(text: str) -> list[Record]:
    """The rows of a table with any usual delimiter that are not empty, the names of its columns among them.

    Raises:
        Invalid: when it is no table.
    """
    stated = _STATED_DELIMITER.match(text)
    if stated:
        text = text[stated.end() :]
    records = _records(text, stated[1] if stated else _delimiter(text))
    return [record for record in records if any(map(str.strip, record))]


def _records(text: str, delimiter: str) -> list[Record]:
    records: list[Record] = []
    try:
        records.extend(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        raise Invalid(
            f"The file cannot be read after row {len(records):,}. "
            "Perhaps a quotation mark is opened there and never closed."
        ) from None
    if not any(any(map(str.strip, record)) for record in records):
        raise Invalid("There are no questions in it.")
    return [[_unguarded(cell) for cell in record] for record in records]


def _delimiter(text: str) -> str:
    return max(_DELIMITERS, key=lambda delimiter: _fit(text, delimiter))


def _fit(text: str, delimiter: str) -> tuple[int, float]:
    """How well the beginning of a text reads with this delimiter."""
    try:
        records = [r for r in islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), _SEEN_FIRST) if r]
    except csv.Error:
        return (0, 0.0)
    if not records:
        return (0, 0.0)
    names = {meaning_of(cell) for cell in records[0]} - {None}
    width, times = Counter(map(len, records)).most_common(1)[0]
    return (len(names) if len(names) > 1 else 0, times / len(records) if width > 1 else 0.0)


def _heading(records: Sequence[Record]) -> list[str | None]:
    if not _has_names(records[0]):
        if max(map(len, records)) < 2:
            raise Invalid("It has one column only. It needs one with questions and one with answers.")
        return list(_WITHOUT_HEADING)
    heading = [meaning_of(cell) for cell in records[0]]
    for name in ("question", "answer"):
        if name not in heading:
            raise Invalid(f"No column is named “{name}”. Name the columns question and answer in the first row.")
    return heading


def _has_names(record: Record) -> bool:
    return bool({meaning_of(cell) for cell in record} & {"question", "answer"})


def _fields(heading: Sequence[str | None], record: Record) -> object:
    if any(map(str.strip, record[len(heading) :])):
        return Unreadable(
            "it has more cells than there are columns; texts that hold the sign between columns need quotation marks"
        )
    fields: dict[str, str] = {}
    for name, cell in zip(heading, record, strict=False):
        if name is not None:
            fields.setdefault(name, cell)
    return fields


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if _GUARDED.match(cell) else cell
