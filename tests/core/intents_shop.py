"""An agent that is connected to the made-up shop, and its customers."""

import uuid

from core import connections, conversations, customers
from core.clock import utc_now
from core.customer_tokens import VerifiedCustomer
from core.demos import shop_connections
from models.agents import Agent
from models.teammates import Workspace


def connect(agent: Agent, url: str) -> None:
    """Connect an agent to a shop server as an admin would, with all its tools switched on."""
    connections.reach(allow_private=True)
    shop_connections.connect(agent, url, by=None, now=utc_now())


def talks_to(agent: Agent, workspace: Workspace, customer_id: str | None, *, is_verified: bool = True) -> uuid.UUID:
    """Begin a conversation with a customer of the shop; its id.

    Args:
        customer_id: as the shop knows them; None for somebody anonymous.
        is_verified: whether they have proven it.
    """
    now = utc_now()
    if customer_id is None:
        customer = customers.make_anonymous(workspace, now=now)
    elif is_verified:
        identity = VerifiedCustomer(customer_id, None, None, {}, now.timestamp() + 60)
        customer = customers.verified(workspace, identity, now=now)
    else:
        customer = customers.make_anonymous(workspace, now=now)
        customers.tell(customer, {"id": customer_id}, now=now)
    return conversations.begin(agent, customer, origin="https://shop.example", channel="web", now=now).id
