"""How the widget fares on the websites that it is on, after the launch."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import func, select

from core import jobs, websites
from models import db, transaction
from models.agents import Agent, Event, EventKind, WebsiteSighting

QUIET = "tell_quiet"
"""The kind of job that tells teammates of websites that no longer load the widget."""

_QUIET_AFTER = timedelta(days=2)
_FORGOTTEN_AFTER = timedelta(days=7)
# A website with a handful of loads in all was a try; nobody misses it.
_BUSY_LOADS = 20
_TIMED = 200


@dataclass(frozen=True)
class Health:
    """One website in figures."""

    loads_today: int
    """Since midnight, UTC."""
    milliseconds: float | None
    """The median time from the start of the page to the launcher, of the latest loads; None when none told it."""


def health_by_origin(agent: Agent, *, now: datetime) -> Mapping[str, Health]:
    """The figures of each website that loaded the widget lately."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    loads = (Event.agent_id == agent.id, Event.kind == EventKind.LOAD)
    counted = db.session.execute(
        select(Event.origin, func.count().label("number"))
        .where(*loads, Event.created_at >= midnight)
        .group_by(Event.origin)
    )
    times = defaultdict(list)
    latest = db.session.execute(
        select(Event.origin, Event.details).where(*loads).order_by(Event.created_at.desc()).limit(_TIMED)
    )
    for origin, details in latest:
        taken = _launcher_time(details)
        if taken is not None:
            times[origin].append(taken)
    today = {row.origin: row.number for row in counted}
    return {
        origin: Health(today.get(origin, 0), round(median(times[origin])) if times[origin] else None)
        for origin in {*today, *times}
    }


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


def quiet_now(agent: Agent, *, now: datetime) -> list[websites.Sighting]:
    """The websites of which people are to be told: found quiet within the last hours, and still so."""
    quiet = websites.status(agent, now)
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
