"""What teammates are told, and how it reaches them."""

import enum


class Kind(enum.StrEnum):
    """What there is to be told. Everything stands beneath the bell, whatever else it does."""

    WAITING = "waiting"
    """A customer waits for a person, and nobody has them yet."""
    ASSIGNED = "assigned"
    """Somebody, or a rule, has given them a conversation."""
    MESSAGE = "message"
    """The customer has written in a conversation of theirs."""
    MENTION = "mention"
    """A colleague has called them in a note."""
    LATE = "late"
    """A conversation was not answered or resolved in the time that the workspace has set itself."""
    RATED_BADLY = "rated_badly"
    """The customer of a conversation of theirs was not content."""


class Way(enum.StrEnum):
    """How a notification reaches somebody who does not look at the bell."""

    PUSH = "push"
    """By their browsers, also when no page of ours is open."""
    MAIL = "mail"
    SOUND = "sound"
    """A tone, while a page of ours is open."""
