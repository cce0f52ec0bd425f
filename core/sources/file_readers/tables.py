"""Tables: each row is a part of its own, be it a question with its answer or a thing with what is said of it."""

from collections.abc import Iterator, Sequence

from core import sheets
from core.errors import Invalid
from core.imports import decode
from core.knowledge.rows import meaning_of
from core.sources.file_readers.reading import FileRead, Unreadable, bounded
from core.texts import clean, clean_line

_MOST_ROWS = 5_000
_LONGEST_HEADING = 300


def read_table(content: bytes) -> FileRead:
    """Read a CSV table, with any usual sign between its columns.

    Raises:
        Unreadable: when it is no table, or has no row below the names of its columns.
    """
    try:
        records = sheets.table(decode(content).strip("\ufeff \r\n"))
    except Invalid as refusal:
        raise Unreadable(refusal.message) from None
    names, rows = [clean_line(name) for name in records[0]], records[1:]
    if not rows:
        raise Unreadable(
            "There is one row only. The first row names the columns, and each further one tells of a thing."
        )
    note = f"It has {len(rows):,} rows; the first {_MOST_ROWS:,} were read." if len(rows) > _MOST_ROWS else None
    return bounded("\n\n".join(_sections(names, rows[:_MOST_ROWS])), note)


def _sections(names: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    meanings = [meaning_of(name) for name in names]
    if "question" in meanings and "answer" in meanings:
        question, answer = meanings.index("question"), meanings.index("answer")
        for row in rows:
            if len(row) > max(question, answer) and row[question].strip() and row[answer].strip():
                yield f"## {clean_line(row[question])[:_LONGEST_HEADING]}\n\n{clean(row[answer])}"
        return
    for row in rows:
        cells = [clean_line(cell) for cell in row]
        told = [
            f"- **{name}**: {cell}" if name else f"- {cell}" for name, cell in zip(names, cells, strict=False) if cell
        ]
        if told:
            heading = next(filter(None, cells))
            yield f"## {heading[:_LONGEST_HEADING]}\n\n" + "\n".join(told)
