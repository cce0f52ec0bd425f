"""`POST /ratings/<id>`: how content the customer was."""

import uuid

import pytest

from core import conversations
from core.clock import utc_now
from models import db
from models.conversations import Conversation
from models.inbox import Rating
from tests.blueprints.widget.test_api import say
from tests.blueprints.widget.test_pre_chat import token_of

API = "/api/v1/widget"


@pytest.fixture
def asked(vera, agent):
    """A visitor's headers, and the id of what they were asked."""
    token = token_of(vera, agent)
    say(vera, token, "Where is my lamp?")
    conversations.resolve(db.session.query(Conversation).one(), now=utc_now())
    return {"X-Widget-Token": token}, db.session.query(Rating).one().id


def rate(client, asked, **body):
    headers, rating_id = asked
    return client.post(f"{API}/ratings/{rating_id}", json=body, headers=headers)


def test_a_rating_is_taken_and_every_tab_sees_it(vera, asked):
    answer = rate(vera, asked, score=4, comment="Quick and kind.")
    assert (answer.status_code, answer.json) == (200, {"score": 4})
    notice = vera.get(f"{API}/messages", headers=asked[0]).json["messages"][-1]
    assert notice["from"] == "system"
    assert notice["extras"]["rating"] == {"id": notice["id"], "score": 4}


def test_another_one_is_refused(vera, asked):
    rate(vera, asked, score=4)
    answer = rate(vera, asked, score=1)
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "rating_closed")


def test_it_is_the_customers_alone(app, vera, agent, asked):
    other = app.test_client()
    headers = {"X-Widget-Token": token_of(other, agent)}
    assert rate(other, (headers, asked[1]), score=1).status_code == 404
    assert rate(other, (headers, uuid.uuid4()), score=1).status_code == 404
    assert rate(other, ({}, asked[1]), score=1).status_code == 401
    assert db.session.query(Rating).one().score is None


@pytest.mark.parametrize("body", [{}, {"score": 9}, {"score": 3, "comment": ["x"]}])
def test_bad_input_is_refused(vera, asked, body):
    assert rate(vera, asked, **body).status_code == 422


def test_without_scripts_a_form_asks_once(vera, agent):
    token = token_of(vera, agent)
    say(vera, token, "Where is my lamp?")
    form = {"session": token, "text": "Hello?", "clientId": "a-client-id-of-its-own"}
    address = f"/widget/{agent.public_id}/messages"
    assert 'name="rating"' not in vera.post(address, data=form).text
    conversations.resolve(db.session.query(Conversation).one(), now=utc_now())
    rating_id = db.session.query(Rating).one().id
    page = vera.post(address, data=form).text
    assert f'name="rating" value="{rating_id}"' in page
    assert "How was this conversation for you?" in page
    for wrong in ({}, {"score": "9"}, {"score": "x"}, {"rating": str(uuid.uuid4()), "score": "3"}):
        answer = vera.post(address, data={"session": token, "rating": str(rating_id)} | wrong)
        assert answer.status_code == 422
    told = {"session": token, "rating": str(rating_id), "score": "4", "comment": "Quick."}
    thanks = vera.post(address, data=told)
    assert thanks.status_code == 200
    assert "Thank you. Your rating: Good." in thanks.text
    assert 'name="rating"' not in thanks.text
    assert (db.session.query(Rating).one().score, db.session.query(Rating).one().comment) == (4, "Quick.")
