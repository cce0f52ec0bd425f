"""Showing what a masked message said: who may, what is noted, and that it is shown once."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core import conversations, privacy_settings
from core.clock import utc_now
from models import db
from models.audits import AuditEntry
from models.conversations import Message
from models.teammates import Role, TeammateSession
from tests.conftest import make_conversation

HTMX = {"HX-Request": "true"}
MAIL = "ann@shop.example"


@pytest.fixture
def masked(conversation) -> Message:
    return conversations.ask(conversation, client_id="one", text=f"Write to {MAIL}", now=utc_now())


def page_of(message):
    return f"/admin/conversations/{message.conversation_id}"


def address(message):
    return f"{page_of(message)}/messages/{message.id}/original"


def looks():
    return db.session.scalars(select(AuditEntry).where(AuditEntry.action == "message.reveal")).all()


def test_the_conversation_shows_the_mark_and_the_way_to_the_original(sue, masked):
    page = sue.get(page_of(masked)).text
    assert MAIL not in page
    assert "Write to [email]" in page
    assert "E-mail addresses masked." in page
    assert f'action="{address(masked)}"' in page


def test_the_original_is_shown_as_a_dialog_and_as_a_page(sue, masked):
    dialog = sue.post(address(masked), headers=HTMX)
    assert (dialog.status_code, dialog.headers["Cache-Control"]) == (200, "no-store")
    assert f"Write to {MAIL}" in dialog.text
    assert "<html" not in dialog.text
    page = sue.post(address(masked))
    assert f"Write to {MAIL}" in page.text
    assert page.text.count("<h1>") == 1
    assert MAIL not in sue.get(page_of(masked)).text


def test_each_look_is_noted(sue, masked):
    for _ in range(2):
        sue.post(address(masked), headers=HTMX)
    assert [entry.who for entry in looks()] == ["Sue", "Sue"]


def test_the_words_are_shown_as_words(sue, conversation):
    text = f"<img src=x onerror=alert(1)> {MAIL}"
    message = conversations.ask(conversation, client_id="two", text=text, now=utc_now())
    assert "&lt;img src=x" in sue.post(address(message)).text


def test_a_reader_and_a_stranger_get_nothing(rita, stan, vera, masked):
    assert rita.post(address(masked)).status_code == 403
    assert stan.post(address(masked)).status_code == 404
    assert vera.post(address(masked)).status_code == 303
    assert looks() == []
    assert "Show original" not in rita.get(page_of(masked)).text


def test_a_workspace_may_show_originals_to_admins_only(sue, adam, workspace, masked):
    privacy_settings.decide(workspace, handling={}, revealed_to=Role.ADMIN, by=None, now=utc_now())
    assert "your role may not see it" in sue.get(page_of(masked)).text
    refused = sue.post(address(masked), headers=HTMX)
    assert refused.status_code == 403
    assert MAIL not in refused.text
    assert adam.post(address(masked)).status_code == 200
    assert [entry.who for entry in looks()] == ["Adam"]


def test_who_has_not_confirmed_lately_is_asked_first(sue, masked):
    db.session.execute(update(TeammateSession).values(confirmed_at=utc_now() - timedelta(hours=2)))
    db.session.commit()
    asked = sue.post(address(masked), headers=HTMX)
    assert MAIL not in asked.text
    assert "/admin/confirmation" in asked.headers["HX-Redirect"]
    assert looks() == []


def test_what_was_only_masked_has_no_original(sue, agent, conversation, masked):
    card = conversations.ask(conversation, client_id="card", text="4111 1111 1111 1111", now=utc_now())
    assert sue.post(address(card)).status_code == 404
    assert "Card numbers masked." in sue.get(page_of(card)).text
    assert "Not kept." in sue.get(page_of(card)).text
    elsewhere = make_conversation(agent)
    assert sue.post(f"/admin/conversations/{elsewhere.id}/messages/{masked.id}/original").status_code == 404
