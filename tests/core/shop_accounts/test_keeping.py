"""Customer accounts of a shop as an admin sets them up, checks and ends them."""

import threading

import pytest
from sqlalchemy import select

from core import (
    connections,
    shop_accounts,
)
from core.clock import utc_now
from core.errors import Conflict, Invalid
from core.shop_accounts import discovering
from models import db
from models.audits import AuditEntry
from models.connections import Audience, Connection, ConnectionTool
from models.shop_accounts import ShopAccounts, ShopSignIn
from tests.architecture.test_races import together
from tests.core.shop_customers import count, sign_in
from tests.shopify_accounts import CLIENT_ID


def test_a_shops_accounts_are_found_and_only_looking_is_on(lending, shop):
    row = shop_accounts.of_shop(shop.row)
    assert (row.issuer, row.scopes) == (shop.accounts.issuer, "openid email customer-account-mcp-api:full")
    tools = {tool.name: tool for tool in lending.tools}
    assert {name for name, tool in tools.items() if not tool.is_on} == {"request_return"}
    assert tools["request_return"].needs_confirmation
    assert {(tool.audience, bool(tool.filled)) for tool in tools.values()} == {(Audience.VERIFIED, False)}
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "connection.accounts")).one()
    assert entry.after == {"client": CLIENT_ID, "sign_in_at": shop.accounts.issuer}


@pytest.mark.parametrize(
    ("openid", "api", "said"),
    [
        ({}, {"mcp_api": None}, "no “mcp_api”"),
        ({"code_challenge_methods_supported": ["plain"]}, {}, "PKCE"),
        ({"response_types_supported": ["token"]}, {}, "gives no codes"),
        ({"scopes_supported": ["openid"]}, {}, "customer-account-mcp-api:full"),
        ({"issuer": None}, {}, "No “issuer”"),
        ({"token_endpoint": "ftp://shop.example/token"}, {}, "http"),
        ({"authorization_endpoint": "javascript:alert(1)"}, {}, "http"),
    ],
)
def test_what_is_missing_at_the_shop_is_said_in_words(shop, openid, api, said):
    shop.accounts.discovery, shop.accounts.api = openid, api
    with pytest.raises(Invalid) as refused:
        shop_accounts.connect(shop.row, client_id=CLIENT_ID, by=None, now=utc_now())
    assert said in refused.value.message
    assert not count(ShopAccounts)


def test_tools_that_the_shop_has_moved_are_off_and_that_is_on_record(shop, lending):
    before, moved = lending.url, f"{lending.url}/v2"
    shop.accounts.api = {"mcp_api": moved}
    shop_accounts.check(shop.row, by=None, now=utc_now())
    db.session.expire_all()
    assert lending.url == moved
    assert not any(tool.is_on for tool in lending.tools)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "connection.change")).one()
    assert (entry.before, entry.after) == ({"address": before}, {"address": moved})


def test_an_address_of_the_own_network_is_not_asked(shop, lending):
    connections.reach(allow_private=False)
    with pytest.raises(Invalid):
        shop_accounts.check(shop.row, by=None, now=utc_now())
    assert shop_accounts.of_shop(shop.row).problem


def test_another_client_signs_everybody_out(shop, lending, chat):
    sign_in(shop, chat, lending)
    shop_accounts.connect(shop.row, client_id="another", by=None, now=utc_now())
    assert (count(ShopSignIn), count(ShopAccounts), count(Connection)) == (0, 1, 2)


def test_two_admins_who_connect_the_same_shop_at_once_make_one_connection(app, shop, monkeypatch):
    shop_id, meeting, discover = shop.row.id, threading.Barrier(2), discovering.discover

    def discover_together(url):
        found = discover(url)
        meeting.wait(10)
        return found

    def connect():
        row = db.session.get_one(Connection, shop_id)
        return shop_accounts.connect(row, client_id=CLIENT_ID, by=None, now=utc_now()).connection_id

    monkeypatch.setattr(discovering, "discover", discover_together)
    first, second = together(app, connect, connect)
    assert first == second
    assert (count(ShopAccounts), count(Connection)) == (1, 2)


def test_who_connects_a_shop_that_is_removed_meanwhile_is_told(app, shop, monkeypatch):
    shop_id, discover = shop.row.id, discovering.discover

    def remove_first(url):
        found = discover(url)
        together(app, lambda: connections.remove(db.session.get_one(Connection, shop_id), by=None, now=utc_now()))
        return found

    monkeypatch.setattr(discovering, "discover", remove_first)
    with pytest.raises(Conflict, match="removed meanwhile"):
        shop_accounts.connect(shop.row, client_id=CLIENT_ID, by=None, now=utc_now())


def test_another_shop_or_none_ends_it(shop, lending, chat):
    sign_in(shop, chat, lending)
    connections.change(shop.row, title="Shop", url="http://127.0.0.2:81", by=None, now=utc_now())
    assert (count(ShopSignIn), count(ShopAccounts), count(Connection)) == (0, 0, 1)
    connections.remove(shop.row, by=None, now=utc_now())
    assert not count(ConnectionTool)
