"""What is noticed of visitors, and what is not."""

import pytest
from sqlalchemy import select

from core import protection, tickets
from core.clock import utc_now
from core.protection_settings import Action, Scope
from models import db
from models.customers import Customer
from models.protection import RiskMark, Signal
from tests.blueprints.widget.protection.visitors import BROWSER, ELSEWHERE, call, error, marks, set_limit
from tests.blueprints.widget.test_api import SITE, open_chat, say, ticket_for

pytestmark = pytest.mark.both_databases


def test_a_browser_as_people_have_it_is_not_noticed(vera, agent):
    body = {
        "agentId": agent.public_id,
        "parentOrigin": SITE,
        "ticket": ticket_for(agent),
        "signals": {"webdriver": False},
    }
    answer = call(vera, "POST", "/sessions", json=body, headers=BROWSER)
    assert answer.status_code == 201
    say(vera, answer.json["token"], "Where is my lamp?")
    assert marks() == {}


@pytest.mark.parametrize(
    ("headers", "signals", "told"),
    [
        ({}, {"webdriver": True}, "the browser says that a program controls it"),
        ({"User-Agent": "Mozilla/5.0 HeadlessChrome/140"}, None, "it calls itself HeadlessChrome"),
        ({"User-Agent": "python-requests/2.32"}, None, "it calls itself python"),
        ({"User-Agent": ""}, "odd", "it does not say which browser it is"),
        ({"Accept-Language": None}, [], "it has no language, as browsers have"),
        ({"Sec-Fetch-Site": None}, {}, "it leaves out what browsers always send"),
    ],
)
def test_programs_are_noticed_and_not_stopped(vera, agent, headers, signals, told):
    body = {"agentId": agent.public_id, "parentOrigin": SITE, "ticket": ticket_for(agent), "signals": signals}
    sent = {name: text for name, text in (BROWSER | headers).items() if text is not None}
    answer = vera.post("/api/v1/widget/sessions", json=body, headers=sent)
    assert answer.status_code == 201
    assert told in marks()[Signal.AUTOMATION]
    assert say(vera, answer.json["token"], "hello").status_code == 201


def test_a_throw_away_mail_is_noticed(vera, agent):
    open_chat(vera, agent, customer={"email": "x@news.Mailinator.com"})
    assert marks()[Signal.DISPOSABLE_MAIL] == "mailinator.com"


def test_going_on_after_being_refused_is_noticed(vera, workspace, opened, adam_himself):
    set_limit(workspace, adam_himself, Action.MESSAGES, Scope.SESSION, 1)
    for number in range(9):
        say(vera, opened, "hello", client_id=str(number))
    assert Signal.VELOCITY not in marks()
    for number in range(9, 30):
        say(vera, opened, "hello", client_id=str(number))
    assert marks()[Signal.VELOCITY] == "refused 10 times within 10 minutes"
    assert len(db.session.scalars(select(RiskMark).where(RiskMark.signal == Signal.VELOCITY)).all()) == 1


def test_the_same_text_over_and_over_is_noticed_without_being_kept(vera, opened):
    for number in range(8):
        say(vera, opened, f"  Buy my   PILLS today{'!' if number < 0 else ''} ", client_id=str(number))
    assert marks()[Signal.REPEATED_TEXT] == "8 times within 10 minutes"
    assert "pills" not in repr(list(current_texts())).lower()


def current_texts():
    from gateways.counters import current_counters

    return current_counters()._main.storage


def test_short_words_are_said_again_by_anybody(vera, opened):
    for number in range(12):
        say(vera, opened, "yes please", client_id=str(number))
    assert Signal.REPEATED_TEXT not in marks()


def test_a_message_sent_again_because_of_the_network_is_one_message(vera, opened):
    for _ in range(12):
        say(vera, opened, "Where is my parcel at the moment?", client_id="the same")
    assert Signal.REPEATED_TEXT not in marks()


def test_the_same_long_text_of_many_is_noticed_unless_the_agent_offers_it(agent, workspace):
    def send(text):
        for _ in range(20):
            person = Customer(
                workspace_id=workspace.id,
                standing="anonymous",
                attributes={},
                created_at=utc_now(),
                last_seen_at=utc_now(),
            )
            db.session.add(person)
            db.session.commit()
            visitor = protection.Visitor(agent, "9.9.9.9", customer_id=person.id)
            protection.note_text(visitor, text, now=utc_now())

    from models.knowledge import Entry

    offered = "How long does it take until a parcel that I have ordered today is delivered to my home?"
    db.session.add(
        Entry(
            workspace_id=workspace.id,
            agent_id=agent.id,
            question=offered,
            answer="Two days.",
            created_at=utc_now(),
            updated_at=utc_now(),
        )
    )
    db.session.commit()
    send(offered)
    assert marks() == {}
    send("Make money fast with this one trick, see https://spam.example for everything about it, hurry up!")
    assert marks()[Signal.REPEATED_TEXT] == "the same came from 20 visitors within an hour"


def test_one_customer_from_many_networks_is_noticed(vera, opened):
    for number in range(4):
        say(vera, opened, "hello", client_id=str(number))
        call(vera, "POST", "/handoffs", opened, environ_base={"REMOTE_ADDR": f"9.9.{number}.9"})
    assert marks()[Signal.ADDRESS_SPREAD] == "5 networks"


def test_a_phone_that_changes_within_its_network_is_not(vera, opened):
    for number in range(20):
        call(vera, "POST", "/handoffs", opened, environ_base={"REMOTE_ADDR": f"9.9.9.{number}"})
    assert Signal.ADDRESS_SPREAD not in marks()


def test_a_claim_to_be_elsewhere_is_noticed(vera, agent):
    ticket = tickets.issue(agent, origin="https://other.example.com", channel="web")
    body = {"agentId": agent.public_id, "parentOrigin": SITE, "ticket": ticket}
    error(call(vera, "POST", "/sessions", json=body, **ELSEWHERE), 403, "website_not_allowed")
    assert marks()[Signal.ORIGIN_MISMATCH] == f"it says {SITE}, the browser said https://other.example.com"


def test_a_call_from_another_page_is_noticed(vera, opened):
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    call(vera, "POST", "/messages", opened, json={"clientId": "a", "text": "hi"}, headers=headers)
    assert marks()[Signal.ORIGIN_MISMATCH].endswith("the browser said https://evil.example")


@pytest.mark.parametrize(
    "body", [{"signals": 7}, {"signals": {"webdriver": "yes"}}, {"ticket": 7}, {"ticket": None}, {"parentOrigin": 7}]
)
def test_odd_bodies_are_refused_or_ignored_as_before(vera, agent, body):
    assert open_chat(vera, agent, **body).status_code in (201, 401, 422)
