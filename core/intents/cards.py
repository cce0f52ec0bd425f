"""Products as the widget shows them: our own words, pictures by our own address, links to the shop's own website."""

from typing import Any
from urllib.parse import urlsplit

from core import card_pictures
from core.intents import telling
from core.intents.records import Product
from core.replies import Speaker
from core.tool_calls import Offered
from models import db
from models.agents import Agent
from models.connections import Connection, ConnectionKind

MOST = 6
_PICTURES_OF_SHOPIFY = "cdn.shopify.com"


def card(speaker: Speaker, product: Product, tool: Offered) -> dict[str, Any]:
    """What the widget gets of one product.

    Args:
        tool: that told of it: what it says leads nowhere but to its own server and to the agent's website.
    """
    shown = telling.card(speaker, product)
    allowed = hosts(tool.connection)
    if product.link and host_of(product.link) in allowed:
        shown |= {"link": product.link, "look": speaker.says("product_look")}
    if product.picture and host_of(product.picture) in allowed | _picture_hosts(tool.connection):
        name = card_pictures.name_of(product.picture)
        shown |= {"picture": f"/pictures/of-cards/{name}.webp"} if name else {}
    return shown


def hosts(connection: Connection) -> set[str]:
    """Where a server's words may lead: to itself, and to the agent's website."""
    agent = db.session.get_one(Agent, connection.agent_id)
    return {host for url in (connection.url, agent.site_url or "") if (host := host_of(url))}


def _picture_hosts(connection: Connection) -> set[str]:
    return set() if connection.kind is ConnectionKind.MCP else {_PICTURES_OF_SHOPIFY}


def host_of(url: str) -> str:
    """The host of an address as it is compared here; nothing where there is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    # Browsers take \ for / and what stands before @ for a name: they would go to another host than is read here.
    is_plain = parts.scheme in ("http", "https") and not set("\\@") & set(parts.netloc)
    return (parts.hostname or "").removeprefix("www.") if is_plain else ""
