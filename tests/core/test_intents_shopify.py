"""A shop at Shopify without a model: its goods as cards, and its own words where the agent knows nothing."""

import pytest

from core import connections, knowledge
from core.clock import utc_now
from core.intents import policies, records
from models import db
from models.connections import ConnectionKind
from tests.core.intents_shop import talks_to
from tests.core.test_intents import said
from tests.shopify_server import ENVELOPE, ShopifyShop, product, served_at, serving


@pytest.fixture
def shop(app, agent, monkeypatch):
    monkeypatch.setattr("gateways.embeddings.load", lambda: None)
    monkeypatch.setattr("core.pieces._PAUSE", 0)
    made = ShopifyShop()
    connections.reach(allow_private=True)
    with serving(made) as url, served_at("https://chat.example"):
        row = connections.add(agent, title="Shop", url=url, kind=ConnectionKind.SHOPIFY, by=None, now=utc_now())
        connections.discover(row, now=utc_now())
        yield made
    connections.reach(allow_private=False)


def test_goods_are_found_and_come_as_cards(shop, agent, workspace):
    (card,) = said(talks_to(agent, workspace, None), "Do you have a lantern?").details["cards"]
    assert (card["title"], card["price"], card["choices"]) == ("Firefly lantern", "from £84.00", ["Brass", "Silver"])
    assert card["text"] == "Firefly lantern, made by hand."
    assert card["picture"].startswith("/pictures/of-cards/")
    assert shop.calls[0][1]["catalog"] == {"query": "lantern"}


def test_the_shop_is_asked_where_nothing_here_is_near(shop, agent, workspace):
    entry = {"id": "club", "question": "Do you have a loyalty programme?", "answer": "Yes, the lamp club."}
    knowledge.import_entries(agent, [entry], by=None, now=utc_now())
    somebody = talks_to(agent, workspace, None)
    assert said(somebody, "Do you have a loyalty programme?").text == "Yes, the lamp club."
    assert not shop.calls
    reply = said(somebody, "May sale items go back? Write to me@mail.example")
    assert reply.text == "Sale items can be returned within 14 days."
    assert reply.details["offer_person"]
    (name, given) = shop.calls[0]
    assert (name, given["ask"]) == ("ask_business", {"query": "May sale items go back? Write to [email]"})


def test_a_shop_without_an_answer_is_no_answer(shop, agent, workspace):
    shop.answer = {"plain": "  "}
    assert "I do not know" in said(talks_to(agent, workspace, None), "May sale items go back?").text
    assert shop.calls[0][0] == "ask_business"


def test_amounts_are_read_in_the_smallest_unit_and_only_there():
    lamp = product("Lamp", is_there=False)
    (found,) = records.products({**ENVELOPE, "products": [lamp]})
    assert (found.price, found.is_there, found.is_from) == (records.Money(84.0, "GBP"), False, False)
    assert found.picture == "https://cdn.shopify.com/s/files/lamp.jpg"
    yen = {"title": "Lamp", "price_range": {"min": {"amount": 8400, "currency": "JPY"}}}
    assert records.products({**ENVELOPE, "product": yen})[0].price == records.Money(8400.0, "JPY")
    assert records.products({"product": yen | {"price_range": {"min": {"amount": 84, "currency": "GBP"}}}})[
        0
    ].price == records.Money(84.0, "GBP")


def test_what_a_shop_says_leads_nowhere_but_to_itself():
    content = {
        "answer": {"markdown": "See [here](https://evil.example/x) or https://evil.example. Mail a@b.example."},
        "links": [
            {"type": "refund_policy", "url": "https://shop.example/policies/refunds"},
            {"title": "Prize", "url": "https://evil.example/prize"},
            {"title": "Script", "url": "javascript:alert(1)"},
            "nothing",
        ],
    }
    found = policies.told(content, hosts={"shop.example"})
    assert found.text == "See here or evil.example. Mail [email]."
    (source,) = found.sources
    assert source["title"] == "refund policy"
    assert 'href="https://shop.example/policies/refunds"' in source["html"]


@pytest.mark.parametrize("content", [None, [], {"answer": 7}, {"answer": {"plain": None}}, {"answer": ["x"]}])
def test_what_is_no_answer_is_none(content):
    assert policies.told(content, hosts=()) is None


def test_links_lead_to_the_agents_own_website_with_and_without_www(shop, agent, workspace):
    agent.site_url = "https://www.shop.example"
    db.session.commit()
    (card,) = said(talks_to(agent, workspace, None), "Do you have a lantern?").details["cards"]
    assert card["link"] == "https://shop.example/products/firefly"
