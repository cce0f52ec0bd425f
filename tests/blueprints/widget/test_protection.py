"""What visitors are told when they go too far: blocked, limited, slowed down, or asked to work something out."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from blueprints.widget import limits as walls
from core import (
    blocks,
    challenges,
    conversations,
    identity_keys,
    limits,
    protection,
    protection_settings,
    risks,
    signing,
    stops,
    tickets,
)
from core.clock import utc_now
from core.protection_settings import Action, Scope
from gateways.bus import current_bus
from models import db
from models.agents import Event
from models.conversations import Message
from models.customers import Customer, WidgetSession
from models.protection import Block, RiskMark, Signal, Stop
from models.teammates import Role
from tests.blueprints.widget.test_api import FRAME, SITE, open_chat, say, ticket_for
from tests.conftest import make_teammate
from tests.core.customer_token_forge import HS256, claims, hs256
from tests.core.test_challenges import solve

pytestmark = pytest.mark.both_databases

BROWSER = FRAME | {"Accept-Language": "en", "User-Agent": "Mozilla/5.0 Chrome/140.0.0.0 Safari/537.36"}
ELSEWHERE = {"environ_base": {"REMOTE_ADDR": "9.9.9.9"}}


@pytest.fixture
def adam_himself(workspace):
    return make_teammate(workspace, "Adam", Role.ADMIN)


@pytest.fixture
def opened(vera, agent):
    return open_chat(vera, agent).json["token"]


@pytest.fixture
def customer(opened):
    return db.session.scalars(select(Customer)).one()


def call(client, method, path, token=None, **more):
    headers = {**FRAME, **({"X-Widget-Token": token} if token else {}), **more.pop("headers", {})}
    return client.open(f"/api/v1/widget{path}", method=method, headers=headers, **more)


def block_address(workspace, address="127.0.0.1", **changes):
    chosen = {"reason": "Spam", "until": None, "by": None, "now": utc_now(), "is_understood": True} | changes
    return blocks.block_network(workspace, address, **chosen)


def set_limit(workspace, by, action, scope, count):
    protection_settings.set_limits(workspace, {(action, scope): count}, by=by, now=utc_now())


def suspect(workspace, customer, points):
    """Give a customer marks of so many points."""
    now = utc_now()
    db.session.add(
        RiskMark(
            workspace_id=workspace.id,
            subject=risks.of_customer(customer.id),
            signal=Signal.TOKEN_REUSE,
            points=points,
            created_at=now,
            expires_at=now + timedelta(days=300),
        )
    )
    db.session.commit()


def marks() -> dict[Signal, str]:
    return {mark.signal: mark.detail for mark in db.session.scalars(select(RiskMark))}


def error(answer, status, code) -> dict[str, object]:
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code), answer.text
    return answer.json["error"]


# Blocked


def everything_a_blocked_visitor_tries(client, agent, token):
    yield open_chat(client, agent)
    yield call(client, "POST", "/sessions/refresh", json={})
    yield call(client, "POST", "/customer", token, json={})
    yield say(client, token, "hello", client_id="again")
    yield call(client, "GET", "/messages", token)
    yield call(client, "GET", "/events", token)
    yield call(client, "POST", "/handoffs", token)
    yield call(client, "POST", "/track", json={"agentId": agent.public_id, "events": []}, headers={"Origin": SITE})


def test_a_blocked_address_gets_nowhere_and_is_told_calmly(vera, agent, workspace, opened):
    block = block_address(workspace)
    tried = list(everything_a_blocked_visitor_tries(vera, agent, opened))
    for answer in tried:
        told = error(answer, 403, "blocked")
        assert told["message"].startswith("You cannot use this chat at the moment.")
        assert "Spam" not in answer.text
    blocks.clear_old(now=utc_now())
    db.session.refresh(block)
    assert block.hits == len(tried)


def test_the_frame_of_a_blocked_visitor_still_opens(vera, agent, workspace, opened):
    block_address(workspace)
    assert vera.get(f"/widget/{agent.public_id}").status_code == 200
    assert vera.get(f"/chat/{agent.public_id}").status_code == 200
    assert call(vera, "DELETE", "/sessions", opened).status_code == 204


def test_a_blocked_customer_is_kept_out_and_let_in_again(vera, agent, opened, customer, adam_himself):
    block = blocks.block_customer(customer, reason="", until=None, by=adam_himself, now=utc_now())
    for answer in everything_a_blocked_visitor_tries(vera, agent, opened):
        if answer.request.path.endswith("/track"):
            assert answer.status_code == 204, "A page view names no customer."
        else:
            error(answer, 403, "blocked")
    blocks.lift(block, by=adam_himself, now=utc_now())
    assert say(vera, opened, "hello").status_code == 201
    again = call(vera, "POST", "/sessions/refresh", json={})
    assert again.status_code == 201, "The refresh secret was not used up while they were blocked."
    assert db.session.scalars(select(Customer)).one() == customer


def test_a_new_browser_does_not_help_a_blocked_customer_who_signs_in(app, vera, agent, workspace, adam_himself):
    identity_keys.configure(workspace, HS256, now=utc_now())
    token = hs256(claims(exp=utc_now().timestamp() + 600, iat=None))
    assert open_chat(vera, agent, customerToken=token).json["customer"]["standing"] == "verified"
    mira = db.session.scalars(select(Customer).where(Customer.external_id == "customer-1")).one()
    block = blocks.block_customer(mira, reason="", until=None, by=adam_himself, now=utc_now())
    elsewhere = app.test_client()
    refused = open_chat(elsewhere, agent, customerToken=token)
    error(refused, 403, "blocked")
    assert "Set-Cookie" not in refused.headers
    anonymous = open_chat(elsewhere, agent).json["token"]
    error(call(elsewhere, "POST", "/customer", anonymous, json={"customerToken": token}), 403, "blocked")
    blocks.lift(block, by=adam_himself, now=utc_now())
    assert open_chat(elsewhere, agent, customerToken=token).status_code == 201


def test_a_block_ends_streams_that_are_open(app, vera, agent, workspace, opened, customer, adam_himself):
    stream = call(vera, "GET", "/events", opened, buffered=False)
    lines = iter(stream.response)
    assert "retry" in next(lines).decode()
    assert "state" in next(lines).decode()
    found = []
    reader = threading.Thread(target=lambda: found.extend(line.decode() for line in lines))
    reader.start()
    blocks.block_customer(customer, reason="", until=None, by=adam_himself, now=utc_now())
    reader.join(10)
    assert not reader.is_alive()
    assert 'event: session\ndata: {"code":"blocked"}\n\n' in "".join(found)
    stream.close()


def test_a_range_tells_every_open_chat_of_its_workspace(workspace, agent, opened):
    from core import refresh_secrets

    with current_bus().listener(refresh_secrets.workspace_topic(workspace.id)) as listener:
        block_address(workspace, "203.0.113.0/24")
        assert [note["kind"] for note in listener.waiting()] == ["session"]


def test_without_scripts_a_blocked_visitor_is_told_on_the_page(vera, agent, workspace):
    block_address(workspace)
    form = {"ticket": ticket_for(agent, channel="link"), "text": "Hello there", "clientId": "one"}
    answer = vera.post(f"/widget/{agent.public_id}/messages", data=form)
    assert answer.status_code == 422
    assert "You cannot use this chat at the moment." in answer.text
    assert "Hello there" in answer.text
    assert db.session.scalars(select(Message)).all() == []


def test_a_block_of_another_workspace_is_none_here(vera, agent, other_workspace):
    block_address(other_workspace)
    assert open_chat(vera, agent).status_code == 201


# Limited


def test_a_session_is_limited_and_told_when_to_go_on(vera, workspace, opened, adam_himself):
    set_limit(workspace, adam_himself, Action.MESSAGES, Scope.SESSION, 2)
    assert [say(vera, opened, "hello there", client_id=str(number)).status_code for number in range(2)] == [201, 201]
    refused = say(vera, opened, "hello there", client_id="x")
    told = error(refused, 429, "rate_limited")
    assert told["message"].startswith("That was a bit fast. You can go on writing in ")
    assert refused.headers["Retry-After"] == str(told["retryAfter"])
    assert 1 <= told["retryAfter"] <= 60
    assert len(db.session.scalars(select(Message).where(Message.client_id.is_not(None))).all()) == 2


@pytest.mark.parametrize("scope", [Scope.CUSTOMER, Scope.ADDRESS, Scope.WEBSITE, Scope.AGENT])
def test_messages_are_limited_in_every_scope(vera, workspace, opened, adam_himself, scope):
    set_limit(workspace, adam_himself, Action.MESSAGES, scope, 1)
    assert say(vera, opened, "hello").status_code == 201
    error(say(vera, opened, "hello", client_id="x"), 429, "rate_limited")


@pytest.mark.parametrize("scope", [Scope.ADDRESS, Scope.WEBSITE, Scope.AGENT])
def test_opening_is_limited_before_the_ticket_is_spent(vera, agent, workspace, adam_himself, scope):
    set_limit(workspace, adam_himself, Action.SESSIONS, scope, 1)
    assert open_chat(vera, agent).status_code == 201
    ticket = ticket_for(agent)
    error(open_chat(vera, agent, ticket=ticket), 429, "rate_limited")
    set_limit(workspace, adam_himself, Action.SESSIONS, scope, 5)
    assert open_chat(vera, agent, ticket=ticket).status_code == 201


def test_coming_back_is_limited_by_customer_and_loses_nothing(vera, agent, workspace, opened, adam_himself):
    set_limit(workspace, adam_himself, Action.SESSIONS, Scope.CUSTOMER, 1)
    assert call(vera, "POST", "/sessions/refresh", json={}).status_code == 201
    for _ in range(3):
        error(call(vera, "POST", "/sessions/refresh", json={}), 429, "rate_limited")
    set_limit(workspace, adam_himself, Action.SESSIONS, Scope.CUSTOMER, 50)
    assert call(vera, "POST", "/sessions/refresh", json={}).status_code == 201


@pytest.mark.parametrize("scope", [Scope.SESSION, Scope.CUSTOMER, Scope.ADDRESS, Scope.WEBSITE, Scope.AGENT])
def test_asking_for_a_person_is_limited(vera, workspace, opened, adam_himself, scope):
    set_limit(workspace, adam_himself, Action.HANDOFFS, scope, 1)
    assert call(vera, "POST", "/handoffs", opened).status_code == 201
    told = error(call(vera, "POST", "/handoffs", opened), 429, "rate_limited")
    assert told["retryAfter"] <= 3600


@pytest.mark.parametrize("scope", [Scope.ADDRESS, Scope.WEBSITE, Scope.AGENT])
def test_reports_are_limited(vera, agent, workspace, adam_himself, scope):
    set_limit(workspace, adam_himself, Action.REPORTS, scope, 1)
    report = {"json": {"agentId": agent.public_id, "events": [{"kind": "load"}]}, "headers": {"Origin": SITE}}
    assert call(vera, "POST", "/track", **report).status_code == 204
    error(call(vera, "POST", "/track", **report), 429, "rate_limited")


def test_many_reports_in_one_request_count_as_many(vera, agent, workspace, adam_himself):
    set_limit(workspace, adam_himself, Action.REPORTS, Scope.ADDRESS, 3)
    events = [{"kind": "error", "code": "frame_unreachable"}] * 4
    report = {"agentId": agent.public_id, "events": events}
    error(call(vera, "POST", "/track", json=report, headers={"Origin": SITE}), 429, "rate_limited")
    assert db.session.scalars(select(Event)).all() == []


def test_while_only_noting_nobody_is_stopped(vera, agent, workspace, opened, customer, adam_himself):
    set_limit(workspace, adam_himself, Action.MESSAGES, Scope.SESSION, 1)
    protection_settings.set_log_only(workspace, True, by=adam_himself, now=utc_now())
    suspect(workspace, customer, 500)
    for number in range(4):
        assert say(vera, opened, "hello", client_id=str(number)).status_code == 201
    stops.clear_old(now=utc_now())
    noted = {row.scope: (row.times, row.is_enforced) for row in db.session.scalars(select(Stop))}
    assert noted["messages:session"] == (3, False)
    assert noted["messages:block:customer"] == (4, False)
    assert noted["messages:challenge:customer"] == (4, False)
    assert noted["messages:slow:customer"] == (3, False)
    assert db.session.scalars(select(Block)).all() == []


def test_while_only_noting_a_persons_block_holds_and_the_products_own_does_not(
    vera, workspace, opened, customer, adam_himself
):
    protection_settings.set_log_only(workspace, True, by=adam_himself, now=utc_now())
    blocks.block_customer(customer, reason="", until=None, by=None, now=utc_now())
    assert say(vera, opened, "hello").status_code == 201
    blocks.block_customer(customer, reason="", until=None, by=adam_himself, now=utc_now())
    error(say(vera, opened, "hello", client_id="x"), 403, "blocked")


def test_a_preview_is_never_stopped(vera, agent, workspace, adam_himself):
    answer = open_chat(vera, agent, ticket=ticket_for(agent, conversations.PREVIEW), parentOrigin="http://localhost")
    token = answer.json["token"]
    set_limit(workspace, adam_himself, Action.MESSAGES, Scope.SESSION, 1)
    block_address(workspace)
    suspect(workspace, db.session.scalars(select(Customer)).one(), 500)
    for number in range(3):
        assert say(vera, token, "the same text over and over", client_id=str(number)).status_code == 201
    assert (
        open_chat(
            vera, agent, ticket=ticket_for(agent, conversations.PREVIEW), parentOrigin="http://localhost"
        ).status_code
        == 201
    )


def test_previews_of_an_agent_together_have_a_limit(vera, agent, monkeypatch):
    monkeypatch.setitem(limits._OF_PREVIEWS, Action.MESSAGES, protection_settings.Limit(2, 60))
    ticket = ticket_for(agent, conversations.PREVIEW)
    token = open_chat(vera, agent, ticket=ticket, parentOrigin="http://localhost").json["token"]
    for number in range(2):
        assert say(vera, token, "hello", client_id=str(number)).status_code == 201
    error(say(vera, token, "hello", client_id="x"), 429, "rate_limited")
    customers = open_chat(vera, agent).json["token"]
    assert say(vera, customers, "hello").status_code == 201


def test_each_wall_counts_for_itself(vera, agent, opened):
    chats = [opened, open_chat(vera, agent).json["token"]]
    for _ in range(31):
        assert [call(vera, "POST", "/typing", token, json={}).status_code for token in chats] == [204, 204]
    # What has no token counts as one session of its address, whatever others there do.
    for _ in range(60):
        error(call(vera, "POST", "/typing", json={}), 401, "token_required")
    error(call(vera, "POST", "/typing", json={}), 429, "rate_limited")


def test_the_wall_stands_where_no_setting_goes_beyond():
    assert walls.PER_SESSION == "240/minute"
    assert walls.PER_ADDRESS == "1200/minute;12000/hour"
    assert all(
        (limit.count or 0) <= protection_settings.CEILINGS.get(key, protection_settings.MOST)
        for key, limit in protection_settings.LIMITS.items()
    )


# Suspicious


def test_somebody_suspicious_waits_between_messages(vera, workspace, opened, customer):
    suspect(workspace, customer, 50)
    assert say(vera, opened, "hello").status_code == 201
    told = error(say(vera, opened, "hello", client_id="x"), 429, "rate_limited")
    assert told["message"].startswith("Please take your time. You can send the next message in ")
    assert 1 <= told["retryAfter"] <= protection.BETWEEN


def test_somebody_more_suspicious_has_to_work_something_out(vera, workspace, opened, customer, monkeypatch):
    monkeypatch.setattr(challenges, "NUMBERS", 200)
    suspect(workspace, customer, 70)
    challenge = error(say(vera, opened, "hello"), 403, "challenge_required")["challenge"]
    assert set(challenge) == {"algorithm", "challenge", "maxNumber", "salt", "signature"}
    assert challenge["algorithm"] == "SHA-256"
    solution = solve(challenge)
    body = {"clientId": "one", "text": "hello"}
    wrong = {"X-Widget-Challenge": "nonsense"}
    error(call(vera, "POST", "/messages", opened, json=body, headers=wrong), 403, "challenge_required")
    solved = call(vera, "POST", "/messages", opened, json=body, headers={"X-Widget-Challenge": solution})
    assert solved.status_code == 201
    assert call(vera, "POST", "/handoffs", opened).status_code == 201, "One solution is enough for a while."


def test_a_solution_is_of_its_session(app, vera, agent, workspace, opened, customer, monkeypatch):
    monkeypatch.setattr(challenges, "NUMBERS", 200)
    suspect(workspace, customer, 70)
    solution = solve(error(say(vera, opened, "hello"), 403, "challenge_required")["challenge"])
    other = app.test_client()
    token = open_chat(other, agent).json["token"]
    session = db.session.get(WidgetSession, signing.session_of(token))
    suspect(workspace, session.customer, 70)
    answer = call(
        other,
        "POST",
        "/messages",
        token,
        json={"clientId": "a", "text": "hi"},
        headers={"X-Widget-Challenge": solution},
    )
    error(answer, 403, "challenge_required")


def test_a_suspicious_address_solves_one_before_it_opens_the_chat(vera, agent, workspace, monkeypatch):
    monkeypatch.setattr(challenges, "NUMBERS", 200)
    for signal in (Signal.TOKEN_REUSE, Signal.ADDRESS_SPREAD, Signal.ORIGIN_MISMATCH):
        risks.mark(workspace.id, risks.of_address("9.9.9.9"), signal, "", now=utc_now())
    ticket = ticket_for(agent)
    body = {"agentId": agent.public_id, "parentOrigin": SITE, "ticket": ticket}
    refused = call(vera, "POST", "/sessions", json=body, **ELSEWHERE)
    headers = {"X-Widget-Challenge": solve(error(refused, 403, "challenge_required")["challenge"])}
    assert call(vera, "POST", "/sessions", json=body, headers=headers, **ELSEWHERE).status_code == 201
    assert open_chat(vera, agent).status_code == 201, "Another address is not asked."


def test_the_most_suspicious_are_blocked_with_the_reasons(vera, workspace, opened, customer):
    suspect(workspace, customer, 100)
    error(say(vera, opened, "hello"), 403, "blocked")
    block = db.session.scalars(select(Block)).one()
    assert block.customer_id == customer.id
    assert block.network is None, "Others may share the address."
    assert block.created_by_id is None
    assert block.reason.startswith("A key of the browser came a second time")
    assert timedelta(hours=23) < block.expires_at - utc_now() <= timedelta(hours=24)


def test_a_step_that_is_never_taken_is_not(vera, workspace, opened, customer, adam_himself):
    never = dict.fromkeys(protection_settings.STEPS)
    protection_settings.set_steps(workspace, never, by=adam_himself, now=utc_now())
    suspect(workspace, customer, 500)
    for number in range(3):
        assert say(vera, opened, "hello", client_id=str(number)).status_code == 201


# What is noticed


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
