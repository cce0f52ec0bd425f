"""Rows as lines of JSON and back. What comes back is a stranger's: each value is checked against its column."""

import enum
import json
import math
import re
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Enum, Float, Integer, Numeric, String, Table, Uuid

from core.archives import tables
from core.errors import Invalid
from models.base import Base, UtcDateTime

LONGEST_LINE = 4 * 1024 * 1024
LONGEST_TEXT = 2 * 1024 * 1024
_DEEPEST = 30
_LARGEST, _LARGEST_USUAL = 2**63 - 1, 2**31 - 1
# A browser would run these where a link belongs.
_DANGEROUS = re.compile(r"\s*(?:javascript|vbscript|data)\s*:", re.IGNORECASE)
# Ours are of version 7; what other systems call by a UUID is left as it is.
OUR_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")

Renumber = Callable[[uuid.UUID], uuid.UUID]


def written(table: Table, row: Mapping[str, Any]) -> str:
    """One row as a line."""
    content = {column.name: _plain(row[column.name]) for column in tables.columns(table)}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"


def read(line: bytes) -> dict[str, Any]:
    """What a line says.

    Raises:
        Invalid: when it is no object of JSON.
    """
    try:
        content = json.loads(line, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Invalid("A line is not readable.") from None
    if not isinstance(content, dict):
        raise Invalid("A line is not readable.")
    return content


def value_of(column: Column[Any], content: Mapping[str, Any], renumber: Renumber) -> Any:
    """The value for a column; None where there is none.

    Args:
        renumber: the id that a row has here, by the one that it had.

    Raises:
        Invalid: naming the column whose value cannot be.
    """
    given = content.get(column.name)
    if given is None:
        return None
    try:
        return _converted(column, given, renumber)
    except (ValueError, TypeError, OverflowError, InvalidOperation, RecursionError):
        raise Invalid(f"“{column.name}” of {column.table.name} cannot be read.") from None


def renumbered(text: str, renumber: Renumber) -> str:
    """A text with the ids of rows replaced by those that they have here."""
    return OUR_ID.sub(lambda found: str(renumber(uuid.UUID(found[0]))), text)


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, uuid.UUID | Decimal):
        return str(value)
    return value


def _converted(column: Column[Any], given: Any, renumber: Renumber) -> Any:
    for kind, read_as in _READ_AS:
        if isinstance(column.type, kind):
            return read_as(column, given, renumber)
    raise TypeError(column.name)


def _moment(given: Any) -> datetime:
    moment = datetime.fromisoformat(_text(given, 40))
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _text(given: Any, longest: int) -> str:
    text: str = _exactly(str, given)
    if len(text) > longest or "\x00" in text:
        raise ValueError
    text.encode()
    return text


def _line(column: Column[Any], given: Any, renumber: Renumber) -> str:
    longest = getattr(column.type, "length", None)
    text = _text(given, longest or LONGEST_TEXT)
    if _DANGEROUS.match(text) and column.name in ("link", "url", "address", "site_url", "origin"):
        return ""
    if column.name in ("subject_id", "file_key"):
        return renumbered(text, renumber)
    return text


def _word(column: Column[Any], given: Any, _renumber: Renumber) -> Any:
    # Of an enum, the type knows the class, which refuses what is none of its words.
    known: Any = getattr(column.type, "enum_class", None)
    return known(given)


def _document(given: Any, renumber: Renumber, deepest: int) -> Any:
    if deepest < 0:
        raise ValueError
    if isinstance(given, dict):
        return {
            renumbered(_text(key, 1_000), renumber): _document(value, renumber, deepest - 1)
            for key, value in given.items()
        }
    if isinstance(given, list):
        return [_document(value, renumber, deepest - 1) for value in given]
    if isinstance(given, str):
        return "" if _DANGEROUS.match(given) else renumbered(_text(given, LONGEST_TEXT), renumber)
    if isinstance(given, float):
        return _finite(given)
    if isinstance(given, int) and not isinstance(given, bool):
        return _number(given)
    return given


@cache
def _shapes() -> Mapping[Any, type]:
    """Whether the documents of a column are objects or lists, as the model of its table says."""
    found: dict[Any, type] = {}
    for mapper in Base.registry.mappers:
        for column in mapper.local_table.columns:
            if isinstance(column.type, JSON):
                [declared] = get_args(mapper.class_.__annotations__[mapper.get_property_by_column(column).key])
                shape = get_args(declared)[0] if isinstance(declared, UnionType) else declared
                found[column] = get_origin(shape)
    return found


def _number(given: Any, *, largest: int = _LARGEST) -> int:
    number: int = _exactly(int, given)
    if abs(number) > largest:
        raise ValueError
    return number


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError
    return number


def _exactly(kind: type, given: Any) -> Any:
    # True is an int to Python, and to nobody else.
    if type(given) is not kind:
        raise TypeError
    return given


def _refuse_constant(_name: str) -> None:
    raise ValueError


# Enum is a kind of String, and ours of a moment a kind of its own: the closer one stands first.
_READ_AS: tuple[tuple[type, Callable[[Column[Any], Any, Renumber], Any]], ...] = (
    (Uuid, lambda _column, given, renumber: renumber(uuid.UUID(str(given)))),
    (UtcDateTime, lambda _column, given, _renumber: _moment(given)),
    (Date, lambda _column, given, _renumber: date.fromisoformat(_text(given, 10))),
    (Enum, _word),
    (JSON, lambda column, given, renumber: _document(_exactly(_shapes()[column], given), renumber, _DEEPEST)),
    (Boolean, lambda _column, given, _renumber: _exactly(bool, given)),
    (BigInteger, lambda _column, given, _renumber: _number(given)),
    (Integer, lambda _column, given, _renumber: _number(given, largest=_LARGEST_USUAL)),
    (Float, lambda _column, given, _renumber: _finite(float(given))),
    (Numeric, lambda _column, given, _renumber: Decimal(_text(str(given), 40))),
    (String, _line),
)
