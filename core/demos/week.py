"""Tells the demo shop's last seven days: who came, what was asked, and who answered."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random

from sqlalchemy import select

from core import agents, conversations, customers, memory, refresh_secrets, replies, sessions
from core.customer_tokens import VerifiedCustomer
from core.demos.chats import CHATS
from core.demos.script import Chat, Closes, HandsBack, Knows, Line, Presses, Says, Visitor, Writes
from core.handoff_causes import Cause
from core.replies import Reply
from models import db, transaction
from models.agents import Agent, Event, EventKind, WebsiteSighting
from models.conversations import Answer, Conversation
from models.customers import Customer, FactSource, RefreshFamily, WidgetSession
from models.teammates import Teammate, Workspace

_DAYS = 7
_LOADS_A_DAY = 45
_PAGES = ("/", "/lamps", "/lamps/aster", "/lamps/halo", "/textiles/cushions", "/textiles/curtains", "/rugs", "/help")
_BROWSERS = ("Safari on iPhone", "Chrome on Android", "Firefox on Linux", "Edge on Windows", "Safari on Mac")
_READING = timedelta(seconds=2)
"""How long the agent's answer takes to arrive."""


@dataclass(frozen=True)
class _Composed:
    reply: Reply
    milliseconds: float


def tell(agent: Agent, *, site: str, now: datetime) -> bool:
    """Store the week, unless the agent has talked to anybody yet.

    Returns:
        whether it was stored.
    """
    if db.session.scalar(select(Conversation.id).where(Conversation.agent_id == agent.id).limit(1)) is not None:
        return False
    # Before the transaction: the first search builds the index.
    answers = {text: _composed(agent, text) for text in _questions()}
    with transaction():
        _Storyteller(agent, site, answers, now).tell()
        _stroll(agent, site, now=now)
        _sight(agent, site, now=now)
        agents.mark_tried(agent, now=now - timedelta(days=_DAYS))
    return True


def _questions() -> Iterator[str]:
    return (line.text for chat in CHATS for line in chat.lines if isinstance(line, Says))


def _composed(agent: Agent, text: str) -> _Composed:
    started = time.perf_counter()
    reply = replies.compose(agent, text)
    return _Composed(reply, (time.perf_counter() - started) * 1000)


class _Storyteller:
    """Turns chats into conversations by the same rules as real ones, at given times."""

    def __init__(self, agent: Agent, site: str, answers: Mapping[str, _Composed], now: datetime) -> None:
        self._agent = agent
        self._workspace = db.session.get_one(Workspace, agent.workspace_id)
        self._site = site
        self._answers = answers
        self._now = now
        self._numbers = count()
        self._teammates = {
            teammate.name.partition(" ")[0]: teammate
            for teammate in db.session.scalars(select(Teammate).where(Teammate.workspace_id == agent.workspace_id))
        }

    def tell(self) -> None:
        for chat in CHATS:
            self._hold(chat)

    def _hold(self, chat: Chat) -> None:
        at = self._now - chat.ago
        customer = self._customer(chat.visitor, at)
        db.session.flush()
        conversation = conversations.begin(
            self._agent, customer, origin=self._site if chat.channel == "web" else "", channel=chat.channel, now=at
        )
        db.session.flush()
        self._note(conversation, EventKind.OPEN, at)
        self._arrive(conversation, at)
        for line in chat.lines:
            at += timedelta(minutes=line.after)
            self._take(conversation, line, at)
        for known in chat.visitor.facts:
            self._remember(conversation, customer, known, at)
        customer.last_seen_at = at

    def _arrive(self, conversation: Conversation, at: datetime) -> None:
        """The browser, seen and gone: nobody has a secret to come back with."""
        family = RefreshFamily(
            workspace_id=self._workspace.id,
            agent_id=self._agent.id,
            customer_id=conversation.customer_id,
            created_at=at,
            expires_at=at + refresh_secrets.LIFETIME,
        )
        db.session.add(family)
        db.session.flush()
        number = next(self._numbers)
        session = WidgetSession(
            workspace_id=self._workspace.id,
            agent_id=self._agent.id,
            customer_id=conversation.customer_id,
            conversation_id=conversation.id,
            family_id=family.id,
            parent_origin=self._site,
            browser=_BROWSERS[number % len(_BROWSERS)],
            # Set apart for examples (RFC 5737).
            address=f"203.0.113.{number % 250 + 1}",
            context={"page": f"{self._site}{_PAGES[number % len(_PAGES)]}"},
            created_at=at,
            expires_at=at + sessions.LIFETIME,
        )
        db.session.add(session)

    def _remember(self, conversation: Conversation, customer: Customer, known: Knows, at: datetime) -> None:
        memory.remember(
            customer,
            known.text,
            source=known.source,
            conversation=conversation,
            by=self._teammates["Samir"] if known.source is FactSource.TEAMMATE else None,
            expires_at=at + timedelta(days=known.days) if known.days else None,
            now=at,
        )

    def _take(self, conversation: Conversation, line: Line, at: datetime) -> None:
        match line:
            case Says(text):
                self._say(conversation, text, at)
            case Writes(text, who):
                conversations.write_as_person(conversation, self._teammates[who], text=text, now=at)
            case Presses():
                conversations.request_person(conversation, reason="pressed the button", cause=Cause.BUTTON, now=at)
            case HandsBack():
                conversations.hand_back(conversation, now=at)
            case Closes():
                conversations.resolve(conversation, now=at)
        # Each step reads the conversation anew, as if it came in a transaction of its own.
        db.session.flush()

    def _say(self, conversation: Conversation, text: str, at: datetime) -> None:
        client_id = f"demo-{conversation.last_seq + 1}"
        message = conversations.ask(conversation, client_id=client_id, text=text, now=at)
        self._note(conversation, EventKind.MESSAGE, at)
        db.session.flush()
        answer = db.session.get(Answer, message.id)
        if answer is not None:
            self._answer(conversation, answer, self._answers[text], at + _READING)

    def _answer(self, conversation: Conversation, answer: Answer, composed: _Composed, at: datetime) -> None:
        reply = composed.reply
        message = conversations.reply(conversation, text=reply.text, details=dict(reply.details), now=at)
        db.session.flush()
        answer.attempts, answer.finished_at, answer.reply_id = 1, at, message.id
        answer.outcome, answer.entry_id, answer.score = reply.outcome, reply.entry_id, reply.score
        answer.milliseconds = composed.milliseconds
        if reply.wants_person:
            conversations.request_person(conversation, reason="asked for a person", now=at)

    def _note(self, conversation: Conversation, kind: EventKind, at: datetime) -> None:
        db.session.add(_event(self._agent, kind, conversation.origin, {"channel": conversation.channel}, at))

    def _customer(self, visitor: Visitor, at: datetime) -> Customer:
        if visitor.name is None:
            return customers.make_anonymous(self._workspace, now=at)
        if visitor.is_verified:
            return self._verified(visitor, at)
        customer = customers.make_anonymous(self._workspace, now=at)
        told = {"id": visitor.number, "email": visitor.email, "name": visitor.name}
        customers.tell(customer, told | {"customAttributes": visitor.attributes}, now=at)
        return customer

    def _verified(self, visitor: Visitor, at: datetime) -> Customer:
        identity = VerifiedCustomer(
            customer_id=visitor.number or "",
            email=visitor.email,
            name=visitor.name,
            attributes=dict(visitor.attributes),
            expires_at=at.timestamp(),
        )
        customer = customers.verified(self._workspace, identity, now=at)
        if visitor.told:
            customers.tell(customer, {"customAttributes": visitor.told}, now=at)
        return customer


def _stroll(agent: Agent, site: str, *, now: datetime) -> None:
    """People who looked around, and those of them who opened the chat without a word."""
    chance = Random(7)  # noqa: S311 - the same shop every time  # nosec B311
    for _ in range(_DAYS * _LOADS_A_DAY):
        at = now - timedelta(days=_DAYS) * chance.random()
        page = f"{site}{chance.choice(_PAGES)}"
        timings = {"visible": round(chance.uniform(18, 70), 1)}
        db.session.add(_event(agent, EventKind.LOAD, site, {"page": page, "timings": timings}, at))
        if chance.random() < 0.15:
            opened = at + timedelta(seconds=chance.uniform(4, 40))
            db.session.add(_event(agent, EventKind.OPEN, site, {"channel": "web"}, min(opened, now)))


def _event(agent: Agent, kind: EventKind, origin: str, details: dict[str, object], at: datetime) -> Event:
    return Event(
        workspace_id=agent.workspace_id, agent_id=agent.id, kind=kind, origin=origin, details=details, created_at=at
    )


def _sight(agent: Agent, site: str, *, now: datetime) -> None:
    sighting = WebsiteSighting(
        agent_id=agent.id,
        origin=site,
        is_allowed=True,
        loads=_DAYS * _LOADS_A_DAY,
        first_seen_at=now - timedelta(days=_DAYS),
        last_seen_at=now - timedelta(minutes=3),
    )
    db.session.merge(sighting)
