"""When teammates take conversations: what they have said, their own hours, and whether a browser of theirs is open."""

import enum
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from core import audits, business_hours, teammates
from core.errors import Invalid
from core.permissions import Permission
from core.widget_configs import Hours
from core.widget_configs.hours_checks import hours_of
from core.widget_configs.reading import Reader
from core.widget_words import LANGUAGES
from models import db, insert_into, transaction
from models.inbox import Availability, Presence
from models.teammates import Teammate

CAPACITY = 5
"""How many conversations somebody has at once when nothing else was chosen."""
MOST = 100
GONE_AFTER = timedelta(minutes=3)
"""Who has had no page of the admin open for so long is not there; open pages call in each minute."""

_NOTED_EVERY = 45.0
_MOST_NOTED = 10_000
_noted: dict[uuid.UUID, float] = {}


class Whereabouts(enum.StrEnum):
    """Where a teammate is, as far as customers are concerned."""

    THERE = "there"
    AWAY = "away"
    OFF = "off"
    GONE = "gone"


@dataclass(frozen=True)
class Attendance:
    """A teammate who may answer, with what is known of when they do."""

    teammate: Teammate
    availability: Availability

    def whereabouts(self, now: datetime) -> Whereabouts:
        return whereabouts(self.availability, now=now)

    def is_there(self, now: datetime) -> bool:
        return self.whereabouts(now) is Whereabouts.THERE


def of(teammate: Teammate) -> Availability:
    """What holds for a teammate; what they have not decided is as it usually is, and stored nowhere."""
    return db.session.get(Availability, teammate.id) or _usual(teammate)


def attendances(workspace_id: uuid.UUID) -> Sequence[Attendance]:
    """Everybody of a workspace who may answer customers."""
    known = {
        row.teammate_id: row
        for row in db.session.scalars(
            select(Availability)
            .where(Availability.workspace_id == workspace_id)
            .execution_options(populate_existing=True)
        )
    }
    people = teammates.who_may(workspace_id, Permission.ANSWER)
    return [Attendance(teammate, known.get(teammate.id) or _usual(teammate)) for teammate in people]


def is_anybody_there(workspace_id: uuid.UUID, *, now: datetime) -> bool | None:
    """Whether somebody of the team could answer now; None where nobody was ever seen, so that nothing is known."""
    team = attendances(workspace_id)
    if not any(one.availability.last_active_at for one in team):
        return None
    return any(one.is_there(now) for one in team)


def whereabouts(availability: Availability, *, now: datetime) -> Whereabouts:
    """Where somebody is: what they have said counts first, then their hours, then whether a page is open."""
    if availability.presence is Presence.AWAY:
        return Whereabouts.AWAY
    if not business_hours.is_open(hours(availability), now):
        return Whereabouts.OFF
    seen = availability.last_active_at
    return Whereabouts.THERE if seen is not None and now - seen < GONE_AFTER else Whereabouts.GONE


def hours(availability: Availability) -> Hours:
    """Somebody's own hours; not switched on where they have none."""
    return hours_of(Reader({"hours": availability.schedule or {}}), Hours())


def check_hours(settings: Mapping[str, Any]) -> tuple[Hours, dict[str, str]]:
    """Read hours from a form, with a sentence for each part that cannot be used, such as `hours.time_zone`."""
    reader = Reader({"hours": settings})
    return hours_of(reader, Hours()), reader.problems


def set_presence(teammate: Teammate, presence: Presence, *, now: datetime) -> None:
    """Say whether one takes conversations."""
    with transaction():
        row = _lock(teammate, now=now)
        row.presence, row.updated_at = presence, now
        # Whoever says so has a page open.
        row.last_active_at = now


def change(
    teammate: Teammate,
    *,
    own_hours: Hours,
    languages: Sequence[str],
    capacity: int,
    by: Teammate,
    now: datetime,
) -> None:
    """Change when somebody takes conversations, in which languages, and how many at once.

    Raises:
        Invalid: when a language or the number is none that can be meant.
    """
    spoken = checked_languages(languages)
    if not 0 <= capacity <= MOST:
        raise Invalid(f"Write how many conversations at once, from 0 to {MOST}.")
    schedule = _as_json(own_hours) if own_hours.is_on else None
    with transaction():
        row = _lock(teammate, now=now)
        before = _settings(row)
        row.schedule, row.languages, row.capacity, row.updated_at = schedule, spoken, capacity, now
        if before != _settings(row):
            subject = ("teammate", teammate.id, teammate.name)
            audits.record(
                teammate.workspace_id,
                "availability.change",
                by=by,
                subject=subject,
                before=before,
                after=_settings(row),
                now=now,
            )


def checked_languages(languages: Sequence[str]) -> list[str]:
    """Languages as they are kept: each once, in the order of ours.

    Raises:
        Invalid: when the widget does not speak one of them.
    """
    if set(languages) - set(LANGUAGES):
        raise Invalid("Choose from the languages that are offered.")
    return [language for language in LANGUAGES if language in set(languages)]


def note_active(teammate: Teammate, *, now: datetime) -> bool:
    """Note that somebody has a page of the admin open; asked of each page once a minute, and stored as rarely.

    Returns:
        Whether they have just come, so that conversations may wait for them.
    """
    noted_at = _noted.get(teammate.id)
    if noted_at is not None and time.monotonic() - noted_at < _NOTED_EVERY:
        return False
    if len(_noted) >= _MOST_NOTED:
        _noted.clear()
    _noted[teammate.id] = time.monotonic()
    with transaction():
        row = _lock(teammate, now=now)
        has_come = row.last_active_at is None or now - row.last_active_at >= GONE_AFTER
        row.last_active_at = now
    return has_come


def note_given(teammate: Teammate, *, at: datetime) -> None:
    """Note that somebody was given a conversation; whose turn it is next depends on it."""
    with transaction():
        _lock(teammate, now=at).last_given_at = at


def _usual(teammate: Teammate) -> Availability:
    return Availability(
        teammate_id=teammate.id,
        workspace_id=teammate.workspace_id,
        presence=Presence.ONLINE,
        languages=[],
        capacity=CAPACITY,
    )


def _lock(teammate: Teammate, *, now: datetime) -> Availability:
    values = {
        "teammate_id": teammate.id,
        "workspace_id": teammate.workspace_id,
        "presence": Presence.ONLINE,
        "languages": [],
        "capacity": CAPACITY,
        "updated_at": now,
    }
    db.session.execute(insert_into(Availability).values(**values).on_conflict_do_nothing())
    return db.session.get_one(Availability, teammate.id, with_for_update=True, populate_existing=True)


def _settings(row: Availability) -> dict[str, Any]:
    return {"hours": row.schedule, "languages": list(row.languages), "capacity": row.capacity}


def _as_json(own_hours: Hours) -> dict[str, Any]:
    settings = asdict(own_hours)
    settings["days"] = {day: [list(span) for span in spans] for day, spans in settings["days"].items()}
    settings["holidays"] = list(settings["holidays"])
    del settings["away"]
    return settings
