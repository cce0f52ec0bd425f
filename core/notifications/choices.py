"""What a teammate wants to be told, how, and when not."""

import enum
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.errors import Invalid
from core.notifications.kinds import Kind, Way
from models import db, insert_into, transaction
from models.notifications import NotificationSettings
from models.teammates import Teammate

_DEFAULTS: Mapping[Kind, frozenset[Way]] = MappingProxyType(
    {
        Kind.WAITING: frozenset(Way),
        Kind.ASSIGNED: frozenset(Way),
        Kind.MESSAGE: frozenset({Way.PUSH, Way.SOUND}),
        Kind.MENTION: frozenset(Way),
        Kind.LATE: frozenset({Way.PUSH, Way.MAIL}),
        Kind.RATED_BADLY: frozenset({Way.MAIL}),
    }
)


class Pace(enum.StrEnum):
    """How often somebody wants mail about what they have not seen."""

    AT_ONCE = "at_once"
    HOURLY = "hourly"
    DAILY = "daily"
    """In the morning, at eight by their clock."""


@dataclass(frozen=True)
class QuietHours:
    """From when to when, by their own clock, somebody is left alone."""

    begins: str
    ends: str
    time_zone: str

    def hold(self, now: datetime) -> bool:
        """Whether it is quiet now; hours that end earlier than they begin go over midnight."""
        clock = now.astimezone(ZoneInfo(self.time_zone)).time()
        begins, ends = time.fromisoformat(self.begins), time.fromisoformat(self.ends)
        return begins <= clock < ends if begins < ends else clock >= begins or clock < ends


@dataclass(frozen=True)
class Choices:
    """All that a teammate has chosen, or the defaults where they have not."""

    ways: Mapping[Kind, frozenset[Way]] = field(default_factory=lambda: _DEFAULTS)
    pace: Pace = Pace.AT_ONCE
    time_zone: str = "UTC"
    quiet: QuietHours | None = None
    last_mail_at: datetime | None = None

    def wants(self, kind: Kind, way: Way, now: datetime) -> bool:
        """Whether to reach them this way now; what is quiet now comes by mail when it is not any more."""
        is_quiet = self.quiet is not None and self.quiet.hold(now)
        return way in self.ways[kind] and not is_quiet


def of(teammate_id: uuid.UUID) -> Choices:
    """What a teammate has chosen."""
    return read(db.session.get(NotificationSettings, teammate_id))


def read(row: NotificationSettings | None) -> Choices:
    """What a row says; the defaults without one. A kind that came later has its default."""
    if row is None:
        return Choices()
    kept: Mapping[str, Any] = row.choices
    ways = {
        kind: frozenset(Way(way) for way in kept["ways"][kind.value]) if kind.value in kept.get("ways", {}) else default
        for kind, default in _DEFAULTS.items()
    }
    quiet = QuietHours(**row.quiet_hours) if row.quiet_hours else None
    pace, zone = Pace(kept.get("pace", Pace.AT_ONCE)), kept.get("time_zone", "UTC")
    return Choices(ways, pace, zone, quiet, row.last_digest_at)


def change(teammate: Teammate, choices: Choices, *, now: datetime) -> None:
    """Keep what a teammate has chosen.

    Raises:
        Invalid: when there is no such time zone, or the quiet hours have no length.
    """
    _check(choices)
    ways = {kind.value: sorted(way.value for way in choices.ways[kind]) for kind in Kind}
    values: dict[str, Any] = {
        "choices": {"ways": ways, "pace": choices.pace.value, "time_zone": choices.time_zone},
        "quiet_hours": vars(choices.quiet) if choices.quiet else None,
        "has_sound": any(Way.SOUND in of_kind for of_kind in choices.ways.values()),
        "updated_at": now,
    }
    with transaction():
        row = lock(teammate, now=now)
        for name, value in values.items():
            setattr(row, name, value)


def lock(teammate: Teammate, *, now: datetime) -> NotificationSettings:
    """The row of a teammate, made when there is none, that nobody else can lock until the transaction ends."""
    values = {
        "teammate_id": teammate.id,
        "workspace_id": teammate.workspace_id,
        "choices": {},
        "has_sound": True,
        "updated_at": now,
    }
    db.session.execute(insert_into(NotificationSettings).values(**values).on_conflict_do_nothing())
    return db.session.get_one(NotificationSettings, teammate.id, with_for_update=True, populate_existing=True)


def _check(choices: Choices) -> None:
    try:
        ZoneInfo(choices.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid("There is no such time zone.") from None
    if choices.quiet is not None and choices.quiet.begins == choices.quiet.ends:
        raise Invalid("Let the quiet hours end at another time than they begin.")
