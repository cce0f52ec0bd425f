"""The parts of which a told conversation is made. What the agent says is not among them: it answers by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from models.customers import FactSource


@dataclass(frozen=True)
class Says:
    """The customer writes."""

    text: str
    after: float = 1.3
    """Minutes since the line before, for this and all the others."""


@dataclass(frozen=True)
class Writes:
    """A teammate writes, and has the conversation from then on."""

    text: str
    who: str = "Samir"
    after: float = 4.0


@dataclass(frozen=True)
class Presses:
    """The customer presses *Talk to a person*."""

    after: float = 0.4


@dataclass(frozen=True)
class HandsBack:
    """The teammate lets the agent answer again."""

    after: float = 2.0


@dataclass(frozen=True)
class Closes:
    """The conversation is resolved."""

    after: float = 12.0


Line = Says | Writes | Presses | HandsBack | Closes


@dataclass(frozen=True)
class Knows:
    """Something that is remembered of a visitor from then on."""

    text: str
    source: FactSource = FactSource.CUSTOMER
    days: int | None = None
    """For how long; None for good."""


@dataclass(frozen=True)
class Visitor:
    """Who chats: nobody known unless there is a name."""

    name: str | None = None
    email: str | None = None
    number: str | None = None
    """What the shop calls them."""
    is_verified: bool = False
    attributes: Mapping[str, str | int] = field(default_factory=dict)
    told: Mapping[str, str | int] = field(default_factory=dict)
    """Of a verified one what the page tells besides, unproven."""
    facts: Sequence[Knows] = ()


@dataclass(frozen=True)
class Chat:
    """One conversation, and when it began."""

    ago: timedelta
    lines: Sequence[Line]
    visitor: Visitor = field(default_factory=Visitor)
    channel: str = "web"
