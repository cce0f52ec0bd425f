"""Which tools a model is offered in a conversation: those that somebody switched on, for customers like this one."""

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from core import shop_accounts
from core.connections import fills, shopify
from core.connections.schemas import without
from models import db, revisions
from models.connections import Audience, Connection, ConnectionTool
from models.conversations import Conversation

_MOST = 32
_LONGEST_DESCRIPTION = 1_000
_NOT_A_NAME = re.compile(r"[^A-Za-z0-9_-]+")
# What a model can ask for without any connection; no server may take these names.
_TAKEN = frozenset({"fetch_person", "no_answer", "resolve", "remember", "handoff"})

# Made once, as each answer asks for it.
_SWITCHED_ON = (
    select(ConnectionTool, Connection)
    .join(Connection, Connection.id == ConnectionTool.connection_id)
    .where(
        Connection.agent_id == bindparam("agent_id"),
        Connection.is_on,
        ConnectionTool.is_on,
        ConnectionTool.gone_at.is_(None),
    )
    .order_by(Connection.created_at, Connection.id, ConnectionTool.position, ConnectionTool.id)
    .limit(_MOST)
)


@dataclass(frozen=True)
class Offered:
    """A tool under the name by which a model may ask for it."""

    name: str
    tool: ConnectionTool
    connection: Connection

    @property
    def ours(self) -> frozenset[str]:
        """The arguments that are the platform's to give."""
        return frozenset(self.tool.filled) | frozenset(shopify.said_by_us(self.connection))

    @property
    def arguments(self) -> dict[str, Any]:
        """The schema of what a model may give; what is filled in stands nowhere in it."""
        return without(self.tool.input_schema, self.ours)

    @property
    def is_of_accounts(self) -> bool:
        """Whether it is for whoever has signed in at the shop, whatever their own website knows of them."""
        return shopify.is_of_accounts(self.connection)

    def as_tool(self) -> Mapping[str, Any]:
        """In the form of OpenAI's chat completions."""
        words = self.tool.description[:_LONGEST_DESCRIPTION] or self.tool.title
        return {
            "type": "function",
            "function": {"name": self.name, "description": words, "parameters": self.arguments},
        }


def offered(conversation: Conversation) -> Sequence[Offered]:
    """The tools that may be called in a conversation."""
    return parted(conversation)[0]


def parted(conversation: Conversation) -> tuple[Sequence[Offered], Sequence[str]]:
    """The tools that may be called, and the titles of those that could be, had the customer proven who they are."""
    may: list[Offered] = []
    may_not: list[str] = []
    for one in known(conversation):
        # Whoever a model asks it for is shown the way to sign in at the shop, if they have not.
        if one.is_of_accounts or may_reach(one, conversation):
            may.append(one)
        else:
            may_not.append(one.tool.title)
    return may, may_not


def find(conversation: Conversation, name: str) -> Offered | None:
    """The tool of a name, whether or not it may be called for this customer."""
    return next((one for one in known(conversation) if one.name == name), None)


def may_reach(one: Offered, conversation: Conversation) -> bool:
    """Whether a tool may be called for the customer of a conversation."""
    if one.is_of_accounts:
        return shop_accounts.is_signed_in(one.connection.id, conversation)
    return fills.reached_by(one.tool.audience, conversation.customer)


def reached_first(conversation: Conversation) -> list[Offered]:
    """As `known`, those that may be called before the others."""
    tools = known(conversation)
    reached: dict[tuple[uuid.UUID, Audience], bool] = {}
    for one in tools:
        key = _who_may(one)
        if key not in reached:
            reached[key] = may_reach(one, conversation)
    return sorted(tools, key=lambda one: not reached[_who_may(one)])


def _who_may(one: Offered) -> tuple[uuid.UUID, Audience]:
    return one.connection.id, one.tool.audience


def known(conversation: Conversation) -> list[Offered]:
    """All tools that somebody switched on, whether or not they may be called for this customer."""
    agent_id = conversation.agent_id
    # Most agents have none; rows of those that have some belong to the session that reads them.
    if not revisions.kept("tools", agent_id, conversation.workspace_id, lambda: _has_any(agent_id)):
        return []
    rows = db.session.execute(_SWITCHED_ON, {"agent_id": conversation.agent_id}).all()
    names = _names(tool.name for tool, _connection in rows)
    return [Offered(name, tool, connection) for name, (tool, connection) in zip(names, rows, strict=True)]


def _has_any(agent_id: uuid.UUID) -> bool:
    return db.session.execute(_SWITCHED_ON, {"agent_id": agent_id}).first() is not None


def _names(wanted: Iterable[str]) -> list[str]:
    """Names that every model takes, no two the same."""
    taken, names = set(_TAKEN), []
    for name in wanted:
        plain = _NOT_A_NAME.sub("_", name)[:56] or "tool"
        number, free = 2, plain
        while free in taken:
            free, number = f"{plain}_{number}", number + 1
        taken.add(free)
        names.append(free)
    return names
