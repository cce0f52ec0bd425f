"""What notifications and the ways by which they come are called."""

from collections.abc import Mapping
from types import MappingProxyType

from core.notifications import Kind, Pace, Way
from web.notification_words import told

__all__ = ["KINDS", "PACES", "WAYS", "told"]

KINDS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.WAITING: "A customer waits for a person",
        Kind.ASSIGNED: "A conversation is given to you",
        Kind.MESSAGE: "A customer of yours writes",
        Kind.MENTION: "Somebody mentions you in a note",
        Kind.LATE: "A customer has waited too long",
        Kind.RATED_BADLY: "A customer of yours was not content",
    }
)
WAYS: Mapping[Way, str] = MappingProxyType({Way.PUSH: "Browser", Way.MAIL: "E-mail", Way.SOUND: "Sound"})
PACES: Mapping[Pace, str] = MappingProxyType(
    {
        Pace.AT_ONCE: "As soon as something is left unseen for two minutes",
        Pace.HOURLY: "Once an hour, all together",
        Pace.DAILY: "Once a day, at eight in the morning",
    }
)
