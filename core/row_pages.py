"""Long lists of a workspace, a page at a time, however much is added meanwhile."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, Uuid, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from core.places import Place
from models import db
from models.base import UtcDateTime
from models.teammates import Workspace

Row = TypeVar("Row")


def page(
    workspace: Workspace,
    query: Select[Row],
    *,
    moment: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
    number: InstrumentedAttribute[uuid.UUID],
    cursor: str | None,
    limit: int,
    place: Callable[[Row], tuple[datetime, uuid.UUID]],
) -> tuple[Sequence[Row], str | None]:
    """A page of a workspace's rows, the latest first, and where the next one begins.

    Args:
        moment: what the rows are ordered by, and `number` where it is the same.
        cursor: where the page before ended.
        place: both of a row.

    Raises:
        Invalid: when the cursor is not from us.
    """
    # Said here for all lists: one that forgets it would be of everybody.
    query = query.where(number.class_.workspace_id == workspace.id)
    if cursor:
        known = Place.read(cursor)
        marker: Any = tuple_(literal(known.moment, UtcDateTime()), literal(known.row_id, Uuid()))
        query = query.where(tuple_(moment, number) < marker)
    found = db.session.scalars(query.order_by(moment.desc(), number.desc()).limit(limit + 1)).all()
    rows = found[:limit]
    return rows, Place(*place(rows[-1])).written() if len(found) > limit else None
