"""On which websites an agent's widget has been seen, and where it was refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.domains import origin_of
from core.websites import topic
from gateways.bus import current_bus
from models import after_commit, db, transaction
from models.agents import Agent, WebsiteSighting

# Anybody can send made-up origins; what they can fill is bounded, and the oldest goes first.
_MOST_SIGHTINGS = {False: 50, True: 200}
_LIVE_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Sighting:
    """The widget was loaded, or refused, on one website."""

    origin: str
    name: str
    """The website as its owner would write it, like `shop.com`."""
    pattern: str | None
    """What to add to the list so that it is allowed; None for pages that have no address."""
    loads: int
    last_seen_at: datetime
    version: int | None
    """The published version of the look that it loaded last; None when it did not say."""


@dataclass(frozen=True)
class Status:
    """Whether an agent is on its site, and where."""

    live: tuple[Sighting, ...]
    """Allowed websites that loaded the widget within a week, the latest first."""
    quiet: tuple[Sighting, ...]
    """Allowed websites that loaded it once, but not within a week."""
    refused: tuple[Sighting, ...]
    """Websites that asked for it and are not on the list, the latest first."""

    @property
    def is_live(self) -> bool:
        return bool(self.live)

    @property
    def last_seen_at(self) -> datetime | None:
        seen = self.live or self.quiet
        return seen[0].last_seen_at if seen else None

    @property
    def line(self) -> str:
        """The status in words; when it was last seen stands in `last_seen_at`."""
        if self.live:
            return "Live on 1 site" if len(self.live) == 1 else f"Live on {len(self.live)} sites"
        return f"Quiet on {self.quiet[0].name}" if self.quiet else "Not on your site yet"

    @property
    def is_installed(self) -> bool:
        """Whether an allowed website has ever loaded the widget."""
        return bool(self.live or self.quiet)


def record_load(agent: Agent, origin: str, *, is_allowed: bool, now: datetime, version: int | None = None) -> None:
    """Note that a page of this origin asked for the widget, and tell everybody who waits for it.

    Args:
        version: of the look that the page had, if it said so.
    """
    origin, latest = origin[:300], {"version": version} if version is not None else {}
    with transaction():
        if not _seen_again(agent, origin, latest, is_allowed=is_allowed, now=now):
            _make_room(agent, is_allowed=is_allowed)
            _insert_sighting(agent, origin, latest, is_allowed=is_allowed, now=now)
    after_commit(lambda: current_bus().publish(topic(agent), {"kind": "load"}))


def status(agent: Agent, now: datetime) -> Status:
    """Where the widget is live, where it was, and which websites were refused."""
    rows = db.session.scalars(
        select(WebsiteSighting)
        .where(WebsiteSighting.agent_id == agent.id)
        .order_by(WebsiteSighting.last_seen_at.desc(), WebsiteSighting.origin)
        .execution_options(populate_existing=True)
    ).all()
    since = now - _LIVE_FOR
    return Status(
        live=tuple(_sighting(row) for row in rows if row.is_allowed and row.last_seen_at >= since),
        quiet=tuple(_sighting(row) for row in rows if row.is_allowed and row.last_seen_at < since),
        refused=tuple(_sighting(row) for row in rows if not row.is_allowed and row.last_seen_at >= since),
    )


def _seen_again(agent: Agent, origin: str, latest: Mapping[str, int], *, is_allowed: bool, now: datetime) -> bool:
    known = db.session.scalar(
        update(WebsiteSighting)
        .where(WebsiteSighting.agent_id == agent.id, WebsiteSighting.origin == origin)
        .values(is_allowed=is_allowed, loads=WebsiteSighting.loads + 1, last_seen_at=now, **latest)
        .returning(WebsiteSighting.origin)
        .execution_options(synchronize_session=False)
    )
    return known is not None


def _make_room(agent: Agent, *, is_allowed: bool) -> None:
    kind = (WebsiteSighting.agent_id == agent.id, WebsiteSighting.is_allowed == is_allowed)
    oldest: Sequence[str] = db.session.scalars(
        select(WebsiteSighting.origin)
        .where(*kind)
        .order_by(WebsiteSighting.last_seen_at.desc())
        .offset(_MOST_SIGHTINGS[is_allowed] - 1)
    ).all()
    if oldest:
        db.session.execute(
            delete(WebsiteSighting)
            .where(*kind, WebsiteSighting.origin.in_(oldest))
            .execution_options(synchronize_session=False)
        )


def _insert_sighting(agent: Agent, origin: str, latest: Mapping[str, int], *, is_allowed: bool, now: datetime) -> None:
    # Two first loads may come at once on PostgreSQL; the second then counts on.
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    db.session.execute(
        dialect.insert(WebsiteSighting)
        .values(
            agent_id=agent.id,
            origin=origin,
            is_allowed=is_allowed,
            loads=1,
            first_seen_at=now,
            last_seen_at=now,
            **latest,
        )
        .on_conflict_do_update(
            index_elements=[WebsiteSighting.agent_id, WebsiteSighting.origin],
            set_={"is_allowed": is_allowed, "loads": WebsiteSighting.loads + 1, "last_seen_at": now, **latest},
        )
    )


def _sighting(row: WebsiteSighting) -> Sighting:
    origin = origin_of(row.origin)
    name = row.origin.partition("://")[2] or row.origin
    return Sighting(
        origin=row.origin,
        name=name if origin else "A page without an address",
        pattern=origin.host if origin else None,
        loads=row.loads,
        last_seen_at=row.last_seen_at,
        version=row.version,
    )
