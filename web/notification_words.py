"""Notifications in words: for the list, for mails and for browsers."""

from collections.abc import Mapping
from types import MappingProxyType

from core import customers
from core.notifications import Kind
from models.notifications import Notification

_TOLD: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.WAITING: "{name} asked for a person",
        Kind.ASSIGNED: "The conversation with {name} is yours now",
        Kind.MESSAGE: "{name} has written to you",
        Kind.MENTION: "You are mentioned in a note beside {name}",
        Kind.LATE: "{name} was not answered in time",
        Kind.RATED_BADLY: "{name} was not content",
    }
)


def told(notification: Notification) -> str:
    """A notification in a sentence."""
    name = customers.name_as_known(notification.conversation.customer)
    return _TOLD[Kind(notification.kind)].format(name=name)
