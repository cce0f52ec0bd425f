"""The websites on which an agent may be embedded, and on which its widget has been seen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core import audits
from core.domains import DomainValidator, InvalidPattern, origin_of, parse_pattern, read_entries
from core.errors import Invalid
from gateways.bus import current_bus
from models import after_commit, db, transaction
from models.agents import Agent, Website, WebsiteSighting
from models.teammates import Teammate

log = structlog.get_logger()

ANYWHERE = "*"
LOCAL = ("localhost", "127.0.0.1")
"""How pages on somebody's own computer are reached while a site is being built."""
MOST_PATTERNS = 100
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


def patterns(agent: Agent) -> list[str]:
    """The patterns of the agent's allowed websites, in their order."""
    return [website.pattern for website in agent.websites]


def allows_local(agent: Agent) -> bool:
    """Whether pages on somebody's own computer may embed the agent, by either of their names."""
    return set(LOCAL) <= set(patterns(agent))


def is_allowed(agent: Agent, origin: object) -> bool:
    """Whether a page of this origin may embed the agent (an Origin header, RFC 6454)."""
    return DomainValidator.validate_domain(origin, patterns(agent))


def replace(agent: Agent, wanted: Iterable[str], *, by: Teammate | None, now: datetime) -> None:
    """Allow exactly these websites.

    Args:
        wanted: patterns as somebody typed them; kept in their canonical spelling, doubles once.

    Raises:
        Invalid: when one cannot be read; the sentence says which and what to mend. Nothing is changed then.
    """
    canonical, before = read_patterns(wanted), patterns(agent)
    if canonical == before:
        return
    with transaction():
        kept = {website.pattern: website for website in agent.websites}
        agent.websites = [
            kept.get(pattern) or Website(agent_id=agent.id, pattern=pattern, created_at=now) for pattern in canonical
        ]
        for position, website in enumerate(agent.websites):
            website.position = position
        _judge_sightings_again(agent)
        _note_change(agent, before, canonical, by=by, now=now)
    log.info("websites_changed", agent=str(agent.id), by=str(by.id) if by else None, count=len(canonical))
    after_commit(lambda: current_bus().publish(topic(agent), {"kind": "websites"}))


def allow(agent: Agent, *wanted: str, by: Teammate | None, now: datetime, position: int | None = None) -> None:
    """Allow further websites; one that is on the list already stays where it is.

    Args:
        position: where in the list; at its end when left out.

    Raises:
        Invalid: when a pattern cannot be read.
    """
    known = patterns(agent)
    place = len(known) if position is None else position
    replace(agent, [*known[:place], *wanted, *known[place:]], by=by, now=now)


def remove(agent: Agent, *unwanted: str, by: Teammate | None, now: datetime) -> None:
    """Take websites off the list; one that is not on it changes nothing."""
    replace(agent, [known for known in patterns(agent) if known not in unwanted], by=by, now=now)


def read_written(text: str) -> list[str]:
    """The patterns in what somebody typed or pasted: several at once, and addresses of pages, are fine.

    Raises:
        Invalid: when there is none, or one cannot be read; the sentence says which and what to mend.
    """
    entries = read_entries(text)
    problems = [f"“{entry.text[:80]}”: {entry.problem}" for entry in entries if entry.pattern is None]
    if problems or not entries:
        raise Invalid(" ".join(problems[:3]) or "Write the address of a website, for example example.com.")
    return [str(entry.pattern) for entry in entries]


def read_patterns(wanted: Iterable[str]) -> list[str]:
    """The canonical spelling of patterns, each once.

    Raises:
        Invalid: when one cannot be read, or there are too many.
    """
    canonical = list(dict.fromkeys(_canonical(text) for text in wanted))
    if len(canonical) > MOST_PATTERNS:
        raise Invalid(f"Up to {MOST_PATTERNS} websites fit on the list. Write *.example.com for all below one name.")
    return canonical


def read_site(text: str) -> str:
    """The address of somebody's website as it is kept; left out, the scheme is `https`, and `http` on this computer.

    Raises:
        Invalid: when it is no address of a website.
    """
    address = text.strip()
    if "://" not in address:
        origin = origin_of(f"https://{address}")
        address = f"{'http' if origin is not None and origin.host in LOCAL else 'https'}://{address}"
    origin = origin_of(address)
    if origin is None or len(address) > 2000:
        raise Invalid("Write the address of your website, for example www.example.com.")
    return f"{origin}{urlsplit(address).path}"


def patterns_for_site(site_url: str) -> list[str]:
    """What to allow for a website: its name without `www.`, and all names below it where that is safe.

    Raises:
        Invalid: when it is no address of a website.
    """
    origin = origin_of(site_url)
    if origin is None:
        raise Invalid("Write the address of your website, for example www.example.com.")
    name = origin.host.removeprefix("www.")
    try:
        return [str(parse_pattern(name)), str(parse_pattern(f"*.{name}"))]
    except InvalidPattern:
        return [str(parse_pattern(origin.host))]


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


def topic(agent: Agent) -> str:
    """Where on the bus changes of an agent are announced."""
    return f"agent:{agent.id}"


def _canonical(text: str) -> str:
    try:
        pattern = str(parse_pattern(text.strip()))
    except InvalidPattern as refusal:
        raise Invalid(f"“{text.strip()[:80]}”: {refusal}" if text.strip() else str(refusal)) from None
    if len(pattern) > 300:
        raise Invalid("This is too long for the address of a website.")
    return pattern


def _note_change(
    agent: Agent, before: Sequence[str], after: Sequence[str], *, by: Teammate | None, now: datetime
) -> None:
    action = "websites.change"
    if set(before) < set(after):
        action = "websites.allow"
    elif set(after) < set(before):
        action = "websites.remove"
    audits.record(
        agent.workspace_id,
        action,
        by=by,
        subject=("agent", agent.id, agent.name),
        before={"websites": list(before)},
        after={"websites": list(after)},
        now=now,
    )


def _judge_sightings_again(agent: Agent) -> None:
    """Fit what was seen to the changed list.

    A website that has just been allowed was never seen at work, so its refusal is forgotten and nothing is claimed
    until it loads the widget again.
    """
    allowed = patterns(agent)
    rows = db.session.scalars(select(WebsiteSighting).where(WebsiteSighting.agent_id == agent.id)).all()
    for row in rows:
        may = DomainValidator.validate_domain(row.origin, allowed)
        if may and not row.is_allowed:
            db.session.delete(row)
        row.is_allowed = may


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
