"""Arguments that the platform fills in, from what it knows for certain: never from a model or from anybody's words."""

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from core import profiles
from core.connections import schemas
from models.connections import Audience
from models.conversations import Conversation
from models.customers import Customer


@dataclass(frozen=True)
class Fill:
    """Where an argument comes from."""

    words: str
    is_identity: bool
    """Whether it says who the customer is, so that nobody may have it filled in who has not proven that."""


FILLS: Mapping[str, Fill] = MappingProxyType(
    {
        "customer.id": Fill("the customer's number on your website", True),
        "customer.email": Fill("the customer's e-mail address", True),
        "customer.name": Fill("the customer's name", True),
        "conversation.id": Fill("the number of the conversation", False),
        "conversation.language": Fill("the customer's language", False),
    }
)
_NUMBER = re.compile(r"(?:customer|user|account|member|client|shopper|buyer)_?(?:id|number|no|ref(?:erence)?)")
_EMAIL = re.compile(r"(?:(?:customer|user|account|member|client|shopper|buyer)_?)?e?_?mail(?:_?address)?")


class CannotFill(Exception):
    """Something that has to be filled in is not known for certain; `source` is its key in `FILLS`."""

    def __init__(self, source: str) -> None:
        super().__init__(f"{FILLS[source].words} is not known")
        self.source = source


def guessed(names: Iterable[str]) -> dict[str, Any]:
    """What the names of arguments look like: a person looks at it before a tool is switched on."""
    found: dict[str, Any] = {}
    for name in names:
        plain = _plain(name)
        if _NUMBER.fullmatch(plain):
            found[name] = "customer.id"
        elif _EMAIL.fullmatch(plain):
            found[name] = "customer.email"
    return found


def beyond_reach(schema: schemas.Schema, parent: str = "") -> str | None:
    """An argument within another one that says who the customer is: there it cannot be filled in."""
    for name, inner in schemas.properties_of(schema).items():
        told = f"{_plain(parent)}_{_plain(name)}"
        if parent and (_NUMBER.fullmatch(_plain(name)) or _NUMBER.fullmatch(told)):
            return f"{parent}.{name}"
        found = beyond_reach(inner, name) or beyond_reach(inner.get("items", {}), name)
        if found is not None:
            return found
    return None


def says_who(filled: Mapping[str, Any]) -> bool:
    """Whether any of the filled arguments says who the customer is."""
    return any(isinstance(source, str) and FILLS[source].is_identity for source in filled.values())


def reached_by(audience: Audience, customer: Customer) -> bool:
    """Whether a customer is among those on whose behalf a tool may be called."""
    known = {"anonymous": 0, "identified": 1, "verified": 2}[customer.standing.value]
    return known >= {Audience.ANYONE: 0, Audience.IDENTIFIED: 1, Audience.VERIFIED: 2}[audience]


def fill(filled: Mapping[str, Any], conversation: Conversation) -> dict[str, Any]:
    """The filled arguments of a call in a conversation.

    Args:
        filled: by argument, a key of `FILLS` or `{"value": …}`, which is always the same.

    Raises:
        CannotFill: when something about the customer is not known, or not proven.
    """
    return {name: _content(source, conversation) for name, source in filled.items()}


def _content(source: Any, conversation: Conversation) -> Any:
    if isinstance(source, Mapping):
        return source["value"]
    content = _known(source, conversation)
    if content is None:
        raise CannotFill(source)
    return content


def _known(source: str, conversation: Conversation) -> str | None:
    if source == "conversation.id":
        return str(conversation.id)
    if source == "conversation.language":
        return conversation.language
    profile = profiles.of(conversation.customer)
    field = {"customer.id": profile.number, "customer.email": profile.email, "customer.name": profile.name}[source]
    return str(field.content) if field is not None and field.is_signed else None


def _plain(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().replace("-", "_")


def bound_to(call_id: uuid.UUID) -> bytes:
    """What the sealed arguments of a call belong to."""
    return b"tool_call" + call_id.bytes
