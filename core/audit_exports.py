"""The audit log as files: a table for spreadsheets, and lines of JSON for other programs."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from core import audit_words, sheets
from models.audits import AuditEntry

_HEADING = ("When (UTC)", "Who", "What", "Before", "After", "From address", "Action", "Kind", "Id")


def as_csv(entries: Iterable[AuditEntry]) -> Iterator[str]:
    """A table in pieces: with the mark that Excel asks for (UTF-8), and no cell that is a formula."""
    yield "\ufeff" + sheets.write([_HEADING])
    for entry in entries:
        yield sheets.write([_row(entry)])


def as_json_lines(entries: Iterable[AuditEntry]) -> Iterator[str]:
    """An object a line, with the values as they were stored."""
    for entry in entries:
        yield json.dumps(_object(entry), ensure_ascii=False, allow_nan=False) + "\n"


FORMATS: Mapping[str, tuple[Callable[[Iterable[AuditEntry]], Iterator[str]], str]] = MappingProxyType(
    {"csv": (as_csv, "text/csv"), "jsonl": (as_json_lines, "application/jsonl")}
)
"""By the ending of the file: how it is written, and its media type."""


def _row(entry: AuditEntry) -> tuple[str, ...]:
    changes = audit_words.changes(entry)
    return (
        entry.created_at.strftime("%Y-%m-%d %H:%M:%S"),
        audit_words.who(entry),
        audit_words.deed(entry),
        "\n".join(f"{one.name}: {one.before}" for one in changes if one.before is not None),
        "\n".join(f"{one.name}: {one.after}" for one in changes if one.after is not None),
        entry.address,
        entry.action,
        entry.subject_kind,
        entry.subject_id,
    )


def _object(entry: AuditEntry) -> dict[str, Any]:
    return {
        "id": str(entry.id),
        "at": entry.created_at.isoformat(),
        "who": audit_words.who(entry),
        "teammate_id": str(entry.teammate_id) if entry.teammate_id else None,
        "action": entry.action,
        "words": f"{audit_words.who(entry)} {audit_words.deed(entry)}",
        "subject": {"kind": entry.subject_kind, "id": entry.subject_id, "name": entry.subject_name},
        "before": entry.before,
        "after": entry.after,
        "address": entry.address,
    }
