"""Orders without a model: a verified customer hears what their record says, everybody else how to sign in."""

import pytest

from core import answers, call_answers, connections, conversations, knowledge, traces
from core.clock import utc_now
from core.demos.store import Store
from core.intents import cards
from core.intents.records import Product
from core.replies import Speaker
from core.tool_calls import Offered
from core.widget_words import say
from models import db
from models.connections import CallStatus, ConnectionTool, ToolCall
from models.conversations import Conversation, Sender
from tests.core.intents_shop import connect, talks_to
from tests.shop_servers import TODAY, serving

MIRA = "LL-20417"


@pytest.fixture(scope="module")
def server():
    with serving(Store(today=TODAY)) as url:
        yield url


@pytest.fixture
def shop(app, agent, server, monkeypatch):
    monkeypatch.setattr("gateways.embeddings.load", lambda: None)
    monkeypatch.setattr("core.pieces._PAUSE", 0)
    connect(agent, server)


def said(conversation_id, text):
    """Ask, and return what the agent says."""
    conversation = db.session.get(Conversation, conversation_id)
    number = f"n{conversation.last_seq}"
    message = conversations.ask(conversation, client_id=number, text=text, now=utc_now())
    answers.produce(message.id)
    db.session.expire_all()
    return [row for row in conversations.messages_after(conversation_id, 0) if row.sender is Sender.AGENT][-1]


def test_a_verified_customer_hears_of_their_open_orders(shop, agent, workspace):
    mira = talks_to(agent, workspace, MIRA)
    reply = said(mira, "Where is my order?")
    assert "Order **LL-88530** is **pending**." in reply.text
    assert "£84.00" in reply.text
    assert "2 more orders" in reply.text
    assert "PM7310449182" in said(mira, "Where is order LL-87102?").text
    assert "LL-84077" in said(mira, "show me my orders").text


def test_one_of_the_orders_told_is_chosen_by_its_place_or_its_bare_number(shop, agent, workspace):
    mira = talks_to(agent, workspace, MIRA)
    said(mira, "show me my orders")
    assert "**LL-87102**" in said(mira, "the second one").text
    assert "**LL-88213**" in said(mira, "88213").text


def test_goods_are_shown_up_to_a_price_and_again_when_they_are_pointed_at(shop, agent, workspace):
    somebody = talks_to(agent, workspace, None, is_verified=False)
    assert "£64.00" in said(somebody, "do you have lamps under £65?").text
    assert "£148" not in said(somebody, "do you have lamps under £65?").text
    nothing = said(somebody, "do you have lamps under £20?")
    assert nothing.text.startswith("I find nothing for £20.00 or less.")
    second = nothing.details["cards"][1]["title"]
    assert [card["title"] for card in said(somebody, "the second one").details["cards"]] == [second]
    assert [card["title"] for card in said(somebody, "is it in stock?").details["cards"]] == [second]


@pytest.mark.parametrize(("customer", "is_verified"), [(None, False), (MIRA, False)])
def test_nobody_else_hears_of_them(shop, agent, workspace, customer, is_verified):
    stranger = talks_to(agent, workspace, customer, is_verified=is_verified)
    for question in ("Where is my order?", "Where is LL-88530?", "cancel order LL-88530", "what fits me?"):
        reply = said(stranger, question)
        assert "Sign in on the website" in reply.text
        assert "Firefly" not in reply.text
    assert not db.session.query(ToolCall).count()


def test_who_is_told_again_to_sign_in_is_offered_a_person(shop, agent, workspace):
    stranger = talks_to(agent, workspace, None, is_verified=False)
    assert not said(stranger, "Where is my order?").details["offer_person"]
    again = said(stranger, "Where is my order?")
    assert again.text.endswith(say("en", "reply_or_person"))
    assert again.details["offer_person"]


def test_a_colour_is_added_to_the_goods_just_looked_for(shop, agent, workspace):
    somebody = talks_to(agent, workspace, None, is_verified=False)
    said(somebody, "do you have lamps?")
    assert said(somebody, "And in black?").details["looked_for"] == "lamps black"


def test_an_order_is_told_beside_what_is_known_of_returns(shop, agent, workspace):
    knowledge.add(
        agent, question="How do I return an order?", answer="Within 30 days.", phrasings=(), by=None, now=utc_now()
    )
    mira = talks_to(agent, workspace, MIRA)
    assert said(mira, "return order LL-87102").text.startswith("Within 30 days.\n\nOrder **LL-87102** is")
    stranger = talks_to(agent, workspace, None, is_verified=False)
    assert said(stranger, "return order LL-87102").text == "Within 30 days."


def test_another_customers_order_is_none_of_theirs(shop, agent, workspace):
    theo = talks_to(agent, workspace, "LL-31882")
    reply = said(theo, "Where is my order LL-88530?")
    assert reply.text == "I find no order LL-88530 in your account."
    assert said(theo, "cancel LL-88530").text == "I find no order LL-88530 in your account."


def test_a_shop_that_is_not_told_who_asks_is_asked_for_nobodys_orders(shop, agent, workspace):
    mira = talks_to(agent, workspace, MIRA)
    for tool in db.session.query(ConnectionTool).filter(ConnectionTool.name.in_(["list_orders", "get_order"])):
        tool.filled = {}
    db.session.commit()
    assert "88213" not in said(mira, "Where is my order LL-88213?").text
    assert db.session.query(ToolCall).count() == 0


def test_cancelling_asks_first_and_then_does_it(app, agent, workspace, monkeypatch):
    monkeypatch.setattr("gateways.embeddings.load", lambda: None)
    with serving() as url:
        connect(agent, url)
        _cancel(agent, workspace)


def _cancel(agent, workspace):
    mira = talks_to(agent, workspace, MIRA)
    asked = said(mira, "Please cancel order LL-88530, I ordered it by mistake")
    assert asked.details["confirm"]["title"] == "Cancel an order"
    step = traces.find(db.session.get(Conversation, mira), asked.id).content["steps"][-1]
    assert (step["title"], step["is_asked"]) == ("Cancel an order", True)
    assert any("ordered by mistake" in line for line in asked.details["confirm"]["lines"])
    assert "**pending**" in said(mira, "What is the status of LL-88530?").text
    call = db.session.query(ToolCall).filter_by(status=CallStatus.ASKED).one()
    done = call_answers.take(db.session.get(Conversation, mira), call.id, is_yes=True, now=utc_now())
    assert "Order LL-88530 is cancelled" in done.text
    assert "**cancelled**" in said(mira, "Where is LL-88530?").text
    assert "cannot be cancelled" in said(mira, "cancel LL-88530").text


def test_cancel_it_means_the_order_that_was_spoken_of(shop, agent, workspace):
    theo = talks_to(agent, workspace, "LL-31882")
    said(theo, "Where is my order?")
    assert said(theo, "cancel it please").details["orders"] == ["LL-88401"]
    assert said(theo, "no, leave it").text == say("en", "reply_call_declined")
    assert "**pending**" in said(theo, "LL-88401").text


def test_what_was_done_is_named_only_in_its_own_language(app, agent, workspace, monkeypatch):
    monkeypatch.setattr("gateways.embeddings.load", lambda: None)
    with serving() as url:
        connect(agent, url)
        theo = talks_to(agent, workspace, "LL-31882")
        db.session.get(Conversation, theo).language = "fr"
        said(theo, "annuler la commande LL-88401")
        done = said(theo, "oui")
    assert done.text.startswith("C’est fait.\n")
    assert "Cancel an order" not in done.text


def test_it_is_answered_in_the_customers_language(shop, agent, workspace):
    mira = talks_to(agent, workspace, MIRA)
    assert "Bestellung **LL-88213**: **in Bearbeitung**." in said(mira, "Wo ist meine Bestellung LL-88213?").text
    assert "**expédiée**" in said(mira, "Où est ma commande LL-87102 ?").text


def test_what_fits_comes_as_cards_with_pictures_of_our_own(shop, agent, workspace):
    cards = said(talks_to(agent, workspace, MIRA), "What fits me?").details["cards"]
    robe = next(card for card in cards if card["title"] == "Linen robe")
    assert (robe["price"], robe["choices"]) == ("£94.00", ["M"])
    assert robe["picture"].startswith("/pictures/of-cards/")
    assert "127.0.0.1" not in str(cards)


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example\\@shop.example/x",
        "https://evil.example\\.shop.example/",
        "https://ann:key@shop.example/",
        "https://evil.example/",
        "javascript://shop.example/%0aalert(1)",
    ],
)
def test_a_card_leads_and_looks_nowhere_but_to_the_shop(agent, link):
    agent.site_url = "https://shop.example"
    row = connections.add(agent, title="Shop", url="https://tools.example/mcp", by=None, now=utc_now())
    tool = Offered("search_products", ConnectionTool(connection_id=row.id), row)
    speaker = Speaker("Lumi", True, "en", {})
    good = "https://www.shop.example/robe"
    assert cards.card(speaker, Product("Robe", link=good), tool)["link"] == good
    shown = cards.card(speaker, Product("Robe", link=link, picture=link), tool)
    assert not {"link", "picture"} & set(shown)


def test_goods_are_looked_for_where_the_agent_knows_no_answer(shop, agent, workspace):
    entry = {"id": "club", "question": "Do you have a loyalty programme?", "answer": "Yes, the lamp club."}
    knowledge.import_entries(agent, [entry], by=None, now=utc_now())
    somebody = talks_to(agent, workspace, None)
    assert said(somebody, "Do you have a loyalty programme?").text == "Yes, the lamp club."
    assert said(somebody, "Do you have a wool throw?").details["cards"][0]["title"] == "Moor throw"


def test_an_unreachable_shop_is_no_silence(app, agent, workspace, monkeypatch):
    monkeypatch.setattr("gateways.embeddings.load", lambda: None)
    with serving() as url:
        connect(agent, url)
    assert "cannot look into your orders" in said(talks_to(agent, workspace, MIRA), "Where is my order?").text
