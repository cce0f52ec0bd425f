"""Connects an agent to the made-up shop, with each tool allowed as a careful admin would."""

from datetime import datetime

from core import connections
from models.agents import Agent
from models.connections import Audience, Connection
from models.teammates import Teammate

TITLE = "The made-up shop"
"""By it the demo's own connection is known."""
_FOR_ANYONE = frozenset({"search_products", "get_product"})


def connect(agent: Agent, url: str, *, by: Teammate | None, now: datetime) -> Connection:
    """Connect an agent to a shop server, or to where it is now, and switch all its tools on.

    What changes something asks the customer first.

    Raises:
        Invalid: when the server gives no usable answer; the connection stays, without tools.
    """
    known = next((one for one in connections.listed(agent) if one.title == TITLE), None)
    if known is not None:
        connections.change(known, title=TITLE, url=url, by=by, now=now)
    row = known or connections.add(agent, title=TITLE, url=url, by=by, now=now)
    for tool in connections.discover(row, now=now):
        connections.permit(
            tool,
            is_on=True,
            audience=Audience.ANYONE if tool.name in _FOR_ANYONE else Audience.VERIFIED,
            needs_confirmation=not tool.is_read_only,
            filled=tool.filled,
            by=by,
            now=now,
        )
    return row
