"""The tables of the database in an order in which each comes after those that it refers to."""

import functools

from sqlalchemy import Table

from models import Base


@functools.cache
def in_order() -> tuple[Table, ...]:
    """All tables; sorting them takes longer than most of what is done with them."""
    return tuple(Base.metadata.sorted_tables)
