"""The widget's HTTP API as design.md 5.4 promises it."""

import json

import pytest

from core import agents, tickets, websites
from core.clock import utc_now
from models import db
from models.agents import Event, EventKind, WebsiteSighting
from models.customers import Customer, WidgetSession
from models.knowledge import Entry
from tests.conftest import keep

pytestmark = pytest.mark.both_databases

SITE = "https://example.com"
FRAME = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def returns(agent):
    return keep(
        Entry(
            workspace_id=agent.workspace_id,
            agent_id=agent.id,
            question="How do I return something?",
            answer="Send it back within **30 days**.",
            created_at=utc_now(),
            updated_at=utc_now(),
        )
    )


def ticket_for(agent, channel="web"):
    return tickets.issue(agent, origin=None, channel=channel)


def open_chat(client, agent, **body):
    body = {"agentId": agent.public_id, "parentOrigin": SITE, "ticket": ticket_for(agent)} | body
    return client.post("/api/v1/widget/sessions", json=body, headers=FRAME)


def say(client, token, text, client_id="one"):
    return client.post(
        "/api/v1/widget/messages", json={"clientId": client_id, "text": text}, headers={"X-Widget-Token": token}
    )


def transcript(client, token, after=0):
    answer = client.get(f"/api/v1/widget/messages?after={after}", headers={"X-Widget-Token": token})
    return [(message["from"], message["text"]) for message in answer.json["messages"]]


def test_a_session_says_all_that_a_chat_needs(vera, agent):
    answer = open_chat(vera, agent)
    assert answer.status_code == 201
    assert set(answer.json) == {"token", "expiresAt", "customer", "conversation", "messages", "features"}
    assert answer.json["customer"]["standing"] == "anonymous"
    assert answer.json["messages"] == []
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "Path=/" in cookie


def test_over_https_the_cookie_is_partitioned_and_bound_to_the_host(vera, agent):
    answer = vera.post(
        "/api/v1/widget/sessions",
        json={"agentId": agent.public_id, "parentOrigin": SITE, "ticket": ticket_for(agent)},
        base_url="https://localhost",
    )
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-")
    assert {"Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_a_question_in_other_words_gets_the_right_answer(vera, agent, returns):
    token = open_chat(vera, agent).json["token"]
    said = say(vera, token, "I want to send a lamp back")
    assert said.status_code == 201
    assert said.json["seq"] == 1
    assert transcript(vera, token) == [
        ("customer", "I want to send a lamp back"),
        ("agent", "Send it back within **30 days**."),
    ]


def test_the_same_client_id_is_one_message(vera, agent):
    token = open_chat(vera, agent).json["token"]
    first, again = say(vera, token, "hello"), say(vera, token, "hello")
    assert first.json == again.json
    assert [sender for sender, _text in transcript(vera, token)] == ["customer", "agent"]


def test_a_ticket_is_good_once(vera, agent):
    ticket = ticket_for(agent)
    assert open_chat(vera, agent, ticket=ticket).status_code == 201
    refused = open_chat(vera, agent, ticket=ticket)
    assert refused.status_code == 401
    assert refused.json["error"]["code"] == "ticket_expired"


def test_another_website_is_refused(vera, agent):
    refused = open_chat(vera, agent, parentOrigin="https://evil.example")
    assert refused.status_code == 403
    assert refused.json["error"]["code"] == "website_not_allowed"


def test_a_website_taken_off_the_list_ends_its_sessions(vera, agent):
    token = open_chat(vera, agent).json["token"]
    websites.replace(agent, ["elsewhere.example"], by=None, now=utc_now())
    assert say(vera, token, "hello").status_code == 403
    assert vera.post("/api/v1/widget/sessions/refresh", json={}, headers=FRAME).status_code == 403


def test_another_agents_ticket_is_refused(vera, agent, other_agent):
    assert open_chat(vera, agent, ticket=ticket_for(other_agent)).status_code == 401


@pytest.mark.parametrize(
    ("token", "code"), [(None, "token_required"), ("nonsense", "token_invalid"), ("a.b.c", "token_invalid")]
)
def test_a_call_without_a_good_token_is_refused(vera, agent, token, code):
    answer = vera.get("/api/v1/widget/messages", headers={"X-Widget-Token": token} if token else {})
    assert answer.status_code == 401
    assert answer.json["error"]["code"] == code


def test_the_refresh_cookie_brings_the_same_customer_back(vera, agent):
    before = open_chat(vera, agent).json
    say(vera, before["token"], "hello")
    refreshed = vera.post("/api/v1/widget/sessions/refresh", json={}, headers=FRAME)
    assert refreshed.status_code == 201
    assert refreshed.json["token"] != before["token"]
    assert refreshed.json["conversation"]["id"] == before["conversation"]["id"]
    assert [message["from"] for message in refreshed.json["messages"]] == ["customer", "agent"]


def test_the_refresh_cookie_is_only_for_our_own_frame(vera, agent):
    open_chat(vera, agent)
    for headers in ({}, {"Origin": SITE}, FRAME | {"Sec-Fetch-Site": "cross-site"}):
        assert vera.post("/api/v1/widget/sessions/refresh", json={}, headers=headers).status_code == 403


def test_a_site_that_takes_back_its_consent_has_the_cookie_go_and_the_chat_stay(vera, agent):
    open_chat(vera, agent)
    answer = vera.post("/api/v1/widget/sessions/refresh", json={"keep": "none"}, headers=FRAME)
    assert answer.status_code == 201
    assert say(vera, answer.json["token"], "still here").status_code == 201
    again = vera.post("/api/v1/widget/sessions/refresh", json={"agentId": agent.public_id}, headers=FRAME)
    assert again.json["error"]["code"] == "token_required"


def test_opening_again_resumes_the_conversation(vera, agent):
    first = open_chat(vera, agent).json
    say(vera, first["token"], "hello")
    again = open_chat(vera, agent).json
    assert again["conversation"]["id"] == first["conversation"]["id"]
    assert len(again["messages"]) == 2


def test_without_cookies_the_secret_travels_in_the_body(vera, agent):
    opened = open_chat(vera, agent, keep="frame")
    assert "Set-Cookie" not in opened.headers
    secret = opened.json["refreshSecret"]
    refreshed = vera.post("/api/v1/widget/sessions/refresh", json={"agentId": agent.public_id, "refreshSecret": secret})
    assert refreshed.status_code == 201
    assert refreshed.json["refreshSecret"] != secret


def test_ending_a_session_ends_its_token(vera, agent):
    token = open_chat(vera, agent).json["token"]
    assert vera.delete("/api/v1/widget/sessions", headers={"X-Widget-Token": token}).status_code == 204
    refused = say(vera, token, "still there?")
    assert refused.status_code == 401
    assert refused.json["error"]["code"] == "token_revoked"


def test_forgetting_erases_the_customer(vera, agent):
    token = open_chat(vera, agent).json["token"]
    say(vera, token, "hello")
    vera.delete("/api/v1/widget/sessions", json={"forget": True}, headers={"X-Widget-Token": token})
    assert db.session.query(Customer).count() == 0
    assert db.session.query(WidgetSession).count() == 0


def test_what_a_site_tells_of_a_customer_is_marked_as_told(vera, agent):
    opened = open_chat(vera, agent, customer={"id": 7, "email": "vera@example.com", "name": "Vera"})
    assert opened.json["customer"] == {
        "id": "7",
        "standing": "identified",
        "name": "Vera",
        "email": "vera@example.com",
    }


def test_a_customer_token_that_cannot_be_checked_shows_no_history(vera, agent):
    token = open_chat(vera, agent).json["token"]
    say(vera, token, "my secret question")
    refused = open_chat(vera, agent, customerToken="no.such.token")
    assert refused.status_code == 401
    assert refused.json["error"]["code"] == "customer_token_refused"
    assert "secret question" not in refused.text


def test_logging_out_gives_a_new_session_of_nobody(vera, agent):
    opened = open_chat(vera, agent, customer={"name": "Vera"}).json
    say(vera, opened["token"], "hello")
    after = vera.post("/api/v1/widget/customer", json={}, headers={"X-Widget-Token": opened["token"]})
    assert after.status_code == 201
    assert after.json["customer"]["standing"] == "anonymous"
    assert after.json["messages"] == []
    assert say(vera, opened["token"], "still me?", "two").status_code == 401


def test_asking_for_a_person_silences_the_agent(vera, agent):
    token = open_chat(vera, agent).json["token"]
    wish = vera.post("/api/v1/widget/handoffs", json={}, headers={"X-Widget-Token": token})
    assert wish.status_code == 201
    assert wish.json["state"] == "waiting"
    say(vera, token, "are you there?")
    assert [sender for sender, _text in transcript(vera, token)] == ["system", "customer"]


@pytest.mark.parametrize(
    "body",
    [
        {"clientId": "one"},
        {"clientId": "one", "text": ""},
        {"clientId": "one", "text": " \n\x00 "},
        {"clientId": "one", "text": "x" * 4001},
        {"clientId": "one", "text": ["a"]},
        {"clientId": "a b", "text": "hello"},
        {"clientId": 7, "text": "hello"},
        {"text": "hello"},
        [1, 2],
        "text",
    ],
)
def test_a_message_that_cannot_be_taken_says_why(vera, agent, body):
    token = open_chat(vera, agent).json["token"]
    answer = vera.post("/api/v1/widget/messages", json=body, headers={"X-Widget-Token": token})
    assert answer.status_code == 422
    assert answer.json["error"]["message"]
    assert transcript(vera, token) == []


def test_an_unknown_agent_is_not_found(vera, app):
    answer = vera.post("/api/v1/widget/sessions", json={"agentId": "nobody", "parentOrigin": SITE, "ticket": "x"})
    assert answer.status_code == 404
    assert answer.json["error"]["code"] == "not_found"


class TestEvents:
    def test_who_was_away_catches_up(self, vera, agent):
        token = open_chat(vera, agent).json["token"]
        say(vera, token, "hello")
        assert [name for name, _content in events(vera, token, last=0, most=3)] == ["state", "message", "message"]
        assert [content["seq"] for name, content in events(vera, token, last=1, most=2) if name == "message"] == [2]


class TestTracking:
    def track(self, client, agent, origin, **event):
        body = json.dumps({"agentId": agent.public_id, "events": [{"kind": "load", **event}]})
        return client.post(
            "/api/v1/widget/track", data=body, content_type="text/plain", headers={"Origin": origin} if origin else {}
        )

    def test_a_load_on_an_allowed_website_is_seen(self, vera, agent):
        answer = self.track(vera, agent, SITE, page="/pricing?token=secret", timings={"shown": 41.2})
        assert answer.status_code == 204
        assert answer.headers["Access-Control-Allow-Origin"] == SITE
        assert db.session.query(WebsiteSighting).one().origin == SITE
        assert db.session.query(Event).one().details == {"page": "/pricing", "timings": {"shown": 41.2}}

    @pytest.mark.parametrize(
        ("told", "kept"), [(7, 7), ("7", None), (7.5, None), (True, None), (-1, None), (2**40, None)]
    )
    def test_the_version_that_a_page_shows_is_kept_with_the_website(self, vera, agent, told, kept):
        assert self.track(vera, agent, SITE, version=told).status_code == 204
        assert db.session.query(WebsiteSighting).one().version == kept

    def test_an_error_that_the_owner_can_mend_is_counted_and_no_other(self, vera, agent):
        for code in ("frame_unreachable", "rate_limited", {"a": 1}, None):
            assert self.track(vera, agent, SITE, kind="error", code=code, page="/").status_code == 204
        [event] = db.session.query(Event)
        assert (event.kind, event.details["code"]) == (EventKind.ERROR, "frame_unreachable")
        assert db.session.query(WebsiteSighting).count() == 0

    @pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "https://example.com.evil.example"])
    def test_other_websites_are_refused_without_cors(self, vera, agent, origin):
        answer = self.track(vera, agent, origin)
        assert answer.status_code == 403
        assert "Access-Control-Allow-Origin" not in answer.headers

    @pytest.mark.parametrize("body", ["", "[]", "{}", '{"events": 1}', "{", '{"agentId": 1, "events": []}'])
    def test_nonsense_is_refused(self, vera, agent, body):
        answer = vera.post("/api/v1/widget/track", data=body, headers={"Origin": SITE})
        assert answer.status_code in (404, 422)


def events(client, token, *, last, most):
    """The first events of a stream."""
    headers = {"X-Widget-Token": token, "Last-Event-ID": str(last)}
    answer = client.get("/api/v1/widget/events", headers=headers, buffered=False)
    found = []
    for chunk in answer.response:
        lines = dict(line.split(": ", 1) for line in chunk.decode().strip().splitlines() if ": " in line)
        if "event" in lines:
            found.append((lines["event"], json.loads(lines["data"])))
        if len(found) == most:
            break
    answer.close()
    return found


class TestWhoIsChatting:
    def test_somebody_else_at_the_same_browser_sees_nothing_of_the_first(self, vera, agent):
        alice = open_chat(vera, agent, customer={"id": "alice", "email": "alice@example.com"}).json
        say(vera, alice["token"], "a secret of Alice")
        bob = open_chat(vera, agent, customer={"id": "bob"})
        assert bob.json["messages"] == []
        assert bob.json["customer"]["email"] is None

    def test_a_secret_that_came_by_cookie_goes_back_by_cookie(self, vera, agent):
        first = open_chat(vera, agent).json
        say(vera, first["token"], "hello")
        second = open_chat(vera, agent, keep="none")
        assert "refreshSecret" not in second.json
        assert "Set-Cookie" in second.headers

    def test_another_site_cannot_sign_its_visitors_in(self, vera, agent):
        body = {"agentId": agent.public_id, "parentOrigin": SITE, "ticket": ticket_for(agent)}
        answer = vera.post("/api/v1/widget/sessions", json=body, headers={"Sec-Fetch-Site": "cross-site"})
        assert "Set-Cookie" not in answer.headers

    def test_an_archived_agent_is_silent(self, vera, agent):
        token = open_chat(vera, agent).json["token"]
        agents.archive(agent, by=None, now=utc_now())
        assert say(vera, token, "hello").status_code == 401
        assert vera.get("/api/v1/widget/messages", headers={"X-Widget-Token": token}).status_code == 401


def test_a_session_has_a_few_streams_and_no_more(vera, agent):
    token = open_chat(vera, agent).json["token"]
    headers = {"X-Widget-Token": token}
    streams = [vera.get("/api/v1/widget/events", headers=headers, buffered=False) for _ in range(6)]
    assert vera.get("/api/v1/widget/events", headers=headers).status_code == 503
    for stream in streams:
        stream.close()
    again = vera.get("/api/v1/widget/events", headers=headers, buffered=False)
    assert again.status_code == 200
    again.close()


def test_a_customers_words_are_shown_sign_for_sign(vera, agent):
    token = open_chat(vera, agent).json["token"]
    say(vera, token, "**bold** <b>\n- list")
    answer = vera.get("/api/v1/widget/messages", headers={"X-Widget-Token": token})
    assert answer.json["messages"][0]["html"] == "<p>**bold** &lt;b&gt;<br>- list</p>"


class TestYes:
    def test_a_yes_to_the_offer_of_a_person_fetches_one(self, vera, agent):
        opened = open_chat(vera, agent).json
        say(vera, opened["token"], "Do you sell motorbikes?")
        say(vera, opened["token"], "yes please", "two")
        assert open_chat(vera, agent).json["conversation"]["state"] == "waiting"

    def test_a_yes_out_of_the_blue_fetches_nobody(self, vera, agent):
        opened = open_chat(vera, agent).json
        say(vera, opened["token"], "yes please")
        assert open_chat(vera, agent).json["conversation"]["state"] == "agent"
