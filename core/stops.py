"""Who was stopped by a limit or a step, or would have been."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from core.tallies import Tally
from gateways.counters import current_counters
from models import db, insert_into, new_id, transaction
from models.agents import Agent
from models.protection import Stop

KEPT = timedelta(days=7)
MOST = 1_000
"""The rows that a workspace keeps; the oldest go first."""
_NEW_A_MINUTE = 200


@dataclass(frozen=True)
class _Key:
    workspace_id: uuid.UUID
    agent_id: uuid.UUID
    scope: str
    subject: str
    is_enforced: bool


_tally: Tally[_Key] = Tally()


def note(agent: Agent, scope: str, subject: str, *, is_enforced: bool, now: datetime) -> None:
    """Count one stop; a flood of them is written down together, every few seconds.

    Args:
        scope: which limit, as `protection_settings.name_of`, or `<action>:<step>`.
        subject: the address, website, customer, session or agent that it counts.
    """
    key = _Key(agent.workspace_id, agent.id, scope, subject[:300], is_enforced)
    times = _tally.add(key)
    # Strangers who change their address with each call must not fill the table between two sweeps.
    if times and current_counters().hit(_NEW_A_MINUTE, 60, "stops", agent.workspace_id.hex):
        _write(key, times, now=now)


def listed(workspace_id: uuid.UUID, *, is_enforced: bool, now: datetime, limit: int = 50) -> Sequence[Stop]:
    """The stops of the last seven days, the latest first."""
    return db.session.scalars(
        select(Stop)
        .where(Stop.workspace_id == workspace_id, Stop.is_enforced == is_enforced, Stop.last_at >= now - KEPT)
        .order_by(Stop.last_at.desc(), Stop.id.desc())
        .limit(limit)
    ).all()


def clear_old(*, now: datetime) -> None:
    """Write down what waits, forget what is old, and keep each workspace's list short."""
    for key, times in _tally.take_all().items():
        _write(key, times, now=now)
    with transaction():
        db.session.execute(delete(Stop).where(Stop.last_at < now - KEPT))
        for workspace_id in _overfull():
            newest = select(Stop.id).where(Stop.workspace_id == workspace_id).order_by(Stop.last_at.desc()).limit(MOST)
            db.session.execute(
                delete(Stop)
                .where(Stop.workspace_id == workspace_id, Stop.id.not_in(newest))
                .execution_options(synchronize_session=False)
            )


def _write(key: _Key, times: int, *, now: datetime) -> None:
    row = {"id": new_id(), **vars(key), "times": times, "first_at": now, "last_at": now}
    again = {"times": Stop.times + times, "last_at": now, "agent_id": key.agent_id}
    unique = [Stop.workspace_id, Stop.scope, Stop.subject, Stop.is_enforced]
    with transaction():
        if db.session.get(Agent, key.agent_id) is None:
            return  # Erased while its stops were being counted.
        db.session.execute(
            insert_into(Stop).values(**row).on_conflict_do_update(index_elements=unique, set_=again),
            execution_options={"synchronize_session": False},
        )


def _overfull() -> Sequence[uuid.UUID]:
    # nosemgrep: query-of-everybody - the sweeper looks after all workspaces
    counted = select(Stop.workspace_id).group_by(Stop.workspace_id).having(func.count() > MOST)
    return db.session.scalars(counted).all()
