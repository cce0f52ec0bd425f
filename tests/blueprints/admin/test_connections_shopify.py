"""Settings → Connections → Connect Shopify: an address, and the public tools of the shop are in use."""

import pytest

from core import connections
from models import db
from models.connections import Audience, Connection, ConnectionKind, ConnectionTool
from models.shop_accounts import ShopAccounts
from tests.shopify_accounts import CLIENT_ID
from tests.shopify_server import ShopifyShop, serving

HTMX = {"HX-Request": "true"}
ROOT = "/admin/settings/connections"


@pytest.fixture
def shop(app):
    made = ShopifyShop()
    connections.reach(allow_private=True)
    with serving(made) as url:
        made.url = url
        yield made
    connections.reach(allow_private=False)


def test_a_shop_is_connected_by_its_address_alone(olga, agent, shop):
    assert f"{ROOT}/shopify" in olga.get(ROOT).text
    assert "Until Porchlight has such an address" in olga.get(f"{ROOT}/shopify").text
    sent = {"agent": str(agent.id), "shop": f"{shop.url}/collections/lamps"}
    page = olga.post(f"{ROOT}/shopify", data=sent, follow_redirects=True).text
    assert "Lantern &amp; Loom at Shopify" in page
    assert "Address of the shop" in page
    assert 'name="secret"' not in page
    # What every call says of us is nobody's to choose.
    assert ">Meta <" not in page
    row = db.session.query(Connection).one()
    assert (row.kind, row.url) == (ConnectionKind.SHOPIFY, f"{shop.url}/api/ucp/mcp")
    assert "3 of 4 tools in use" in olga.get(ROOT).text


def test_saving_a_tool_keeps_what_it_is_for(olga, agent, shop):
    olga.post(f"{ROOT}/shopify", data={"agent": str(agent.id), "shop": shop.url})
    tool = db.session.query(ConnectionTool).filter_by(name="update_cart").one()
    address = f"{ROOT}/{tool.connection_id}/tools/{tool.id}"
    sent = {"fingerprint": tool.fingerprint, "audience": "anyone", "is_on": "y", "needs_confirmation": "y"}
    assert "Saved" in olga.post(address, data=sent, headers=HTMX).text
    db.session.refresh(tool)
    assert (tool.is_on, tool.filled) == (True, {})


@pytest.mark.parametrize("address", ["", "ftp://shop.example", "http://["])
def test_what_is_no_shop_is_said_at_the_form(olga, agent, shop, address):
    for options in ({}, {"headers": HTMX}):
        answer = olga.post(f"{ROOT}/shopify", data={"agent": str(agent.id), "shop": address}, **options)
        assert answer.status_code == 422
        assert "Enter the address of the shop" in answer.text
    assert not db.session.query(Connection).count()


def connected(olga, agent, shop):
    """The page of a connected shop."""
    sent = {"agent": str(agent.id), "shop": shop.url}
    olga.post(f"{ROOT}/shopify", data=sent)
    return f"{ROOT}/{db.session.query(Connection).one().id}"


def test_customer_accounts_are_set_up_checked_and_ended(olga, agent, shop):
    here = connected(olga, agent, shop)
    page = olga.get(here).text
    assert "The client ID is missing." in page
    assert f"http://localhost/shop-sign-in/{here.rpartition('/')[2]}/return" in page
    assert olga.post(f"{here}/accounts", data={"client_id": CLIENT_ID}, headers=HTMX).status_code == 204
    page = olga.get(here).text
    assert f"sign in at {shop.accounts.issuer}" in page
    assert "4 of 5 tools of the accounts in use." in page
    lending = db.session.query(ShopAccounts).one().connection_id
    tools = olga.get(f"{ROOT}/{lending}").text
    assert "Only for a customer who has signed in at the shop" in tools
    assert "Who may cause it" not in tools
    assert 'name="url"' not in tools
    shop.accounts.api = {"mcp_api": None}
    page = olga.post(f"{here}/accounts/check", follow_redirects=True).text
    assert "lends no tools for them" in page
    assert "Everybody who has is signed out" in olga.get(f"{here}/accounts/removal").text
    olga.post(f"{here}/accounts/removal")
    assert db.session.query(Connection).count() == 1
    assert not db.session.query(ShopAccounts).count()


@pytest.mark.parametrize(
    ("client_id", "api", "said"),
    [
        ("", {}, "Enter the client ID"),
        ("two words", {}, "one word of plain letters"),
        ("x" * 201, {}, "too long"),
        (CLIENT_ID, {"mcp_api": None}, "lends no tools"),
    ],
)
def test_what_is_missing_for_accounts_is_said_at_the_form(olga, agent, shop, client_id, api, said):
    here = connected(olga, agent, shop)
    shop.accounts.api = api
    for options in ({}, {"headers": HTMX}):
        answer = olga.post(f"{here}/accounts", data={"client_id": client_id}, **options)
        assert answer.status_code == 422
        assert said in answer.text
    assert not db.session.query(ShopAccounts).count()


def test_what_the_accounts_lend_stays_for_who_signed_in(olga, agent, shop):
    here = connected(olga, agent, shop)
    olga.post(f"{here}/accounts", data={"client_id": CLIENT_ID})
    lending = db.session.query(ShopAccounts).one().connection_id
    tool = db.session.query(ConnectionTool).filter_by(name="get_order_status").one()
    sent = {"fingerprint": tool.fingerprint, "audience": "anyone", "is_on": "y"}
    olga.post(f"{ROOT}/{lending}/tools/{tool.id}", data=sent)
    db.session.refresh(tool)
    assert (tool.is_on, tool.audience) == (True, Audience.VERIFIED)
    sent = {"title": "Mine", "url": "https://evil.example/mcp"}
    assert olga.post(f"{ROOT}/{lending}/address", data=sent).status_code == 422


def test_an_editor_and_another_workspace_may_not_touch_accounts(olga, eddy, stan, agent, shop):
    here = connected(olga, agent, shop)
    for path in ("accounts", "accounts/check", "accounts/removal"):
        assert eddy.post(f"{here}/{path}", data={"client_id": CLIENT_ID}).status_code == 403
        assert stan.post(f"{here}/{path}", data={"client_id": CLIENT_ID}).status_code == 404
    assert not db.session.query(ShopAccounts).count()


def test_an_editor_may_not_connect_a_shop(eddy):
    assert eddy.get(f"{ROOT}/shopify").status_code == 403
    assert eddy.post(f"{ROOT}/shopify", data={"shop": "shop.example"}).status_code == 403


def test_another_workspaces_agent_cannot_be_connected(stan, agent):
    answer = stan.post(f"{ROOT}/shopify", data={"agent": str(agent.id), "shop": "shop.example"})
    assert answer.status_code == 422
    assert not db.session.query(Connection).count()


def test_shops_read_who_asks_them(vera):
    answer = vera.get("/.well-known/ucp-agent.json")
    assert answer.mimetype == "application/json"
    told = answer.json["ucp"]
    assert {"dev.ucp.shopping.catalog.search", "dev.ucp.shopping.cart", "dev.ucp.common.ask"} <= set(
        told["capabilities"]
    )
    assert told["capabilities"]["dev.ucp.shopping.checkout"] == [{"version": told["version"]}]
