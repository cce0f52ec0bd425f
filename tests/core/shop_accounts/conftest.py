"""A shop whose customers may sign in from the chat."""

import pytest

from core import connections, shop_accounts
from core.clock import utc_now
from models import db
from models.connections import Connection
from tests.core.shop_customers import US, opened
from tests.shopify_accounts import CLIENT_ID
from tests.shopify_server import ShopifyShop, connected, served_at, serving


@pytest.fixture(scope="session")
def address():
    made = ShopifyShop()
    with serving(made) as url:
        yield made, url


@pytest.fixture
def shop(app, agent, address, monkeypatch):
    """A connected shop whose customers may sign in; `accounts` is what they have there."""
    monkeypatch.setattr("gateways.embeddings.load", lambda: None)
    monkeypatch.setattr("core.pieces._PAUSE", 0)
    with served_at(US), connected(*address, agent) as made:
        yield made


@pytest.fixture
def lending(shop):
    """The connection that lends the tools of the accounts."""
    accounts = shop_accounts.connect(shop.row, client_id=CLIENT_ID, by=None, now=utc_now())
    row = db.session.get(Connection, accounts.connection_id)
    connections.discover(row, now=utc_now())
    return row


@pytest.fixture
def chat(agent, lending):
    """Somebody anonymous, who has opened the chat."""
    return opened(agent)
