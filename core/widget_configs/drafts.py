"""The one draft of an agent: what it is, who has changed it, and two who change it at once."""

import contextlib
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from core.errors import Conflict, NotFound
from core.widget_configs.config import WidgetConfig
from core.widget_configs.merging import Merge, merge
from models import db, insert_into, transaction
from models.agents import Agent, WidgetDraft, WidgetDraftStep
from models.teammates import Teammate

_MOST_STEPS = 400


_MOST_TRIES = 5


def draft(agent: Agent) -> WidgetDraft:
    """The look that is being worked on, as it stands in the database now."""
    row = db.session.get(WidgetDraft, agent.id, populate_existing=True)
    if row is None:
        raise NotFound("This agent has no look.")
    return row


def drafted(agent: Agent) -> WidgetConfig:
    """The settings of the draft."""
    return WidgetConfig.from_settings(draft(agent).settings)


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
        if drafted(agent) != config and not write_draft(agent, config, by=by, now=now, revision=revision):
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


def write_draft(
    agent: Agent, config: WidgetConfig, *, by: Teammate | None, now: datetime, revision: int | None = None
) -> bool:
    """Put another look in the draft's place; with a `revision`, only if that is still its count."""
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
