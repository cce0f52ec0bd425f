"""How the widget fares on the websites that it is on, after the launch."""

import enum
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, func, select

from core import jobs, sightings
from core.installs.troubles import TROUBLES
from models import db, transaction
from models.agents import Agent, Event, EventKind, WebsiteSighting, WidgetVersion

QUIET = "tell_quiet"
"""The kind of job that tells teammates of websites that no longer load the widget."""

_QUIET_AFTER = timedelta(days=2)
_FORGOTTEN_AFTER = timedelta(days=7)
# A website with a handful of loads in all was a try; nobody misses it.
_BUSY_LOADS = 20
_TIMED = 200
# The launcher's script is fresh for a minute, and may be shown for ten more while the browser fetches the next.
_KEPT_BY_BROWSERS = timedelta(minutes=12)


class Look(enum.StrEnum):
    """Which published version of the look a website shows, beside the latest."""

    UNKNOWN = "unknown"
    LATEST = "latest"
    ON_ITS_WAY = "on_its_way"
    """A newer one was published; browsers have not asked again yet."""
    HELD_BACK = "held_back"
    """Loaded again after that, and still the old one: something on the way keeps a copy."""


@dataclass(frozen=True)
class Health:
    """One website in figures."""

    loads_today: int
    """Since midnight, UTC."""
    milliseconds: float | None
    """The median time from the start of the page to the launcher, of the latest loads; None when none told it."""
    troubles: Mapping[str, int] = field(default_factory=dict)
    """How often each of `TROUBLES` was met today, the most frequent first."""


def health_by_origin(agent: Agent, *, now: datetime) -> Mapping[str, Health]:
    """The figures of each website that loaded the widget lately."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    today = _loads_since(agent, midnight)
    times = _launcher_times(agent)
    troubles = _troubles_since(agent, midnight)
    return {
        origin: Health(
            today.get(origin, 0),
            round(median(times[origin])) if origin in times else None,
            troubles.get(origin, {}),
        )
        for origin in {*today, *times, *troubles}
    }


def look_shown(sighting: sightings.Sighting, latest: WidgetVersion) -> Look:
    """Whether a website shows the latest published look."""
    if sighting.version is None:
        return Look.UNKNOWN
    if sighting.version >= latest.number:
        return Look.LATEST
    is_late = sighting.last_seen_at > latest.published_at + _KEPT_BY_BROWSERS
    return Look.HELD_BACK if is_late else Look.ON_ITS_WAY


def _loads_since(agent: Agent, start: datetime) -> Mapping[str, int]:
    rows = db.session.execute(
        select(Event.origin, func.count().label("number"))
        .where(*_of(agent, EventKind.LOAD, start))
        .group_by(Event.origin)
    )
    return {row.origin: row.number for row in rows}


def _troubles_since(agent: Agent, start: datetime) -> Mapping[str, Mapping[str, int]]:
    code = Event.details["code"].as_string().label("code")
    number = func.count().label("number")
    rows = db.session.execute(
        select(Event.origin, code, number)
        .where(*_of(agent, EventKind.ERROR, start))
        .group_by(Event.origin, "code")
        .order_by(number.desc(), "code")
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for origin, name, count in rows:
        if name in TROUBLES:
            found[origin][name] = count
    return found


def _launcher_times(agent: Agent) -> Mapping[str, list[float]]:
    latest = db.session.execute(
        select(Event.origin, Event.details)
        .where(Event.agent_id == agent.id, Event.kind == EventKind.LOAD)
        .order_by(Event.created_at.desc())
        .limit(_TIMED)
    )
    times: dict[str, list[float]] = defaultdict(list)
    for origin, details in latest:
        taken = _launcher_time(details)
        if taken is not None:
            times[origin].append(taken)
    return times


def _of(agent: Agent, kind: EventKind, start: datetime) -> tuple[ColumnElement[bool], ...]:
    return (Event.agent_id == agent.id, Event.kind == kind, Event.created_at >= start)


def look_for_quiet(*, now: datetime) -> None:
    """Have people told of websites that were busy and have not loaded the widget for two days; once each time."""
    with transaction():
        found = db.session.execute(
            select(WebsiteSighting, Agent.workspace_id)
            .join(Agent, Agent.id == WebsiteSighting.agent_id)
            .where(
                Agent.archived_at.is_(None),
                WebsiteSighting.is_allowed,
                WebsiteSighting.loads >= _BUSY_LOADS,
                WebsiteSighting.last_seen_at.between(now - _FORGOTTEN_AFTER, now - _QUIET_AFTER),
                WebsiteSighting.quiet_told_at.is_(None)
                | (WebsiteSighting.quiet_told_at < WebsiteSighting.last_seen_at),
            )
        ).all()
        for sighting, _workspace in found:
            sighting.quiet_told_at = now
        for agent_id, workspace_id in {(sighting.agent_id, workspace) for sighting, workspace in found}:
            jobs.start(workspace_id, QUIET, agent_id, now=now)


def quiet_now(agent: Agent, *, now: datetime) -> list[sightings.Sighting]:
    """The websites of which people are to be told: found quiet within the last hours, and still so."""
    quiet = sightings.status(agent, now)
    told = set(
        db.session.scalars(
            select(WebsiteSighting.origin).where(
                WebsiteSighting.agent_id == agent.id,
                WebsiteSighting.quiet_told_at > now - timedelta(hours=6),
                WebsiteSighting.last_seen_at < now - _QUIET_AFTER,
            )
        )
    )
    return [sighting for sighting in (*quiet.live, *quiet.quiet) if sighting.origin in told]


def _launcher_time(details: Mapping[str, Any]) -> float | None:
    timings = details.get("timings")
    taken = timings.get("launcher") if isinstance(timings, Mapping) else None
    return float(taken) if isinstance(taken, int | float) else None
