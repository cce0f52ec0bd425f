"""A look that is published by itself at a time."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from core import audits, jobs
from core.errors import Invalid
from core.widget_configs.config import WidgetConfig
from core.widget_configs.drafts import draft
from core.widget_configs.versions import publish_look
from models import db, transaction
from models.agents import Agent, WidgetSchedule, WidgetVersion
from models.teammates import Teammate

TOLD = "look_published"
"""The kind of job that tells who set the time; its subject is the version."""
_FURTHEST = timedelta(days=366)


def schedule(agent: Agent, *, publish_at: datetime, by: Teammate, now: datetime) -> WidgetSchedule:
    """Publish the draft as it is now at a later time, instead of what was to be published before.

    Raises:
        Invalid: when the time is not to come, or more than a year away.
    """
    if publish_at <= now:
        raise Invalid("Choose a time that is still to come.")
    if publish_at > now + _FURTHEST:
        raise Invalid("Choose a time within a year.")
    with transaction():
        db.session.execute(delete(WidgetSchedule).where(WidgetSchedule.agent_id == agent.id))
        row = WidgetSchedule(
            agent_id=agent.id,
            settings=WidgetConfig.from_settings(draft(agent).settings).as_settings(),
            publish_at=publish_at,
            created_at=now,
            created_by_id=by.id,
        )
        db.session.add(row)
        _note(agent, "look.schedule", publish_at, by=by, now=now)
    return row


def scheduled(agent: Agent) -> WidgetSchedule | None:
    """What is to be published by itself, if anything is."""
    return db.session.scalar(
        select(WidgetSchedule)
        .where(WidgetSchedule.agent_id == agent.id)
        .options(joinedload(WidgetSchedule.created_by))
        .execution_options(populate_existing=True)
    )


def unschedule(agent: Agent, *, by: Teammate, now: datetime) -> None:
    """Publish nothing by itself; nothing happens when nothing was to be published."""
    with transaction():
        publish_at = db.session.scalar(
            delete(WidgetSchedule).where(WidgetSchedule.agent_id == agent.id).returning(WidgetSchedule.publish_at)
        )
        if publish_at is not None:
            _note(agent, "look.unschedule", publish_at, by=by, now=now)


def publish_due(*, now: datetime) -> None:
    """Publish every look whose time has come, however late; each at most once, whoever else looks at the same time."""
    due = db.session.scalars(
        select(WidgetSchedule.agent_id)
        .join(Agent, Agent.id == WidgetSchedule.agent_id)
        .where(WidgetSchedule.publish_at <= now, Agent.archived_at.is_(None))
        .limit(100)
    ).all()
    for agent_id in due:
        _publish(db.session.get_one(Agent, agent_id), now=now)


def took_the_place_of(version: WidgetVersion) -> WidgetVersion | None:
    """The version that customers saw before."""
    return db.session.scalar(
        select(WidgetVersion)
        .where(WidgetVersion.agent_id == version.agent_id, WidgetVersion.number < version.number)
        .options(joinedload(WidgetVersion.published_by))
        .order_by(WidgetVersion.number.desc())
        .limit(1)
    )


def _publish(agent: Agent, *, now: datetime) -> None:
    with transaction():
        # Taken away first: whoever comes second finds nothing, and when this fails it is there again.
        taken = db.session.execute(
            delete(WidgetSchedule)
            .where(WidgetSchedule.agent_id == agent.id, WidgetSchedule.publish_at <= now)
            .returning(WidgetSchedule.settings, WidgetSchedule.created_by_id)
        ).one_or_none()
        if taken is None:
            return
        by = db.session.get(Teammate, taken.created_by_id) if taken.created_by_id else None
        config = WidgetConfig.from_settings(taken.settings)
        version = publish_look(agent, config, "look.publish_scheduled", by=by, now=now)
        if version.published_at == now:
            jobs.start(agent.workspace_id, TOLD, version.id, now=now)


def _note(agent: Agent, action: str, publish_at: datetime, *, by: Teammate, now: datetime) -> None:
    time = {"time": f"{publish_at:%Y-%m-%d %H:%M} UTC"}
    before, after = (None, time) if action == "look.schedule" else (time, None)
    subject = ("agent", agent.id, agent.name)
    audits.record(agent.workspace_id, action, by=by, subject=subject, before=before, after=after, now=now)
