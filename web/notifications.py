"""Sends what teammates are to be told: by push to their browsers, and by mail."""

import re
import uuid
from datetime import datetime
from typing import Any

from flask import current_app

from core import customers, notifications, push_subscriptions, rooms
from core.clock import utc_now
from core.rooms import Told
from gateways import push
from gateways.push import Outcome
from models import db, transaction
from models.conversations import Conversation, Message, Sender
from models.jobs import Job
from models.notifications import Notification
from models.teammates import Teammate
from web import mails
from web.notification_words import told

_LONGEST_WORDS = 140
_MARKUP = str.maketrans("", "", "<>[]|`*")
_CALLS = re.compile("([@:#])")
_ROOM_TITLES = {
    Told.STARTED: "{name} has begun a conversation",
    Told.WAITING: "{name} asked for a person",
    Told.LATE: "{name} was not answered in time",
    Told.RATED_BADLY: "{name} was not content",
}


def push_one(notification_id: str) -> None:
    """Push a notification to all browsers of its teammate, once."""
    found = notifications.claim_push(uuid.UUID(notification_id), now=utc_now())
    if found is None:
        return
    teammate = db.session.get_one(Teammate, found.teammate_id)
    if teammate.removed_at is None:
        _push(teammate, _content(found), topic=found.conversation_id.hex)


def push_trial(teammate: Teammate) -> int:
    """Push something to see that it arrives; answers how many browsers were reached."""
    content = {
        "title": "Notifications work",
        "body": "This is how Porchlight tells you that somebody needs you.",
        "url": mails.link_to("notifications.show_settings"),
        "tag": "trial",
    }
    return _push(teammate, content, topic="trial")


def mail_due(*, now: datetime) -> None:
    """Mail teammates what they have not seen, as often as they want it."""
    for letter in list(notifications.due_letters(now=now)):
        with transaction():
            if notifications.mailed(letter, now=now):
                mails.tell_unseen(letter)


def tell_rooms(job: Job) -> None:
    """Write into the rooms that want to hear of it who it is and where to go; never what the customer wrote."""
    told, conversation = rooms.told_by(job), db.session.get(Conversation, job.subject_id)
    if conversation is None:
        return
    title = _ROOM_TITLES[told].format(name=_harmless(customers.name_as_known(conversation.customer)))
    link = mails.link_to("conversations.show", conversation_id=conversation.id)
    for room in rooms.that_want(job.workspace_id, told):
        # One that cannot be reached holds nobody else up, and says so on its own page.
        rooms.write(room, title=title, body=link, now=utc_now())


def _harmless(name: str) -> str:
    """A name as mere words: services make calls to everybody, links and pictures of some signs, and anybody can say
    that they are called so."""
    return _CALLS.sub("\\1\u2060", name.translate(_MARKUP))


def _push(teammate: Teammate, content: dict[str, Any], *, topic: str) -> int:
    settings = current_app.config["PORCHLIGHT"]
    reached = 0
    found = [(row.id, push_subscriptions.opened(row)) for row in push_subscriptions.of(teammate)]
    # The services take their time; no connection to the database waits for them.
    db.session.commit()
    for number, opened in found:
        outcome = Outcome.GONE
        if opened is not None:
            address, signer = opened
            outcome = push.send(
                address,
                content,
                signer=signer,
                contact=settings.public_url if settings.is_https else "mailto:porchlight@localhost",
                topic=topic,
                allow_private=settings.allow_private_addresses,
            )
        if outcome is Outcome.GONE:
            push_subscriptions.forget(number)
        reached += outcome is Outcome.TAKEN
    return reached


def _content(notification: Notification) -> dict[str, Any]:
    conversation = notification.conversation
    return {
        "title": told(notification),
        "body": _words(conversation),
        "url": mails.link_to("conversations.show", conversation_id=conversation.id),
        "tag": conversation.id.hex,
    }


def _words(conversation: Conversation) -> str:
    """What the customer said last, masked as it is stored."""
    text = db.session.scalar(
        db.select(Message.text)
        .where(Message.conversation_id == conversation.id, Message.sender == Sender.CUSTOMER)
        .order_by(Message.seq.desc())
        .limit(1)
    )
    line = " ".join((text or "").split())
    return line if len(line) <= _LONGEST_WORDS else f"{line[: _LONGEST_WORDS - 1]}…"
