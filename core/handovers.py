"""Links with which somebody outside the team puts the widget on the site: they show the snippet and the status only."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, func, select

from core import accounts, audits
from core.errors import NotFound, TooMany
from core.signing import hash_secret, new_secret
from models import db, transaction
from models.agents import Agent, Handover
from models.teammates import Teammate

LIFETIME = timedelta(days=14)
_MOST_A_DAY = 20
_NO_SUCH_LINK = "This link has run out or was taken back. Ask whoever sent it to you for a new one."


def make(agent: Agent, *, email: str, place: str, by: Teammate, now: datetime) -> tuple[Handover, str]:
    """A link for a developer; an earlier one to the same address stops working.

    Args:
        place: the key of the guide that the page opens with.

    Returns:
        The handover and the secret of its link, of which only a hash is kept.

    Raises:
        TooMany: when the workspace has sent many today; nobody's mailbox is filled from here.
    """
    email = accounts.normal_email(email)
    secret = new_secret()
    with transaction():
        _check_count(agent.workspace_id, now=now)
        for earlier in db.session.scalars(_live(agent, now=now).where(Handover.email == email)):
            earlier.withdrawn_at = now
        handover = Handover(
            workspace_id=agent.workspace_id,
            agent_id=agent.id,
            email=email,
            place=place,
            token_hash=hash_secret(secret),
            sent_by_id=by.id,
            created_at=now,
            expires_at=now + LIFETIME,
        )
        db.session.add(handover)
        audits.record(
            agent.workspace_id,
            "handover.send",
            by=by,
            subject=("agent", agent.id, agent.name),
            after={"to": email},
            now=now,
        )
    return handover, secret


def find(secret: str, *, now: datetime) -> Handover:
    """The handover to which a link belongs; its first opening is noted.

    Raises:
        NotFound: it was taken back, has run out, or never was.
    """
    handover = db.session.scalar(select(Handover).where(Handover.token_hash == hash_secret(secret)))
    if handover is None or handover.withdrawn_at or handover.expires_at <= now or handover.agent.archived_at:
        raise NotFound(_NO_SUCH_LINK)
    if handover.opened_at is None:
        with transaction():
            handover.opened_at = now
    return handover


def listed(agent: Agent, *, now: datetime) -> Sequence[Handover]:
    """The links of an agent that still work, the latest first."""
    return db.session.scalars(_live(agent, now=now).order_by(Handover.created_at.desc())).all()


def withdraw(agent: Agent, handover_id: uuid.UUID, *, by: Teammate, now: datetime) -> None:
    """Take a link back.

    Raises:
        NotFound: the agent has none of this id that still works.
    """
    handover = db.session.scalar(_live(agent, now=now).where(Handover.id == handover_id))
    if handover is None:
        raise NotFound("This link does not work any more.")
    with transaction():
        handover.withdrawn_at = now
        audits.record(
            agent.workspace_id,
            "handover.withdraw",
            by=by,
            subject=("agent", agent.id, agent.name),
            before={"to": handover.email},
            now=now,
        )


def clear_expired(*, now: datetime) -> None:
    """Forget links that have run out."""
    with transaction():
        db.session.execute(delete(Handover).where(Handover.expires_at < now - timedelta(days=1)))


def _live(agent: Agent, *, now: datetime) -> Select[Handover]:
    return select(Handover).where(
        Handover.agent_id == agent.id, Handover.withdrawn_at.is_(None), Handover.expires_at > now
    )


def _check_count(workspace_id: uuid.UUID, *, now: datetime) -> None:
    sent = db.session.scalar(
        select(func.count())
        .select_from(Handover)
        .where(Handover.workspace_id == workspace_id, Handover.created_at > now - timedelta(days=1))
    )
    if (sent or 0) >= _MOST_A_DAY:
        raise TooMany(
            "Many links were sent today. Send the next one tomorrow, or copy the line yourself.", retry_after=3600
        )
