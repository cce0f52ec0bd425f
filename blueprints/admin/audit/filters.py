"""What somebody looks for in the audit log, as it stands in the address."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from core.audit_words import AREAS
from core.audits import Wanted


@dataclass(frozen=True)
class Filter:
    """The fields of the page; what cannot be read counts as not chosen."""

    person: str = ""
    area: str = ""
    since: str = ""
    until: str = ""
    zone: str = ""
    """The viewer's time zone, in which the two days are meant; UTC when their browser does not say."""

    @classmethod
    def read(cls, fields: Mapping[str, str]) -> "Filter":
        read = cls(**{name: fields.get(name, "")[:60] for name in ("person", "area", "since", "until", "zone")})
        return cls(
            person=read.person if _uuid(read.person) else "",
            area=read.area if read.area in AREAS else "",
            since=read.since if _day(read.since, UTC) else "",
            until=read.until if _day(read.until, UTC) else "",
            zone=read.zone if _zone(read.zone) is not UTC else "",
        )

    @property
    def is_empty(self) -> bool:
        return not (self.person or self.area or self.since or self.until)

    def fields(self) -> dict[str, str]:
        """What stands in an address, without what was not chosen."""
        return {name: content for name, content in vars(self).items() if content}

    def wanted(self) -> Wanted:
        zone = _zone(self.zone)
        last = _day(self.until, zone)
        return Wanted(
            teammate_id=_uuid(self.person),
            area=self.area,
            since=_day(self.since, zone),
            until=last + timedelta(days=1) if last else None,
        )


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _day(text: str, zone: tzinfo) -> datetime | None:
    """When a day begins; those whose moments no database could tell apart from others are left out."""
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone; it gets one below
    except ValueError:
        return None
    return datetime.combine(day, time(), zone) if 1970 <= day.year <= 9000 else None


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (ValueError, OSError, KeyError):
        return UTC
