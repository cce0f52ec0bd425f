"""Settings → Tags: made, changed, deleted, and by whom."""

import pytest
from sqlalchemy import select

from core import conversations, tags
from core.clock import utc_now
from models import db
from models.conversations import Conversation
from models.inbox import Tag
from models.teammates import Teammate
from tests.conftest import make_conversation, make_customer

HTMX = {"HX-Request": "true"}


@pytest.fixture
def chat(agent) -> Conversation:
    begun = make_conversation(agent, make_customer(agent.workspace_id, "Marta Novak"))
    conversations.ask(begun, client_id="one", text="Hello", now=utc_now())
    return begun


@pytest.fixture
def me(sue) -> Teammate:
    return db.session.scalars(select(Teammate).where(Teammate.name == "Sue")).one()


def test_tags_are_made_changed_and_deleted(sue, chat, me):
    pages = "/admin/settings/tags/"
    assert "No tags yet" in sue.get(pages).text
    assert sue.post(pages, data={"name": "Repair", "colour": "red"}).status_code == 303
    tag = db.session.scalars(select(Tag)).one()
    tags.put(chat, tag, by=me, now=utc_now())
    assert "1 conversation" in sue.get(pages).text
    assert "already" in sue.post(pages, data={"name": "repair", "colour": "red"}, headers=HTMX).text
    assert sue.post(f"{pages}{tag.id}", data={"name": "Repairs", "colour": "blue"}).status_code == 303
    assert 'value="Repairs"' in sue.get(f"{pages}{tag.id}").text
    assert sue.post(f"{pages}{tag.id}", data={"name": "x", "colour": "plaid"}, headers=HTMX).status_code == 422
    assert sue.post(f"{pages}{tag.id}/deletion").status_code == 303
    assert db.session.scalars(select(Tag)).all() == []


def test_readers_see_tags_and_strangers_do_not(rita, stan, sue):
    pages = "/admin/settings/tags/"
    sue.post(pages, data={"name": "Repair", "colour": "red"})
    tag_id = db.session.scalars(select(Tag.id)).one()
    assert "Repair" in rita.get(pages).text
    assert rita.get(f"{pages}{tag_id}").status_code == 403
    assert stan.post(f"{pages}{tag_id}/deletion").status_code == 404
