"""Products as the widget shows them: our own words, pictures by our own address, links to the shop's own website."""

from typing import Any
from urllib.parse import urlsplit

from core import card_pictures, grounding
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
    hosts = _hosts(tool.connection)
    if product.link and _host(product.link) in hosts:
        shown |= {"link": product.link, "look": speaker.says("product_look")}
    if product.picture and _host(product.picture) in hosts | _picture_hosts(tool.connection):
        name = card_pictures.name_of(product.picture)
        shown |= {"picture": f"/pictures/of-cards/{name}.webp"} if name else {}
    return shown


def _hosts(connection: Connection) -> set[str]:
    agent = db.session.get_one(Agent, connection.agent_id)
    return {host for host in (_host(connection.url), *grounding.hosts_of([agent.site_url or ""])) if host}


def _picture_hosts(connection: Connection) -> set[str]:
    return set() if connection.kind is ConnectionKind.MCP else {_PICTURES_OF_SHOPIFY}


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    # Browsers take \ for / and what stands before @ for a name: they would go to another host than is read here.
    is_plain = parts.scheme in ("http", "https") and not set("\\@") & set(parts.netloc)
    return (parts.hostname or "").removeprefix("www.") if is_plain else ""
