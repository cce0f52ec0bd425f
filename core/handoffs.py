"""Handoffs: calling a person to a conversation."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from core import absences, jobs, teammates, widget_configs, widget_words
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
    """What a customer is told who is to get a person: outside business hours, when somebody is back."""
    agent = db.session.get_one(Agent, conversation.agent_id)
    config, _version = widget_configs.published(agent)
    away = absences.waiting_sentence(config, language=conversation.language, now=now)
    return away or widget_words.say(conversation.language, "said_person_comes", own=config.words)


def _calls_of(conversation: Conversation, *, since: datetime) -> int:
    # Who has been called a few times just now looks at the list anyway; strangers could fill mailboxes otherwise.
    of_workspace = (Job.kind == CALL, Job.workspace_id == conversation.workspace_id, Job.created_at >= since)
    return db.session.scalar(select(func.count()).select_from(Job).where(*of_workspace)) or 0


def who_may_answer(conversation: Conversation) -> Sequence[Teammate]:
    """The teammates whom a customer of this conversation can wait for."""
    return teammates.who_may(conversation.workspace_id, Permission.ANSWER)
