"""The form before the first message and the consent line, over the API and in the page without scripts."""

import re

import pytest

from models import db
from models.conversations import Conversation, Message
from tests.blueprints.widget.test_api import open_chat, say
from tests.conftest import make_agent
from tests.core.test_pre_chat import CONSENT, EMAIL, NAME, ORDER, asking


def token_of(client, agent):
    return open_chat(client, agent).json["token"]


def look_up(client, token):
    return client.get("/api/v1/widget/pre-chat", headers={"X-Widget-Token": token})


def answer(client, token, **body):
    return client.post("/api/v1/widget/pre-chat", json=body, headers={"X-Widget-Token": token})


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def say_without_script(client, agent, page, **fields):
    form = {name: hidden(page, name) for name in ("ticket", "session", "clientId", "mode")} | fields
    return client.post(f"/widget/{agent.public_id}/messages", data=form)


class TestApi:
    def test_it_says_what_is_asked(self, vera, agent):
        asking(agent, NAME, EMAIL, consent=CONSENT | {"link": "https://example.com/privacy"})
        asked = look_up(vera, token_of(vera, agent)).json
        assert [field["key"] for field in asked["fields"]] == ["name", "email"]
        assert asked["consent"] == {"text": CONSENT["text"], "link": "https://example.com/privacy"}

    def test_the_first_message_waits_for_required_answers(self, vera, agent):
        asking(agent, ORDER)
        token = token_of(vera, agent)
        refused = say(vera, token, "Where is it?")
        assert (refused.status_code, refused.json["error"]["code"]) == (422, "pre_chat_required")
        assert db.session.query(Message).count() == 0
        assert answer(vera, token, answers={"order": "L-4711"}).status_code == 201
        assert say(vera, token, "Where is it?").status_code == 201

    def test_the_first_message_waits_for_consent(self, vera, agent):
        asking(agent, consent=CONSENT)
        token = token_of(vera, agent)
        assert say(vera, token, "Hello").json["error"]["code"] == "consent_required"
        assert answer(vera, token, consent="yes").json["error"]["code"] == "consent_required"
        assert answer(vera, token, consent=True).status_code == 201
        assert say(vera, token, "Hello").status_code == 201
        assert look_up(vera, token).json == {"intro": "", "fields": [], "consent": None}

    def test_nobody_gets_a_person_around_it(self, vera, agent):
        asking(agent, consent=CONSENT)
        token = token_of(vera, agent)
        wish = vera.post("/api/v1/widget/handoffs", json={}, headers={"X-Widget-Token": token})
        assert (wish.status_code, wish.json["error"]["code"]) == (422, "consent_required")

    def test_wrong_answers_are_told_by_their_questions(self, vera, agent):
        asking(agent, EMAIL)
        refused = answer(vera, token_of(vera, agent), answers={"email": "nowhere"})
        assert refused.status_code == 422
        assert refused.json["error"]["code"] == "pre_chat_invalid"
        assert list(refused.json["error"]["fields"]) == ["email"]

    @pytest.mark.parametrize("answers", ["text", 7, ["email"]])
    def test_what_is_no_object_is_refused(self, vera, agent, answers):
        asking(agent, EMAIL)
        assert answer(vera, token_of(vera, agent), answers=answers).status_code == 422

    def test_a_stranger_is_refused(self, vera):
        assert look_up(vera, "").status_code == 401
        assert answer(vera, "nonsense", answers={}).status_code == 401

    def test_one_customers_answers_are_not_anothers(self, app, vera, agent):
        asking(agent, ORDER)
        answer(vera, token_of(vera, agent), answers={"order": "L-4711"})
        other = app.test_client()
        assert [field["key"] for field in look_up(other, token_of(other, agent)).json["fields"]] == ["order"]


class TestWithoutScript:
    def test_the_form_asks_and_keeps(self, vera, agent):
        asking(agent, ORDER, consent=CONSENT)
        page = vera.get(f"/widget/{agent.public_id}?mode=inline", headers={"Referer": "https://example.com/"}).text
        assert CONSENT["text"] in page
        late = say_without_script(vera, agent, page, text="Where is it?", **{"pre_chat.order": "L-4711"})
        assert late.status_code == 422
        assert "Where is it?" in late.text
        assert 'value="L-4711"' in late.text
        done = say_without_script(
            vera, agent, late.text, text="Where is it?", consent="yes", **{"pre_chat.order": "L-4711"}
        )
        assert done.status_code == 200
        assert "pre_chat.order" not in done.text
        conversation = db.session.query(Conversation).filter(Conversation.told.isnot(None)).one()
        assert conversation.told["order"]["answer"] == "L-4711"
        assert conversation.consent_text == CONSENT["text"]

    def test_nothing_is_there_when_nothing_is_asked(self, vera, agent):
        page = vera.get(f"/widget/{agent.public_id}").text
        assert "data-before" not in page
        assert 'id="consent"' not in page


class TestInbox:
    def test_the_answers_stand_beside_the_conversation_unproven(self, vera, sue, agent):
        asking(agent, ORDER, consent=CONSENT)
        token = token_of(vera, agent)
        answer(vera, token, answers={"order": "<b>L-4711</b>"}, consent=True)
        say(vera, token, "Where is it?")
        conversation = db.session.query(Conversation).filter(Conversation.told.isnot(None)).one()
        page = sue.get(f"/admin/conversations/{conversation.id}").text
        side = page[page.index("Answered before the chat") :]
        assert "&lt;b&gt;L-4711&lt;/b&gt;" in side
        assert "not verified" in side[:400]
        assert CONSENT["text"] in side

    def test_another_workspace_sees_nothing(self, vera, stan, agent, other_workspace):
        make_agent(other_workspace)
        asking(agent, ORDER)
        answer(vera, token_of(vera, agent), answers={"order": "L-4711"})
        conversation = db.session.query(Conversation).filter(Conversation.told.isnot(None)).one()
        assert stan.get(f"/admin/conversations/{conversation.id}").status_code == 404
