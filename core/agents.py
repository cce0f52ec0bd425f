"""A workspace's agents."""

import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core import audits, websites
from core.errors import Invalid, NotFound
from core.widget_configs import WidgetConfig
from core.widget_configs.reading import plain
from models import db, transaction
from models.agents import Agent, Website, WidgetDraft, WidgetVersion
from models.teammates import Teammate, Workspace

LONGEST_NAME = 60
_PUBLIC_ID = re.compile(r"[A-Za-z0-9_-]{1,36}")


def listed(workspace: Workspace) -> Sequence[Agent]:
    """The workspace's agents, the oldest first; without those that are archived."""
    return _in_order(workspace, archived=False)


def archived(workspace: Workspace) -> Sequence[Agent]:
    """The agents that were put away and can be brought back."""
    return _in_order(workspace, archived=True)


def find(workspace: Workspace, agent_id: uuid.UUID, *, is_archived: bool = False) -> Agent:
    """One agent of this workspace.

    Raises:
        NotFound: when there is none of this id, or it is somebody else's.
    """
    agent = db.session.scalar(select(Agent).where(Agent.id == agent_id, Agent.workspace_id == workspace.id))
    if agent is None or (agent.archived_at is not None) != is_archived:
        raise NotFound("There is no such agent, or it has been archived.")
    return agent


def by_public_id(public_id: str) -> Agent | None:
    """The agent that customers reach under this id, unless it is archived."""
    if not _PUBLIC_ID.fullmatch(public_id):
        return None
    return db.session.scalar(select(Agent).where(Agent.public_id == public_id, Agent.archived_at.is_(None)))


def create(
    workspace: Workspace,
    *,
    name: str,
    site_url: str | None,
    patterns: Sequence[str],
    by: Teammate | None,
    now: datetime,
) -> Agent:
    """Make an agent with a look that is published already, so that its snippet works at once.

    Args:
        site_url: the owner's website; it is allowed, with all names below it.
        patterns: further allowed websites. With no site and no pattern, every website is allowed.

    Raises:
        Invalid: when the name is missing or too long, or a website cannot be read.
    """
    name = read_name(name)
    site = websites.read_site(site_url) if site_url else None
    allowed = websites.read_patterns([*(websites.patterns_for_site(site) if site else []), *patterns])
    agent = Agent(workspace_id=workspace.id, name=name, site_url=site, created_at=now)
    agent.websites = [
        Website(pattern=pattern, position=position, created_at=now)
        for position, pattern in enumerate(allowed or [websites.ANYWHERE])
    ]
    look = WidgetConfig(name=name).as_settings()
    author = by.id if by else None
    with transaction():
        db.session.add(agent)
        db.session.flush()
        db.session.add(WidgetDraft(agent_id=agent.id, settings=look, updated_at=now, updated_by_id=author))
        db.session.add(
            WidgetVersion(agent_id=agent.id, number=1, settings=look, published_at=now, published_by_id=author)
        )
        _note(
            agent,
            "agent.create",
            after={"name": name, "website": site, "websites": websites.patterns(agent)},
            by=by,
            now=now,
        )
    return agent


def read_name(text: str) -> str:
    """A name as it is kept, without doubled space.

    Raises:
        Invalid: when nothing is left of it, or it is too long.
    """
    name = plain(text)
    if not name:
        raise Invalid("Give the agent a name; customers see it above the chat.")
    if len(name) > LONGEST_NAME:
        raise Invalid(f"Choose a shorter name, of up to {LONGEST_NAME} letters.")
    return name


def archive(agent: Agent, *, by: Teammate | None, now: datetime) -> None:
    """Take the agent off every website and out of the lists; nothing is deleted."""
    with transaction():
        agent.archived_at = now
        _note(agent, "agent.archive", by=by, now=now)


def bring_back(agent: Agent, *, by: Teammate | None, now: datetime) -> None:
    """Undo `archive`: the agent works again wherever its snippet still stands."""
    with transaction():
        agent.archived_at = None
        _note(agent, "agent.restore", by=by, now=now)


def allow_link(agent: Agent, is_allowed: bool, *, by: Teammate | None, now: datetime) -> None:
    """Say whether the agent may be opened on its own: by its direct link, and in a mobile app's web view."""
    if agent.allows_link == is_allowed:
        return
    with transaction():
        before, agent.allows_link = {"allows_link": agent.allows_link}, is_allowed
        _note(agent, "agent.allow_link", before=before, after={"allows_link": is_allowed}, by=by, now=now)


def mark_tried(agent: Agent, *, now: datetime) -> None:
    """Remember that somebody of the team has talked to the agent."""
    if agent.tried_at is None:
        with transaction():
            agent.tried_at = now


def _note(
    agent: Agent,
    action: str,
    *,
    by: Teammate | None,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    subject = ("agent", agent.id, agent.name)
    audits.record(agent.workspace_id, action, by=by, subject=subject, before=before, after=after, now=now)


def _in_order(workspace: Workspace, *, archived: bool) -> Sequence[Agent]:
    is_archived = Agent.archived_at.is_not(None) if archived else Agent.archived_at.is_(None)
    return db.session.scalars(
        select(Agent).where(Agent.workspace_id == workspace.id, is_archived).order_by(Agent.created_at, Agent.id)
    ).all()
