"""One draft an agent, and a numbered row for each look that was ever published."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from core import audits
from core.errors import Conflict, NotFound
from core.widget_configs.config import WidgetConfig
from gateways.bus import current_bus
from models import after_commit, db, transaction
from models.agents import Agent, WidgetDraft, WidgetVersion
from models.teammates import Teammate


def published(agent: Agent) -> tuple[WidgetConfig, int]:
    """What customers see, and the number of that version."""
    version = _latest(agent)
    return WidgetConfig.from_settings(version.settings), version.number


def draft(agent: Agent) -> WidgetDraft:
    """The look that is being worked on, as it stands in the database now."""
    row = db.session.get(WidgetDraft, agent.id, populate_existing=True)
    if row is None:
        raise NotFound("This agent has no look.")
    return row


def drafted(agent: Agent) -> WidgetConfig:
    """The settings of the draft."""
    return WidgetConfig.from_settings(draft(agent).settings)


def has_changes(agent: Agent) -> bool:
    """Whether the draft differs from what customers see."""
    return drafted(agent) != published(agent)[0]


def save_draft(agent: Agent, config: WidgetConfig, *, revision: int, by: Teammate | None, now: datetime) -> WidgetDraft:
    """Keep the draft, if nobody has saved something else since.

    Args:
        revision: the draft's count when the change began.

    Raises:
        Conflict: when the draft has another count by now; nothing is changed then.
    """
    with transaction():
        if drafted(agent) != config and not _write_draft(agent, config, by=by, now=now, revision=revision):
            raise Conflict(_who_was_faster(agent, by))
    return draft(agent)


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
        _write_draft(agent, config, by=by, now=now)
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
        _write_draft(agent, WidgetConfig.from_settings(version.settings), by=by, now=now)
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


def history(agent: Agent, *, most: int = 50) -> Sequence[WidgetVersion]:
    """The published versions, the newest first."""
    return db.session.scalars(
        select(WidgetVersion)
        .where(WidgetVersion.agent_id == agent.id)
        .options(joinedload(WidgetVersion.published_by))
        .order_by(WidgetVersion.number.desc())
        .limit(most)
    ).all()


def _latest(agent: Agent) -> WidgetVersion:
    return db.session.scalars(
        select(WidgetVersion).where(WidgetVersion.agent_id == agent.id).order_by(WidgetVersion.number.desc()).limit(1)
    ).one()


def _next_version(agent: Agent, action: str, *, by: Teammate | None, now: datetime) -> WidgetVersion:
    # The lock keeps two who publish at once from taking the same number.
    row = db.session.scalars(
        select(WidgetDraft)
        .where(WidgetDraft.agent_id == agent.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    latest, config = _latest(agent), WidgetConfig.from_settings(row.settings)
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


def _write_draft(
    agent: Agent, config: WidgetConfig, *, by: Teammate | None, now: datetime, revision: int | None = None
) -> bool:
    change = update(WidgetDraft).where(WidgetDraft.agent_id == agent.id)
    if revision is not None:
        change = change.where(WidgetDraft.revision == revision)
    written = db.session.scalar(
        change.values(
            settings=config.as_settings(),
            revision=WidgetDraft.revision + 1,
            updated_at=now,
            updated_by_id=by.id if by else None,
        )
        .returning(WidgetDraft.agent_id)
        .execution_options(synchronize_session=False)
    )
    return written is not None


def _who_was_faster(agent: Agent, by: Teammate | None) -> str:
    author = draft(agent).updated_by
    if author is None or by is None:
        return "The draft has been changed since you opened this page."
    if author.id == by.id:
        return "You have changed the draft in another tab since you opened this page."
    return f"{author.name} has changed the draft since you opened this page."
