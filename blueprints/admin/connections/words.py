"""What connections, tools and calls are called on the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from blueprints.admin.connections.forms import FIXED, KEPT, can_be_fixed
from core.connections import FILLS, shopify
from models.connections import Audience, CallStatus, Connection, ConnectionTool
from models.shop_accounts import ShopAccounts

AUDIENCES: Mapping[Audience, tuple[str, str]] = {
    Audience.VERIFIED: ("Verified customers", "Your website has signed who they are. Needed for everything personal."),
    Audience.IDENTIFIED: (
        "Customers with a name",
        "They or your website have told who they are. Nobody has proven it.",
    ),
    Audience.ANYONE: ("Everybody", "For what stands on your website anyway, such as products and opening hours."),
}
STATUSES: Mapping[CallStatus, str] = {
    CallStatus.ASKED: "Waiting for the customer",
    CallStatus.RUNNING: "Under way",
    CallStatus.DONE: "Done",
    CallStatus.FAILED: "Did not work",
    CallStatus.REFUSED: "Not allowed",
    CallStatus.DECLINED: "The customer said no",
    CallStatus.EXPIRED: "The customer did not answer",
}
_KINDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "yes or no",
    "array": "list",
    "object": "group",
}


@dataclass(frozen=True)
class Argument:
    """One thing that a tool is told."""

    number: int
    name: str
    title: str
    kind: str
    description: str
    is_needed: bool
    choice: str
    """Where it comes from now: a key of `FILLS`, `fixed`, `kept`, or nothing when the agent takes it from the chat."""
    value: str
    choices: Sequence[tuple[str, str]]


def arguments(tool: ConnectionTool, row: Connection) -> list[Argument]:
    """What a tool is told, argument by argument, but for what every call says of us."""
    ours = shopify.said_by_us(row)
    properties: Mapping[str, Any] = tool.input_schema.get("properties", {})
    needed = tool.input_schema.get("required", ())
    return [
        _argument(number, name, schema, name in needed, tool.filled.get(name))
        for number, (name, schema) in enumerate(properties.items())
        if name not in ours
    ]


def _argument(number: int, name: str, schema: Mapping[str, Any], is_needed: bool, source: Any) -> Argument:
    is_plain = isinstance(source, Mapping) and isinstance(source["value"], str | int | float | bool)
    choice = source if isinstance(source, str) else (FIXED if is_plain else KEPT) if source else ""
    choices = [("", "What the customer says in the chat")]
    choices += [(key, f"Filled in: {fill.words}") for key, fill in FILLS.items()]
    if can_be_fixed(schema):
        choices.append((FIXED, "Always the same:"))
    if choice == KEPT:
        choices.append((KEPT, "Set by the connection"))
    value = source["value"] if is_plain else ""
    told = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
    title = str(schema.get("title") or name).replace("_", " ")
    return Argument(
        number,
        name,
        title[:1].upper() + title[1:],
        _kind(schema),
        schema.get("description", ""),
        is_needed,
        choice,
        str(told),
        choices,
    )


def _kind(schema: Mapping[str, Any]) -> str:
    if schema.get("enum"):
        return "one of " + ", ".join(str(choice) for choice in schema["enum"][:8])
    kind = schema.get("type")
    return _KINDS.get(kind, "anything") if isinstance(kind, str) else "anything"


def checks(accounts: ShopAccounts | None, lending: Connection | None, *, origin: str) -> list[tuple[bool, str]]:
    """What it takes for a shop's customers to sign in from the chat, and whether it is there.

    Args:
        lending: the connection that lends the tools of their accounts.
        origin: where Porchlight is reached.
    """
    is_https = origin.startswith("https://")
    found = [
        (
            is_https,
            "Porchlight is served by https."
            if is_https
            else f"Porchlight is at {origin}. Shopify sends customers back to a secure address (https) only."
            " Ask whoever runs the server for one (PUBLIC_URL).",
        )
    ]
    if accounts is None or lending is None:
        return [*found, (False, "The client ID is missing.")]
    found.append((accounts.problem is None, accounts.problem or f"The shop's customers sign in at {accounts.issuer}."))
    tools = [tool for tool in lending.tools if tool.gone_at is None]
    used = sum(tool.is_on for tool in tools)
    if lending.problem:
        found.append((False, f"What the accounts lend could not be read. {lending.problem}"))
    elif not used:
        found.append((False, "None of the tools of the accounts is in use. Switch on what your agent may look up."))
    else:
        found.append((True, f"{used} of {len(tools)} tools of the accounts in use."))
    return found


def state(tool: ConnectionTool) -> tuple[str, str]:
    """What a tool is now, and the colour of it."""
    if tool.gone_at is not None:
        return "The server does not have it any more", "muted"
    if tool.is_on:
        return "In use", "on"
    if tool.changed_at is not None:
        return "Changed by the server: look again", "warning"
    return "Not in use", "muted"


def summary(row: Connection) -> str:
    """How many of its tools an agent uses."""
    tools = [tool for tool in row.tools if tool.gone_at is None]
    if not tools:
        return "No tools yet"
    used = sum(tool.is_on for tool in tools)
    return f"{used} of {len(tools)} tool{'s' if len(tools) > 1 else ''} in use"
