"""Handoffs: calling a person to a conversation."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from core import (
    absences,
    availabilities,
    business_hours,
    handoff_rules,
    jobs,
    teammates,
    waiting_times,
    widget_configs,
    widget_words,
)
from core.permissions import Permission
from models import db
from models.agents import Agent
from models.conversations import Conversation
from models.jobs import Job
from models.teammates import Teammate

CALL = "call_people"
"""The kind of job that tells teammates that a customer waits."""

_QUIET = timedelta(minutes=30)
_BUSY = timedelta(minutes=10)
_MOST_CALLS = 5


def call_people(conversation: Conversation, *, now: datetime) -> None:
    """Have everybody who may answer told that a customer waits: once in half an hour for each conversation."""
    called_at = db.session.scalar(
        select(func.max(Job.created_at)).where(Job.kind == CALL, Job.subject_id == conversation.id)
    )
    is_quiet = called_at is None or now - called_at >= _QUIET
    if is_quiet and _calls_of(conversation, since=now - _BUSY) < _MOST_CALLS:
        jobs.start(conversation.workspace_id, CALL, conversation.id, now=now)


def promise(conversation: Conversation, *, now: datetime) -> str:
    """What a customer is told who is to get a person: how soon one comes, or that they leave a message.

    Hours and holidays come first, then what an admin has switched, then who has the admin open.
    """
    agent = db.session.get_one(Agent, conversation.agent_id)
    config, _version = widget_configs.published(agent)
    language, rules = conversation.language, handoff_rules.of(agent)
    away = absences.waiting_sentence(config, language=language, now=now)
    if away is not None:
        return away
    if not handoff_rules.are_people_there(agent, rules):
        return widget_words.say(language, "handoff_away" if rules.is_away else "handoff_busy", own=config.words)
    is_empty = availabilities.is_anybody_there(agent.workspace_id, now=now) is False
    return coming_sentence(config, usual_minutes(agent, config, now=now), language=language, is_empty=is_empty)


def usual_minutes(agent: Agent, config: widget_configs.WidgetConfig, *, now: datetime) -> int | None:
    """Within how many minutes a person usually answers, as customers may be told; None: they are told no time."""
    minutes = handoff_rules.of(agent).minutes
    if minutes == handoff_rules.MEASURED:
        return waiting_times.usual_minutes(agent.workspace_id, config.hours, now=now)
    return minutes or None


def coming_sentence(
    config: widget_configs.WidgetConfig, minutes: int | None, *, language: str, is_empty: bool = False
) -> str:
    """What a customer is told while the business is open.

    Args:
        minutes: within how many a person usually answers, where that is known.
        is_empty: whether nobody of the team is there at this moment, hours or not.
    """
    timed, untimed = ("handoff_away_in", "handoff_away") if is_empty else ("said_person_comes_in", "said_person_comes")
    if minutes is None:
        return widget_words.say(language, untimed, own=config.words)
    time = widget_words.waiting_time(language, minutes * 60, own=config.words)
    return widget_words.say(language, timed, own=config.words, time=time)


def comes_soon(agent: Agent, config: widget_configs.WidgetConfig, *, now: datetime) -> bool:
    """Whether a customer who asks now gets a person soon, or leaves a message."""
    return (
        business_hours.is_open(config.hours, now)
        and handoff_rules.are_people_there(agent, handoff_rules.of(agent))
        and availabilities.is_anybody_there(agent.workspace_id, now=now) is not False
    )


def _calls_of(conversation: Conversation, *, since: datetime) -> int:
    # Who has been called a few times just now looks at the list anyway; strangers could fill mailboxes otherwise.
    of_workspace = (Job.kind == CALL, Job.workspace_id == conversation.workspace_id, Job.created_at >= since)
    return db.session.scalar(select(func.count()).select_from(Job).where(*of_workspace)) or 0


def who_may_answer(conversation: Conversation) -> Sequence[Teammate]:
    """The teammates whom a customer of this conversation can wait for."""
    return teammates.who_may(conversation.workspace_id, Permission.ANSWER)
