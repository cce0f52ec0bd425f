"""The window in which somebody signs in at their shop: who may open it, what binds it, and the way back."""

from urllib.parse import parse_qs, urlsplit

import pytest

from core import connections, return_links, shop_accounts, tickets
from core.clock import utc_now
from models import db
from models.connections import Connection
from models.conversations import Conversation
from models.customers import WidgetSession
from models.shop_accounts import ShopSignIn
from tests.blueprints.widget.test_api import open_chat
from tests.shopify_accounts import CLIENT_ID
from tests.shopify_server import ShopifyShop, connected, serving

API = "/api/v1/widget/shop-sign-ins"
WINDOW = f"{API}/window"
OURS = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def address():
    made = ShopifyShop()
    with serving(made) as url:
        yield made, url


@pytest.fixture
def shop(app, agent, address):
    with connected(*address, agent) as made:
        made.lending = shop_accounts.connect(made.row, client_id=CLIENT_ID, by=None, now=utc_now()).connection_id
        connections.discover(db.session.get(Connection, made.lending), now=utc_now())
        yield made


@pytest.fixture
def headers(vera, agent, shop):
    return {"X-Widget-Token": open_chat(vera, agent).json["token"]}


def secret_of(client, headers, shop):
    begun = client.post(API, json={"shop": str(shop.lending)}, headers=headers)
    assert begun.status_code == 201
    return begun.json["secret"]


def way_back(client, shop, secret, *, who="ines"):
    """Go to the shop in this browser, sign in there, and come back."""
    url = client.post(WINDOW, json={"secret": secret}, headers=OURS).json["url"]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    return urlsplit(asked["redirect_uri"]).path, shop.accounts.authorize(asked, who=who)


def test_the_whole_way(vera, headers, shop):
    window = vera.get("/shop-sign-in?from=chat&locale=de")
    assert "Beim Shop anmelden" in window.text
    assert window.headers["Cross-Origin-Opener-Policy"] == "unsafe-none"
    assert "frame-ancestors 'none'" in window.headers["Content-Security-Policy"]
    assert window.headers["Referrer-Policy"] == "no-referrer"
    path, told = way_back(vera, shop, secret_of(vera, headers, shop))
    cookie = vera.get_cookie("porchlight-shop")
    assert (cookie.http_only, cookie.same_site) == (True, "Lax")
    back = vera.get(path, query_string=told)
    assert (back.status_code, back.headers.get("Location")) == (200, None)
    assert "You are signed in" in back.text
    assert vera.get_cookie("porchlight-shop") is None
    assert not any(word in back.text for word in (*told.values(), *shop.accounts.tokens))
    assert db.session.query(ShopSignIn).count() == 1
    said = vera.get("/api/v1/widget/messages", headers=headers).json["messages"]
    assert said[-1]["extras"]["confirm"]["isSignedIn"]
    assert vera.delete(API, headers=headers).status_code == 204
    assert not db.session.query(ShopSignIn).count()


def test_by_https_the_cookie_is_bound_to_this_host(app, vera, headers, shop, monkeypatch):
    secret = secret_of(vera, headers, shop)
    monkeypatch.setattr("blueprints.widget.shop_sign_ins.is_secure", lambda: True)
    answer = vera.post(WINDOW, json={"secret": secret}, headers=OURS)
    [cookie] = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-porchlight-shop=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_another_website_cannot_bind_its_visitors_browser(vera, headers, shop, sent):
    """With that, an attacker would have the visitor sign in for the attacker's own chat."""
    secret = secret_of(vera, headers, shop)
    assert vera.post(WINDOW, json={"secret": secret}, headers=sent).status_code == 403
    assert vera.get_cookie("porchlight-shop") is None


def test_a_link_that_was_passed_on_leads_nowhere(app, vera, headers, shop):
    """The shop's own page, and the way back, opened in the browser of somebody else."""
    path, told = way_back(vera, shop, secret_of(vera, headers, shop))
    other = app.test_client()
    back = other.get(path, query_string=told)
    assert back.status_code == 400
    assert "The sign-in did not work" in back.text
    assert not shop.accounts.asked
    assert not db.session.query(ShopSignIn).count()


@pytest.mark.parametrize(
    "told", [{}, {"state": "x"}, {"code": "x"}, {"state": "\x00", "code": "y"}, {"state": "s" * 9999}]
)
def test_whatever_comes_back_leads_nowhere_else(vera, headers, shop, told):
    vera.set_cookie("porchlight-shop", "x")
    path = f"/shop-sign-in/{shop.lending}/return"
    for more in ({}, {"next": "https://evil.example", "return_to": "//evil.example", "error_description": "<script>"}):
        back = vera.get(path, query_string=told | more)
        assert (back.status_code, back.headers.get("Location")) == (400, None)
        assert "evil" not in back.text
        assert "<script>" not in back.text


@pytest.mark.parametrize("body", [{}, {"shop": None}, {"shop": "x"}, {"shop": ["x"]}])
def test_no_shop_is_no_sign_in(vera, headers, shop, body):
    assert vera.post(API, json=body, headers=headers).status_code == 422


def test_nobody_begins_without_a_session_of_this_agent(app, vera, other_agent, shop):
    assert vera.post(API, json={"shop": str(shop.lending)}).status_code == 401
    stranger = open_chat(app.test_client(), other_agent).json["token"]
    answer = vera.post(API, json={"shop": str(shop.lending)}, headers={"X-Widget-Token": stranger})
    assert answer.status_code == 404


def test_a_mailed_link_begins_nothing(app, vera, agent, headers, shop):
    """Whoever the mail was passed on to would look into the orders of whoever it was sent to, or have them look."""
    conversation = db.session.query(Conversation).one()
    link = return_links.find(agent, return_links.make(conversation, now=utc_now()), now=utc_now())
    ticket = tickets.issue(agent, origin=None, channel="link", return_link=link.id)
    token = open_chat(app.test_client(), agent, ticket=ticket, parentOrigin="http://localhost").json["token"]
    for call in (vera.post, vera.delete):
        assert call(API, json={"shop": str(shop.lending)}, headers={"X-Widget-Token": token}).status_code == 403


def test_the_page_around_the_chat_is_told_nothing_of_orders(vera, agent, headers, shop):
    """`customer` goes to the page by an event; the order for the greeting stands beside it."""
    path, told = way_back(vera, shop, secret_of(vera, headers, shop))
    vera.get(path, query_string=told)
    again = open_chat(vera, agent)
    session = db.session.query(WidgetSession).order_by(WidgetSession.id.desc()).first()
    assert db.session.query(ShopSignIn).one().family_id == session.family_id
    assert again.json["order"] == {"number": "#1042", "status": "in transit"}
    assert "order" not in again.json["customer"]
    assert not any(token in again.text for token in (*shop.accounts.tokens, *shop.accounts.renewals))
