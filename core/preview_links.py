"""Links that show an agent's draft to a colleague: on a page of the real website, or on a neutral one of ours."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import joinedload

from core import audits, websites
from core.domains import DomainValidator
from core.errors import Invalid, NotFound, TooMany
from core.signing import hash_secret, new_secret
from models import db, transaction
from models.agents import Agent, PreviewLink
from models.teammates import Teammate

LIVES = (1, 7, 30)
"""For how many days a link may be good."""
_MOST = 20
_LONGEST_SECRET = 100
_LONGEST_PAGE = 2000


def make(agent: Agent, *, page: str, days: int, by: Teammate, now: datetime) -> tuple[PreviewLink, str]:
    """A link to the draft.

    Args:
        page: of a website of the agent, where the draft is shown; empty for a neutral page of ours.
        days: one of `LIVES`.

    Returns:
        The link and its secret, of which only a hash is kept.

    Raises:
        Invalid: when the page is on no website of the agent, or the days are none of those offered.
        TooMany: when the agent has many links already.
    """
    address = _page_of(agent, page)
    if days not in LIVES:
        raise Invalid(f"Choose {', '.join(map(str, LIVES[:-1]))} or {LIVES[-1]} days.")
    secret = new_secret()
    with transaction():
        _check_count(agent, now=now)
        link = PreviewLink(
            workspace_id=agent.workspace_id,
            agent_id=agent.id,
            token_hash=hash_secret(secret),
            page=address,
            created_by_id=by.id,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        db.session.add(link)
        _note(agent, "preview_link.make", by=by, after={"page": address or "a neutral page", "days": days}, now=now)
    return link, secret


def find(agent: Agent, secret: str, *, now: datetime) -> PreviewLink | None:
    """The link of this agent to which a secret belongs, while it is good."""
    if not secret or len(secret) > _LONGEST_SECRET:
        return None
    return db.session.scalar(_live(agent.id, now=now).where(PreviewLink.token_hash == hash_secret(secret)))


def agent_of(secret: str, *, now: datetime) -> Agent:
    """The agent whose draft a link shows.

    Raises:
        NotFound: it was taken back, has run out, or never was.
    """
    agent_id = db.session.scalar(select(PreviewLink.agent_id).where(PreviewLink.token_hash == hash_secret(secret)))
    agent = db.session.get(Agent, agent_id) if agent_id else None
    if agent is None or agent.archived_at is not None or find(agent, secret, now=now) is None:
        raise NotFound("This link has run out or was taken back. Ask whoever sent it to you for a new one.")
    return agent


def listed(agent: Agent, *, now: datetime) -> Sequence[PreviewLink]:
    """The links of an agent that still work, the latest first."""
    return db.session.scalars(
        _live(agent.id, now=now).options(joinedload(PreviewLink.created_by)).order_by(PreviewLink.created_at.desc())
    ).all()


def withdraw(agent: Agent, link_id: uuid.UUID, *, by: Teammate, now: datetime) -> None:
    """Take a link back.

    Raises:
        NotFound: the agent has none of this id that still works.
    """
    link = db.session.scalar(_live(agent.id, now=now).where(PreviewLink.id == link_id))
    if link is None:
        raise NotFound("This link does not work any more.")
    with transaction():
        link.withdrawn_at = now
        _note(agent, "preview_link.withdraw", by=by, before={"page": link.page or "a neutral page"}, now=now)


def clear_expired(*, now: datetime) -> None:
    """Forget links that have run out."""
    with transaction():
        db.session.execute(delete(PreviewLink).where(PreviewLink.expires_at < now - timedelta(days=1)))


def _page_of(agent: Agent, page: str) -> str:
    if not page.strip():
        return ""
    address = websites.read_site(page)
    if len(address) > _LONGEST_PAGE or not DomainValidator.validate_referer(address, websites.patterns(agent)):
        raise Invalid("The chat is not allowed on this website. Allow it under Websites first, or leave this empty.")
    return address


def _check_count(agent: Agent, *, now: datetime) -> None:
    live = db.session.scalar(select(func.count()).select_from(_live(agent.id, now=now).subquery()))
    if (live or 0) >= _MOST:
        raise TooMany(f"There are {_MOST} links already. Take one back before you make another.", retry_after=3600)


def _live(agent_id: uuid.UUID, *, now: datetime) -> Select[PreviewLink]:
    return select(PreviewLink).where(
        PreviewLink.agent_id == agent_id, PreviewLink.withdrawn_at.is_(None), PreviewLink.expires_at > now
    )


def _note(
    agent: Agent,
    action: str,
    *,
    by: Teammate,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
    now: datetime,
) -> None:
    subject = ("agent", agent.id, agent.name)
    audits.record(agent.workspace_id, action, by=by, subject=subject, before=before, after=after, now=now)
