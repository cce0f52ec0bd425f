"""Whether anything that belongs to a workspace or a customer has changed, or is missing."""

import hashlib
import itertools
import uuid
from collections.abc import Iterator

from sqlalchemy import ColumnElement, Engine, Table, event, select

from models import db
from models.customers import Customer
from models.teammates import Workspace
from tests import tables

NOT_OF_A_WORKSPACE = {"deleted_workspaces", "mails", "passkey_challenges", "spent_tickets", "website_paces"}
"""Tables whose rows belong to no workspace: that one was deleted, sealed mails on their way out, numbers that are good
once, and hashes of websites that are being read."""


_changes = itertools.count()
_latest = [next(_changes)]
_known: dict[uuid.UUID, tuple[int, str]] = {}


@event.listens_for(Engine, "before_cursor_execute")
def _note_change(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
    if not statement.lstrip().upper().startswith("SELECT"):
        _latest[0] = next(_changes)


@event.listens_for(Engine, "commit")
def _note_commit(_connection: object) -> None:
    _latest[0] = next(_changes)


def fingerprint(owner: Workspace | Customer) -> str:
    """A hash of everything that belongs to a workspace or a customer; any change anywhere changes it.

    It takes a query a table, so it is not taken again while nobody writes anything at all.
    """
    now = _latest[0]
    at, known = _known.get(owner.id, (None, ""))
    if at != now:
        known = _read(owner)
        _known[owner.id] = (now, known)
    return known


def _read(owner: Workspace | Customer) -> str:
    digest = hashlib.sha256()
    with db.engine.connect() as connection:
        for table, belongs in _scopes(owner):
            for row in connection.execute(select(table).where(belongs).order_by(*table.primary_key.columns)):
                digest.update(repr((table.name, *row)).encode())
    return digest.hexdigest()


def empty_tables(owner: Workspace | Customer) -> list[str]:
    """The tables of which there is no row that belongs to a workspace or a customer."""
    with db.engine.connect() as connection:
        return [
            table.name
            for table, belongs in _scopes(owner)
            if connection.execute(select(table).where(belongs).limit(1)).first() is None
        ]


def _scopes(owner: Workspace | Customer) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    for table in tables.in_order():
        belongs = None if table.name in NOT_OF_A_WORKSPACE else _scope(table, owner)
        if belongs is not None:
            yield table, belongs


def _scope(table: Table, owner: Workspace | Customer) -> ColumnElement[bool] | None:
    """What the owner's rows of a table have in common: naming the owner, or something that belongs to it."""
    if table is owner.__table__:
        return table.c.id == owner.id
    keys = sorted(
        table.foreign_keys, key=lambda key: (key.column.table is not owner.__table__, str(key.parent.nullable))
    )
    for key in keys:
        belongs = _scope(key.column.table, owner)
        if belongs is not None:
            return key.parent.in_(select(key.column).where(belongs))
    return None
