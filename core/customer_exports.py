"""All that is kept of a customer, as one JSON document."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core import letters, memory, profiles, proposals, ratings, risks, shop_accounts, tool_calls
from models import db
from models.connections import ToolCall
from models.conversations import Answer, Conversation, Message
from models.customers import Customer, Fact, WidgetSession
from models.inbox import Note, Rating
from models.knowledge import Proposal
from models.letters import Letter
from models.protection import Block, RiskMark
from models.shop_accounts import ShopSignIn

FORMAT = 1
"""Goes up when a field changes its meaning."""


def own(customer: Customer, *, now: datetime) -> dict[str, Any]:
    """What the customer themselves may take along: all but what the shop thinks of them.

    What was masked stays masked; what was kept encrypted is not opened for it.
    """
    return {
        "format": FORMAT,
        "exportedAt": _iso(now),
        "customer": _profile(customer),
        "memory": facts_as_json(customer, now=now),
        "conversations": _conversations(customer),
        "sessions": _sessions(customer),
        "shopSignIns": [_shop_sign_in(row) for row in shop_accounts.of(customer)],
    }


def whole(customer: Customer, *, now: datetime) -> dict[str, Any]:
    """As `own`, with the team's notes, blocks and reasons for suspicion: for the workspace."""
    return own(customer, now=now) | {
        "notes": _notes(customer),
        "blocks": _blocks(customer),
        "risk": _risk(customer),
    }


def facts_as_json(customer: Customer, *, now: datetime) -> list[dict[str, Any]]:
    """What is remembered, as the widget's own page shows it."""
    return [fact_as_json(fact) for fact in memory.facts_of(customer, now=now)]


def fact_as_json(fact: Fact) -> dict[str, Any]:
    return {
        "id": str(fact.id),
        "text": fact.text,
        "source": fact.source.value,
        "kind": fact.kind.value,
        "lasts": fact.session_id is None,
        "at": _iso(fact.updated_at),
        "until": _iso(fact.expires_at),
    }


def _profile(customer: Customer) -> dict[str, Any]:
    profile = profiles.of(customer)
    return {
        "id": str(customer.id),
        "standing": customer.standing.value,
        "firstSeenAt": _iso(customer.created_at),
        "lastSeenAt": _iso(customer.last_seen_at),
        "profile": [_field(field) for field in profile.known],
        "attributes": [_field(field) for field in profile.attributes],
        # What was told beside a signed field of the same name is kept, too.
        "alsoTold": dict(customer.told or {}),
    }


def _field(field: profiles.Field) -> dict[str, Any]:
    return {"name": field.name, "value": field.content, "verified": field.is_signed}


def _conversations(customer: Customer) -> list[dict[str, Any]]:
    found = db.session.scalars(
        select(Conversation).where(Conversation.customer_id == customer.id).order_by(Conversation.id)
    ).all()
    said = _messages(customer)
    return [
        {
            "id": str(conversation.id),
            "agent": conversation.agent.name,
            "channel": conversation.channel,
            "website": conversation.origin,
            "state": conversation.state.value,
            "startedAt": _iso(conversation.created_at),
            "lastMessageAt": _iso(conversation.last_message_at),
            "waitingSince": _iso(conversation.waiting_since),
            "handoffReason": conversation.handoff_reason,
            "handoffCause": conversation.handoff_cause,
            "handoffSummary": conversation.handoff_summary,
            "remembersSince": _iso(conversation.remembers_since),
            "resolvedAt": _iso(conversation.resolved_at),
            "answersBeforeTheChat": dict(conversation.told or {}),
            "consentedAt": _iso(conversation.consented_at),
            "consentedTo": conversation.consent_text,
            "messages": said[conversation.id],
            "calls": [_call(call) for call in tool_calls.of(conversation)],
            "mails": [_mail(letter) for letter in letters.of(conversation)],
            "noMailsSince": _iso(conversation.letters_stopped_at),
            "ratings": [_rating(rating) for rating in ratings.of_conversation(conversation).values()],
            "proposals": [_proposal(proposal) for proposal in proposals.of(conversation)],
        }
        for conversation in found
    ]


def _messages(customer: Customer) -> Mapping[Any, Sequence[dict[str, Any]]]:
    said: defaultdict[Any, list[dict[str, Any]]] = defaultdict(list)
    rows = db.session.execute(
        select(Message, Answer.outcome)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .outerjoin(Answer, Answer.message_id == Message.id)
        .where(Conversation.customer_id == customer.id)
        .order_by(Message.conversation_id, Message.seq)
    )
    for message, outcome in rows:
        said[message.conversation_id].append(_message(message) | {"outcome": outcome.value if outcome else None})
    return said


def _message(message: Message) -> dict[str, Any]:
    return {
        "id": str(message.id),
        "number": message.seq,
        "from": message.sender.value,
        "name": message.details.get("name") or (message.teammate.name if message.teammate else None),
        "text": message.text,
        "at": _iso(message.created_at),
        "files": message.details.get("attachments", []),
        "details": {name: content for name, content in message.details.items() if name not in ("name", "attachments")},
    }


def _mail(letter: Letter) -> dict[str, Any]:
    return {"direction": letter.direction.value, "at": _iso(letter.created_at)}


def _call(call: ToolCall) -> dict[str, Any]:
    return {
        "id": str(call.id),
        "title": call.title,
        "status": call.status.value,
        "with": call.arguments,
        "result": call.result,
        "at": _iso(call.created_at),
    }


def _rating(rating: Rating) -> dict[str, Any]:
    return {
        "score": rating.score,
        "comment": rating.comment,
        "askedAt": _iso(rating.asked_at),
        "at": _iso(rating.rated_at),
    }


def _proposal(proposal: Proposal) -> dict[str, Any]:
    """What the conversation was taken to teach, in the customer's words."""
    return {
        "question": proposal.question,
        "answer": proposal.answer,
        "at": _iso(proposal.created_at),
        "approved": proposal.is_approved,
    }


def _sessions(customer: Customer) -> list[dict[str, Any]]:
    found = db.session.scalars(
        select(WidgetSession).where(WidgetSession.customer_id == customer.id).order_by(WidgetSession.id)
    )
    return [
        {
            "id": str(session.id),
            "browser": session.browser,
            "address": session.address,
            "website": session.parent_origin,
            "toldByThePage": session.context,
            "startedAt": _iso(session.created_at),
            "expiresAt": _iso(session.expires_at),
            "endedAt": _iso(session.revoked_at),
        }
        for session in found
    ]


def _shop_sign_in(row: ShopSignIn) -> dict[str, Any]:
    """Where the customer is signed in now; the tokens are the shop's, and stay closed."""
    return {
        "shop": shop_accounts.card(row.connection_id)["shop_account"]["shop"],
        "signedInAt": _iso(row.created_at),
        "until": _iso(row.expires_at),
        "latestOrder": dict(row.latest or {}),
    }


def _notes(customer: Customer) -> list[dict[str, Any]]:
    found = db.session.scalars(
        select(Note)
        .join(Conversation, Conversation.id == Note.conversation_id)
        .where(Conversation.customer_id == customer.id)
        .order_by(Note.created_at, Note.id)
    )
    return [
        {
            "id": str(note.id),
            "conversation": str(note.conversation_id),
            "by": note.teammate.name if note.teammate else None,
            "text": note.text,
            "at": _iso(note.created_at),
        }
        for note in found
    ]


def _blocks(customer: Customer) -> list[dict[str, Any]]:
    found = db.session.scalars(select(Block).where(Block.customer_id == customer.id).order_by(Block.id))
    return [
        {
            "reason": block.reason,
            "from": _iso(block.created_at),
            "until": _iso(block.expires_at),
            "liftedAt": _iso(block.lifted_at),
            "hits": block.hits,
        }
        for block in found
    ]


def _risk(customer: Customer) -> list[dict[str, Any]]:
    found = db.session.scalars(
        select(RiskMark)
        .where(RiskMark.workspace_id == customer.workspace_id, RiskMark.subject == risks.of_customer(customer.id))
        .order_by(RiskMark.id)
    )
    return [
        {"signal": mark.signal.value, "points": mark.points, "detail": mark.detail, "at": _iso(mark.created_at)}
        for mark in found
    ]


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
