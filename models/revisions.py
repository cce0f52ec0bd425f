"""What tells every process that something has changed of what it keeps in memory of a workspace.

Each message of a customer depends on much that changes seldom: the websites, the published look, the webhooks. A
workspace has a revision, which is read together with the session that a message comes in, and whatever was read under
the same revision is still true. A transaction that touches one of these tables gives the workspace another revision as
the last thing that it does: with it, or not at all. Listeners of the ORM see to that: nobody has to think of it.
"""

import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable
from typing import Any, TypeVar, cast

from sqlalchemy import event, select, update
from sqlalchemy.orm import ORMExecuteState, Session, object_session

from models.agents import Agent, Website, WidgetVersion
from models.base import Base, db, new_id
from models.connections import Connection, ConnectionTool
from models.privacy import PrivacySettings
from models.protection import Block
from models.teammates import Workspace
from models.webhooks import Webhook

Content = TypeVar("Content")

WATCHED: tuple[type[Base], ...] = (
    Website,
    WidgetVersion,
    PrivacySettings,
    Block,
    Webhook,
    Connection,
    ConnectionTool,
)
"""The tables of which something may be kept."""
_WATCHED = frozenset(table.__tablename__ for table in WATCHED)
_MOST_KEPT = 20_000
_KNOWN_FOR = 2.0
"""Seconds for which a revision counts as just read: whoever waits for a model would hear of a change too late."""
_KNOWN, _TOUCHED, _EVERYBODY = "revisions", "touched", "everybody"

Known = tuple[uuid.UUID, float]
"""A revision, and when it was read (`time.monotonic()`)."""

_kept: OrderedDict[tuple[str, Hashable], tuple[uuid.UUID, uuid.UUID | None, Any]] = OrderedDict()
_lock = threading.Lock()


def learn(workspace: Workspace) -> None:
    """Note the revision of a workspace that was just read; what is asked for in this session holds for that."""
    db.session().info.setdefault(_KNOWN, {})[workspace.id] = (workspace.revision, time.monotonic())


def known(workspace_id: uuid.UUID) -> Known | None:
    """What this session knows of a workspace's revision, to be handed to another session with the rows themselves."""
    found: Known | None = db.session().info.get(_KNOWN, {}).get(workspace_id)
    return found


def know(workspace_id: uuid.UUID, told: Known | None) -> None:
    """Know in this session what another one knew, for as long as it would have; nothing where that knew nothing."""
    if told is not None:
        db.session().info.setdefault(_KNOWN, {})[workspace_id] = told


def kept(name: str, key: Hashable, workspace_id: uuid.UUID, read: Callable[[], Content]) -> Content:
    """Something of a workspace, from memory where it was read under the revision that this session knows.

    A transaction that has changed something itself reads anew, and so does whoever has not read the revision just now.

    Args:
        name: what it is.
        key: of whom it is: the workspace, or a part of it.
        read: reads it from the database; what it gives is shared, and never changed.
    """
    session = db.session()
    if _is_about_to_touch(session):
        # What this transaction is about to write counts as written, as for any other read.
        session.flush()
    told = known(workspace_id)
    if told is None or time.monotonic() - told[1] > _KNOWN_FOR or _TOUCHED in session.info:
        return read()
    revision = told[0]
    found = _kept.get((name, key))
    if found is not None and found[0] == workspace_id and found[1] == revision:
        content: Content = found[2]
        return content
    content = read()
    with _lock:
        _kept[name, key] = (workspace_id, revision, content)
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return content


def _note_written(_mapper: object, _connection: object, row: Any) -> None:
    # Told of each row: a session does not count among its own what goes because it was taken out of a list.
    owner = getattr(row, "workspace_id", None) or row.agent_id
    _touched(cast(Session, object_session(row))).add((row.__tablename__, owner))


for _table in WATCHED:
    for _moment in ("after_insert", "after_update", "after_delete"):
        event.listen(_table, _moment, _note_written)


@event.listens_for(Session, "do_orm_execute")
def _note_executed(state: ORMExecuteState) -> None:
    """A statement about many rows touches those whose they are; where that cannot be told, everybody."""
    if state.is_select:
        return
    statement: Any = state.statement
    table = getattr(statement, "table", None)
    if table is None or table.name not in _WATCHED or state.execution_options.get("porchlight_counts_only"):
        return
    column = table.c.workspace_id if "workspace_id" in table.c else table.c.agent_id
    owners = _inserted(state, column.name) if statement.is_insert else _changed(state, column)
    if owners is None:
        _touched(state.session).add((_EVERYBODY, None))
    else:
        _touched(state.session).update((table.name, owner) for owner in owners)


def _inserted(state: ORMExecuteState, name: str) -> set[uuid.UUID] | None:
    rows: Any = state.parameters if isinstance(state.parameters, list) else [state.parameters or {}]
    values = {**cast(Any, state.statement).compile().params}
    found = {row[name] for row in rows if name in row}
    found |= {value for key, value in values.items() if key.startswith(name) and isinstance(value, uuid.UUID)}
    return found or None


def _changed(state: ORMExecuteState, column: Any) -> set[uuid.UUID] | None:
    where = cast(Any, state.statement).whereclause
    if where is None or isinstance(state.parameters, list):
        return None
    # Asked of the connection: of the session it would be one more statement to look at.
    found = state.session.connection().execute(select(column).where(where).distinct(), state.parameters or {})
    return set(found.scalars())


@event.listens_for(Session, "before_commit")
def _change_revisions(session: Session) -> None:
    session.flush()
    touched = session.info.get(_TOUCHED)
    if not touched:
        return
    # Last of all, so that whoever waits for this row holds up nobody else, and has nobody waiting.
    # nosemgrep: query-of-everybody - those concerned are chosen below, and everybody only where that cannot be told
    changed = update(Workspace).values(revision=new_id()).execution_options(synchronize_session=False)
    if (_EVERYBODY, None) not in touched:
        changed = changed.where(Workspace.id.in_(_concerned(session, touched)))
    session.execute(changed)
    session.info.pop(_KNOWN, None)


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_rollback")
def _forget_touched(session: Session) -> None:
    # The end of a savepoint decides nothing of what was touched around it.
    if not session.in_nested_transaction():
        session.info.pop(_TOUCHED, None)


def _is_about_to_touch(session: Session) -> bool:
    return any(row.__tablename__ in _WATCHED for row in (*session.new, *session.dirty, *session.deleted))


def _touched(session: Session) -> set[tuple[str, uuid.UUID | None]]:
    touched: set[tuple[str, uuid.UUID | None]] = session.info.setdefault(_TOUCHED, set())
    return touched


def _concerned(session: Session, touched: Collection[tuple[str, uuid.UUID | None]]) -> Collection[uuid.UUID]:
    of_agents = {owner for name, owner in touched if name in (Website.__tablename__, WidgetVersion.__tablename__)}
    workspaces = {owner for name, owner in touched if owner is not None and owner not in of_agents}
    if of_agents:
        workspaces |= set(session.scalars(select(Agent.workspace_id).where(Agent.id.in_(of_agents))))
    return sorted(workspaces)
