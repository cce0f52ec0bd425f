"""Saying something in a conversation, in the place of a customer or as a teammate."""

import uuid
from collections.abc import Sequence

from blueprints.api import caller
from blueprints.api.shapes.conversations import FileQuery, FirstMessage
from core import answers, conversations, teammates
from core.clock import utc_now
from core.errors import Invalid
from core.permissions import Permission, may
from core.texts import clean
from models import after_commit, new_id
from models.conversations import Conversation, Message
from models.teammates import Teammate


def say(conversation: Conversation, told: FirstMessage, files: Sequence[uuid.UUID] = ()) -> Message:
    """Store what is said; the agent's answer to a customer is asked for once that has happened.

    Args:
        files: the attachments that go with it; then nothing need be said.

    Raises:
        Invalid: when nothing is said, or who writes cannot.
        Conflict: when another teammate has the conversation.
    """
    text = clean(told.text) if files else text_of(told)
    if told.sender == "person":
        return conversations.write_as_person(conversation, writer_of(told), text=text, files=files, now=utc_now())
    sender_of(told)
    asked = conversations.ask_once(conversation, client_id=new_id().hex, text=text, files=files, now=utc_now())
    after_commit(lambda: answers.request(asked.message))
    return asked.message


def text_of(told: FirstMessage) -> str:
    """What is said, fit to be stored.

    Raises:
        Invalid: when nothing is left of it.
    """
    text = clean(told.text)
    if not text:
        raise Invalid("The text is empty.")
    return text


def sender_of(told: FirstMessage | FileQuery) -> Teammate | None:
    """The teammate who writes; nobody where it is the customer.

    Raises:
        Invalid: when they may not answer customers, or a teammate is named for a customer.
        NotFound: when there is no such teammate.
        Conflict: when nobody is named, and whoever made the key can no longer answer.
    """
    if told.sender == "person":
        return writer_of(told)
    if told.teammate_id is not None:
        raise Invalid("teammateId belongs to messages from a person.")
    return None


def writer_of(told: FirstMessage | FileQuery) -> Teammate:
    """In whose name a person's message is written.

    Raises:
        Invalid: when they may not answer customers.
        NotFound: when there is no such teammate.
        Conflict: when nobody is named, and whoever made the key can no longer answer.
    """
    if told.teammate_id is None:
        return caller.writer()
    teammate = teammates.find(caller.current_workspace(), told.teammate_id)
    if not may(teammate.role, Permission.ANSWER):
        raise Invalid("This teammate may not answer customers.")
    return teammate
