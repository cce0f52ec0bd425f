"""One draft an agent, and a numbered row for each look that was ever published."""

import contextlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import joinedload

from core import audits
from core.errors import Conflict, NotFound
from core.widget_configs.config import WidgetConfig
from core.widget_configs.merging import Merge, merge
from gateways.bus import current_bus
from models import after_commit, db, insert_into, transaction
from models.agents import Agent, WidgetDraft, WidgetDraftStep, WidgetVersion
from models.teammates import Teammate

_MOST_STEPS = 400
_MOST_TRIES = 5
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
    version_id, number = db.session.execute(_NEWEST, {"agent_id": agent.id}).one()
    config = _read.get(version_id)
    if config is None:
        config = WidgetConfig.from_settings(db.session.get_one(WidgetVersion, version_id).settings)
        if len(_read) >= _MOST_READ:
            _read.clear()
        _read[version_id] = config
    return config, number


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


def begun_from(agent: Agent, revision: int) -> WidgetConfig | None:
    """What the draft was at an earlier count; None when that is no longer kept."""
    settings = db.session.scalar(
        select(WidgetDraftStep.settings).where(
            WidgetDraftStep.agent_id == agent.id, WidgetDraftStep.revision == revision
        )
    )
    return WidgetConfig.from_settings(settings) if settings is not None else None


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


def save_merged(
    agent: Agent,
    mine: WidgetConfig,
    *,
    began: int,
    base: WidgetConfig,
    choices: Mapping[str, str] | None = None,
    seen: int | None = None,
    by: Teammate,
    now: datetime,
) -> Merge:
    """Keep a form as the draft, together with what others have saved since it began.

    Args:
        began: the draft's count when the form began.
        base: what the draft was then, as `begun_from` tells.
        choices: `mine` or `theirs` for settings that both have changed, by their keys.
        seen: the draft's count to which the choices were made; for any other they do not count.

    Returns:
        What was saved; nothing was when it is not settled yet.

    Raises:
        Conflict: when the draft changes all the time.
    """
    for _try in range(_MOST_TRIES):
        row = draft(agent)
        theirs = WidgetConfig.from_settings(row.settings)
        if theirs == base:
            merged = Merge(mine, (), ())
        else:
            merged = merge(base, theirs=theirs, mine=mine, choices=choices if seen == row.revision else {})
        # Told before the save, which makes the row one's own.
        merged = replace(merged, their_name=_name_of_other(row, by))
        if not merged.is_settled:
            return merged
        with contextlib.suppress(Conflict):
            save_draft(agent, merged.config, revision=row.revision, by=by, now=now)
            return merged
    raise Conflict("Others are changing the draft right now. Try again.")


def _name_of_other(row: WidgetDraft, by: Teammate) -> str:
    return row.updated_by.name if row.updated_by and row.updated_by_id != by.id else ""


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


def _write_draft(
    agent: Agent, config: WidgetConfig, *, by: Teammate | None, now: datetime, revision: int | None = None
) -> bool:
    change = update(WidgetDraft).where(WidgetDraft.agent_id == agent.id)
    if revision is not None:
        change = change.where(WidgetDraft.revision == revision)
    _keep_first_step(agent)
    written = db.session.scalar(
        change.values(
            settings=config.as_settings(),
            revision=WidgetDraft.revision + 1,
            updated_at=now,
            updated_by_id=by.id if by else None,
        )
        .returning(WidgetDraft.revision)
        .execution_options(synchronize_session=False)
    )
    if written is None:
        return False
    _keep_step(agent, config, revision=written, by=by, now=now)
    return True


def _keep_first_step(agent: Agent) -> None:
    """A draft of before there were steps is one, too: what pages that are open now began from."""
    row = draft(agent)
    if begun_from(agent, row.revision) is None:
        _insert_step(agent, row.revision, row.settings, by_id=row.updated_by_id, now=row.updated_at)


def _keep_step(agent: Agent, config: WidgetConfig, *, revision: int, by: Teammate | None, now: datetime) -> None:
    _insert_step(agent, revision, config.as_settings(), by_id=by.id if by else None, now=now)
    db.session.execute(
        delete(WidgetDraftStep).where(
            WidgetDraftStep.agent_id == agent.id, WidgetDraftStep.revision <= revision - _MOST_STEPS
        )
    )


def _insert_step(
    agent: Agent, revision: int, settings: dict[str, Any], *, by_id: uuid.UUID | None, now: datetime
) -> None:
    step = {"agent_id": agent.id, "revision": revision, "settings": settings, "saved_at": now, "saved_by_id": by_id}
    # Two who save at once may both find the first one missing.
    db.session.execute(insert_into(WidgetDraftStep).values(step).on_conflict_do_nothing())


def _who_was_faster(agent: Agent, by: Teammate | None) -> str:
    author = draft(agent).updated_by
    if author is None or by is None:
        return "The draft has been changed since you opened this page."
    if author.id == by.id:
        return "You have changed the draft in another tab since you opened this page."
    return f"{author.name} has changed the draft since you opened this page."
