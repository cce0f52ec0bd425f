"""Who is in a conversation just now, and who writes: told from page to page, and stored nowhere."""

import enum

from core import customers
from core.conversations import announce_typing, tell_presence
from models.conversations import Conversation, State
from models.teammates import Teammate


class Doing(enum.StrEnum):
    """What a teammate does in a conversation that is open before them."""

    HERE = "here"
    WRITING = "writing"
    """To the customer."""
    NOTING = "noting"
    """For the team."""
    GONE = "gone"


def teammate_is(conversation: Conversation, teammate: Teammate, doing: Doing, *, asks: bool = False) -> None:
    """Tell the pages of the team what a teammate does here; the customer hears of it when a person answers them.

    Args:
        asks: whether the others are to tell in turn that they are here.
    """
    content = {"teammate": str(teammate.id), "name": teammate.name, "doing": doing.value, "asks": asks}
    tell_presence(conversation, content)
    if doing is Doing.WRITING and _is_their_turn(conversation, teammate):
        announce_typing(conversation, teammate)


def customer_writes(conversation: Conversation) -> None:
    """Tell the pages of the team that the customer writes; nobody waits for that while the agent answers."""
    if conversation.state in (State.WAITING, State.PERSON):
        name = customers.display_name(conversation.customer)
        tell_presence(conversation, {"teammate": None, "name": name, "doing": Doing.WRITING.value, "asks": False})


def _is_their_turn(conversation: Conversation, teammate: Teammate) -> bool:
    if conversation.state is State.PERSON:
        return conversation.teammate_id == teammate.id
    return conversation.state is State.WAITING
