"""A shop that tests make, and how its rows are stored."""

from dataclasses import dataclass, field
from typing import Any

from models import db
from models.teammates import Role, Workspace
from tests import tables


@dataclass(eq=False)
class Shop:
    """One workspace with all its parts."""

    name: str
    workspace: Workspace
    rows: dict[str, Any] = field(default_factory=dict)
    """One row of each kind, by the kind's name."""
    browsers: dict[Role, str] = field(default_factory=dict)
    """The token of a signed-in browser of one teammate of each role."""
    tokens: dict[str, str] = field(default_factory=dict)
    """Secrets of which the database keeps only a hash: session, refresh, invitation, reset."""

    @property
    def marker(self) -> str:
        """What stands in every text of this shop and in none of another."""
        return self.name.lower()

    def id_of(self, kind: str) -> Any:
        return self.rows[kind].id


def store(rows: list[Any]) -> None:
    """Store rows of any tables, whatever refers to whatever."""
    held = {row.__table__ for row in rows}
    # What others refer to comes first.
    for table in tables.in_order():
        if table in held:
            db.session.add_all([row for row in rows if row.__table__ is table])
            db.session.flush()
