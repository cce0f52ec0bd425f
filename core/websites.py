"""The websites on which an agent may be embedded."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

import structlog
from sqlalchemy import select

from core import audits
from core.domains import DomainValidator, InvalidPattern, origin_of, parse_pattern, read_entries
from core.errors import Invalid
from gateways.bus import current_bus
from models import after_commit, db, revisions, transaction
from models.agents import Agent, Website, WebsiteSighting
from models.teammates import Teammate

log = structlog.get_logger()

ANYWHERE = "*"
LOCAL = ("localhost", "127.0.0.1")
"""How pages on somebody's own computer are reached while a site is being built."""
MOST_PATTERNS = 100


def patterns(agent: Agent) -> list[str]:
    """The patterns of the agent's allowed websites, in their order."""
    return [website.pattern for website in agent.websites]


def allows_local(agent: Agent) -> bool:
    """Whether pages on somebody's own computer may embed the agent, by either of their names."""
    return set(LOCAL) <= set(patterns(agent))


def is_allowed(agent: Agent, origin: object) -> bool:
    """Whether a page of this origin may embed the agent (an Origin header, RFC 6454)."""
    return DomainValidator.validate_domain(origin, _patterns_kept(agent))


def _patterns_kept(agent: Agent) -> Sequence[str]:
    return revisions.kept("websites", agent.id, agent.workspace_id, lambda: tuple(patterns(agent)))


def replace(agent: Agent, wanted: Iterable[str], *, by: Teammate | None, now: datetime) -> None:
    """Allow exactly these websites.

    Args:
        wanted: patterns as somebody typed them; kept in their canonical spelling, doubles once.

    Raises:
        Invalid: when one cannot be read; the sentence says which and what to mend. Nothing is changed then.
    """
    canonical = read_patterns(wanted)
    with transaction():
        _hold(agent)
        before = patterns(agent)
        if canonical == before:
            return
        kept = {website.pattern: website for website in agent.websites}
        agent.websites = [
            kept.get(pattern) or Website(agent_id=agent.id, pattern=pattern, created_at=now) for pattern in canonical
        ]
        for position, website in enumerate(agent.websites):
            website.position = position
        _judge_sightings_again(agent)
        _note_change(agent, before, canonical, by=by, now=now)
        after_commit(lambda: current_bus().publish(topic(agent), {"kind": "websites"}))
    log.info("websites_changed", agent=str(agent.id), by=str(by.id) if by else None, count=len(canonical))


def allow(agent: Agent, *wanted: str, by: Teammate | None, now: datetime, position: int | None = None) -> None:
    """Allow further websites; one that is on the list already stays where it is.

    Args:
        position: where in the list; at its end when left out.

    Raises:
        Invalid: when a pattern cannot be read.
    """
    with transaction():
        _hold(agent)
        known = patterns(agent)
        place = len(known) if position is None else position
        replace(agent, [*known[:place], *wanted, *known[place:]], by=by, now=now)


def remove(agent: Agent, *unwanted: str, by: Teammate | None, now: datetime) -> None:
    """Take websites off the list; one that is not on it changes nothing."""
    with transaction():
        _hold(agent)
        replace(agent, [known for known in patterns(agent) if known not in unwanted], by=by, now=now)


def _hold(agent: Agent) -> None:
    # One at a time, and knowing what was changed meanwhile: nobody's website is lost, and none is twice on the list.
    db.session.refresh(agent, with_for_update={"key_share": True})


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
