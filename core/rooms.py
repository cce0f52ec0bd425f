"""Rooms of Slack, Teams and other services that a workspace is told in."""

import enum
import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select

from core import audits, jobs, signing
from core.errors import Conflict, Invalid, NotFound
from core.occurrences import Kind as Happened
from core.occurrences import Occurrence
from core.recent_values import RecentValues
from core.texts import required_text
from gateways import rooms as services
from models import after_commit, db, new_id, transaction
from models.jobs import Job
from models.notifications import NotificationChannel
from models.teammates import Teammate, Workspace

MOST = 20
"""Rooms of one workspace."""
NAME_LIMIT = 60
_BAD = 2
_JOB = "rooms."


class Told(enum.StrEnum):
    """What a room can be told."""

    STARTED = "started"
    WAITING = "waiting"
    LATE = "late"
    RATED_BADLY = "rated_badly"


HEARD = frozenset({Happened.STARTED, Happened.REQUESTED, Happened.LATE, Happened.RATED})
"""What `tell` wants to hear."""

JOBS = tuple(f"{_JOB}{told.value}" for told in Told)
"""The kinds of job that write into the rooms."""


def of(workspace: Workspace) -> Sequence[NotificationChannel]:
    """A workspace's rooms, by name."""
    return db.session.scalars(
        select(NotificationChannel)
        .where(NotificationChannel.workspace_id == workspace.id)
        .order_by(func.lower(NotificationChannel.name), NotificationChannel.id)
    ).all()


def find(workspace: Workspace, room_id: uuid.UUID) -> NotificationChannel:
    """One room of this workspace.

    Raises:
        NotFound: also for somebody else's.
    """
    found = db.session.get(NotificationChannel, room_id)
    if found is None or found.workspace_id != workspace.id:
        raise NotFound("There is no such room. Somebody may have removed it.")
    return found


def add(
    workspace: Workspace, *, name: str, address: str, told: Collection[Told], by: Teammate, now: datetime
) -> NotificationChannel:
    """Have a room told.

    Args:
        address: as the service gives it out for a webhook, or in the form of apprise; a secret.

    Raises:
        Invalid: when it is no address of a service that we know, or there is no name.
        Conflict: when there are as many rooms as can be.
    """
    service = check_address(address)
    row = NotificationChannel(
        id=new_id(),
        workspace_id=workspace.id,
        name=required_text(name, name="The name", limit=NAME_LIMIT),
        service=service,
        kinds=_kinds(told),
        is_on=True,
        created_by_id=by.id,
        created_at=now,
    )
    row.sealed_address = signing.seal(address.encode(), bound_to=row.id.bytes)
    with transaction():
        db.session.refresh(workspace, with_for_update=True)
        if len(of(workspace)) >= MOST:
            raise Conflict(f"There are {MOST} rooms already. Remove one that nobody needs any more.")
        db.session.add(row)
        _record(row, "room.add", by=by, now=now, after=_as_json(row))
    return row


def change(
    room: NotificationChannel, *, name: str, told: Collection[Told], is_on: bool, by: Teammate, now: datetime
) -> None:
    """Change what a room is told, and whether it is.

    Raises:
        Invalid: when there is no name.
    """
    name = required_text(name, name="The name", limit=NAME_LIMIT)
    with transaction():
        before = _as_json(room)
        room.name, room.kinds, room.is_on = name, _kinds(told), is_on
        if _as_json(room) != before:
            _record(room, "room.change", by=by, now=now, before=before, after=_as_json(room))


def remove(room: NotificationChannel, *, by: Teammate, now: datetime) -> None:
    with transaction():
        _record(room, "room.remove", by=by, now=now, before=_as_json(room))
        db.session.delete(room)


def check_address(address: str) -> str:
    """Which service an address belongs to.

    Raises:
        Invalid: when it is none that we know.
    """
    try:
        return services.service_of(address)
    except services.NoRoom as refusal:
        raise Invalid(str(refusal)) from None


def tell(occurrence: Occurrence) -> None:
    """Have the rooms told that want to hear of this."""
    told = _told_of(occurrence)
    if told is not None and told in _wanted(occurrence.workspace_id):
        jobs.start(occurrence.workspace_id, f"{_JOB}{told.value}", occurrence.conversation.id, now=occurrence.at)


def told_by(job: Job) -> Told:
    """What a job of `JOBS` is to tell."""
    return Told(job.kind.removeprefix(_JOB))


def that_want(workspace_id: uuid.UUID, told: Told) -> list[NotificationChannel]:
    """The rooms that want to hear of something."""
    on = select(NotificationChannel).where(
        NotificationChannel.workspace_id == workspace_id, NotificationChannel.is_on.is_(True)
    )
    return [room for room in db.session.scalars(on) if told.value in room.kinds]


def write(room: NotificationChannel, *, title: str, body: str, now: datetime) -> str:
    """Write into a room now, and note what became of it; outside any transaction.

    Returns:
        what went wrong, in plain words; empty when it was taken.
    """
    room_id, address = room.id, signing.unseal(room.sealed_address, bound_to=room.id.bytes).decode()
    db.session.commit()
    problem = services.send(address, title=title, body=body)
    with transaction():
        # It may have been removed meanwhile.
        found = db.session.get(NotificationChannel, room_id, populate_existing=True)
        if found is not None:
            found.problem = problem[:500] or None
            found.last_sent_at = found.last_sent_at if problem else now
    return problem


def _told_of(occurrence: Occurrence) -> Told | None:
    if occurrence.kind is Happened.RATED:
        return Told.RATED_BADLY if occurrence.details["score"] <= _BAD else None
    return {
        Happened.STARTED: Told.STARTED,
        Happened.REQUESTED: Told.WAITING,
        Happened.LATE: Told.LATE,
    }.get(occurrence.kind)


def _wanted(workspace_id: uuid.UUID) -> frozenset[Told]:
    """What some room wants to hear of."""
    kinds = db.session.scalars(
        select(NotificationChannel.kinds).where(
            NotificationChannel.workspace_id == workspace_id, NotificationChannel.is_on.is_(True)
        )
    )
    return frozenset(Told(kind) for of_room in kinds for kind in of_room)


def _kinds(told: Collection[Told]) -> list[str]:
    return [kind.value for kind in Told if kind in told]


def _as_json(room: NotificationChannel) -> dict[str, object]:
    # The address is a secret, and stays out of the log.
    return {"name": room.name, "service": services.SERVICES.get(room.service, room.service)} | {
        "told": list(room.kinds),
        "is_on": room.is_on,
    }


def _record(
    room: NotificationChannel,
    action: str,
    *,
    by: Teammate,
    now: datetime,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    subject, workspace_id = ("room", room.id, room.name), room.workspace_id
    audits.record(workspace_id, action, by=by, subject=subject, now=now, before=before, after=after)
    after_commit(lambda: _recently_wanted.forget(workspace_id))


_recently_wanted = RecentValues(_wanted)
