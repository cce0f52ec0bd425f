"""A numbered row for each look that was ever published."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from core import audits
from core.errors import NotFound
from core.widget_configs.config import WidgetConfig
from core.widget_configs.drafts import draft, drafted, write_draft
from gateways.bus import current_bus
from models import after_commit, db, revisions, transaction
from models.agents import Agent, WidgetDraft, WidgetVersion
from models.teammates import Teammate

_MOST_READ = 200
# Made once, as each message asks for it.
_NEWEST = (
    select(WidgetVersion.id, WidgetVersion.number)
    .where(WidgetVersion.agent_id == bindparam("agent_id"))
    .order_by(WidgetVersion.number.desc())
    .limit(1)
)
_read: dict[uuid.UUID, WidgetConfig] = {}
"""Published versions as they were read: each message asks for one, and none ever changes."""


def published(agent: Agent) -> tuple[WidgetConfig, int]:
    """What customers see, and the number of that version."""
    return revisions.kept("look", agent.id, agent.workspace_id, lambda: _read_published(agent))


def _read_published(agent: Agent) -> tuple[WidgetConfig, int]:
    version_id, number = db.session.execute(_NEWEST, {"agent_id": agent.id}).one()
    config = _read.get(version_id)
    if config is None:
        config = WidgetConfig.from_settings(db.session.get_one(WidgetVersion, version_id).settings)
        if len(_read) >= _MOST_READ:
            _read.clear()
        _read[version_id] = config
    return config, number


def has_changes(agent: Agent) -> bool:
    """Whether the draft differs from what customers see."""
    return drafted(agent) != published(agent)[0]


def publish(agent: Agent, *, by: Teammate | None, now: datetime) -> WidgetVersion:
    """Show the draft to customers as a new version; the latest one again when nothing has changed."""
    with transaction():
        version = _next_version(agent, "look.publish", by=by, now=now)
    _announce(agent)
    return version


def discard(agent: Agent, *, by: Teammate | None, now: datetime) -> WidgetDraft:
    """Make the draft what customers see."""
    with transaction():
        dropped, (config, number) = drafted(agent), published(agent)
        write_draft(agent, config, by=by, now=now)
        if dropped != config:
            _note(agent, "look.discard", dropped, config, number, by=by, now=now)
    return draft(agent)


def restore(agent: Agent, number: int, *, by: Teammate | None, now: datetime) -> WidgetVersion:
    """Show an earlier version to customers again, as a new one; the draft starts from it.

    Raises:
        NotFound: when there is no version of this number.
    """
    with transaction():
        version = version_numbered(agent, number)
        write_draft(agent, WidgetConfig.from_settings(version.settings), by=by, now=now)
        brought_back = _next_version(agent, "look.restore", by=by, now=now)
    _announce(agent)
    return brought_back


def version_numbered(agent: Agent, number: int) -> WidgetVersion:
    """A published version.

    Raises:
        NotFound: when there is no version of this number.
    """
    version = db.session.scalar(
        select(WidgetVersion).where(WidgetVersion.agent_id == agent.id, WidgetVersion.number == number)
    )
    if version is None:
        raise NotFound("There is no version of this number.")
    return version


def numbers(agent: Agent, *, most: int = 200) -> Sequence[int]:
    """The numbers of the published versions, the newest first."""
    return db.session.scalars(
        select(WidgetVersion.number)
        .where(WidgetVersion.agent_id == agent.id)
        .order_by(WidgetVersion.number.desc())
        .limit(most)
    ).all()


def history(agent: Agent, *, below: int = 2**31 - 1, most: int = 50) -> Sequence[WidgetVersion]:
    """The published versions, the newest first.

    Args:
        below: only those with a smaller number.
    """
    return db.session.scalars(
        select(WidgetVersion)
        .where(WidgetVersion.agent_id == agent.id, WidgetVersion.number < below)
        .options(joinedload(WidgetVersion.published_by))
        .order_by(WidgetVersion.number.desc())
        .limit(most)
    ).all()


def _latest(agent: Agent) -> WidgetVersion:
    return db.session.scalars(
        select(WidgetVersion).where(WidgetVersion.agent_id == agent.id).order_by(WidgetVersion.number.desc()).limit(1)
    ).one()


def publish_look(
    agent: Agent, config: WidgetConfig, action: str, *, by: Teammate | None, now: datetime
) -> WidgetVersion:
    """Show a look to customers as a new version, whatever the draft is; the latest one again when it is the same.

    Args:
        action: how the audit log calls it.
    """
    with transaction():
        version = _next_version(agent, action, config=config, by=by, now=now)
        db.session.flush()
    _announce(agent)
    return version


def _next_version(
    agent: Agent, action: str, *, config: WidgetConfig | None = None, by: Teammate | None, now: datetime
) -> WidgetVersion:
    # The lock keeps two who publish at once from taking the same number.
    row = db.session.scalars(
        select(WidgetDraft)
        .where(WidgetDraft.agent_id == agent.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    latest, config = _latest(agent), config or WidgetConfig.from_settings(row.settings)
    before = WidgetConfig.from_settings(latest.settings)
    if config == before:
        return latest
    version = WidgetVersion(
        agent_id=agent.id,
        number=latest.number + 1,
        settings=config.as_settings(),
        published_at=now,
        published_by_id=by.id if by else None,
    )
    db.session.add(version)
    _note(agent, action, before, config, version.number, by=by, now=now)
    _rename(agent, config.name, by=by, now=now)
    return version


def _rename(agent: Agent, name: str, *, by: Teammate | None, now: datetime) -> None:
    if agent.name == name:
        return
    before, agent.name = agent.name, name
    subject = ("agent", agent.id, name)
    audits.record(
        agent.workspace_id,
        "agent.rename",
        by=by,
        subject=subject,
        before={"name": before},
        after={"name": name},
        now=now,
    )


def _note(
    agent: Agent,
    action: str,
    before: WidgetConfig,
    after: WidgetConfig,
    number: int,
    *,
    by: Teammate | None,
    now: datetime,
) -> None:
    """Note what of a look has changed; the rest is the same on both sides."""
    old, new = before.as_settings(), after.as_settings()
    changed = [name for name in new if old[name] != new[name]]
    for side in (old, new):
        # A whole style sheet would bury what else the entry says; the versions keep it.
        side["custom_css"] = f"{len(side['custom_css']):,} characters"
    audits.record(
        agent.workspace_id,
        action,
        by=by,
        subject=("agent", agent.id, agent.name),
        before={name: old[name] for name in changed},
        after={name: new[name] for name in changed} | {"version": number},
        now=now,
    )


def _announce(agent: Agent) -> None:
    after_commit(lambda: current_bus().publish(f"agent:{agent.id}", {"kind": "look"}))
