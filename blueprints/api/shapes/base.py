"""What all shapes share."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)")
_DIGITS = re.compile(r"[0-9]{1,9}")
_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class Shape(BaseModel):
    """Something that is sent or answered; its fields are called as in JavaScript."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        extra="forbid",
        strict=True,
    )

    def as_json(self) -> bytes:
        return self.model_dump_json().encode()


def _written_out(value: object) -> object:
    # A number would be taken for seconds, and a date for its midnight.
    if isinstance(value, str) and not _MOMENT.fullmatch(value):
        raise ValueError("write the time like 2026-11-23T09:30:00Z")
    return value


def _in_our_times(moment: datetime) -> datetime:
    if not _FIRST <= moment <= _LAST:
        raise ValueError("this is too far away")
    return moment.astimezone(UTC)


def _whole(value: object) -> object:
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        raise ValueError("write a whole number")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_written_out), AfterValidator(_in_our_times)]
"""A point in time, as RFC 3339 writes it."""

Whole = BeforeValidator(_whole)
"""For numbers in addresses, which come as text: `1.0` and ` 1` are none."""
Limit = Annotated[int, Field(ge=1, le=100, description="The most rows of a page."), Whole]
Cursor = Annotated[str, Field(max_length=100, description="`next` of the page before; without it, the first page.")]


class PageQuery(Shape):
    """Which page of a list."""

    limit: Limit = 25
    cursor: Cursor | None = None


class Listed(Shape):
    """A page of a list."""

    next: Annotated[str | None, Field(description="The cursor of the next page; null on the last one.")]


class FieldProblem(Shape):
    """What is wrong with one field."""

    name: str
    problem: str


class ProblemTold(Shape):
    """Why it was not done."""

    code: Annotated[str, Field(description="For programs; stays as it is.")]
    message: Annotated[str, Field(description="For people; may change.")]
    retry_after: Annotated[int, Field(description="Seconds to wait.")] | None = None
    fields: list[FieldProblem] | None = None


class Problem(Shape):
    """Each error has this form."""

    model_config = ConfigDict(title="Problem")

    error: ProblemTold
