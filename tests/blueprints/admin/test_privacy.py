"""Settings → Privacy: who decides, what is tried out without a trace, and what is asked before anything is deleted."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from core import conversations, privacy_settings
from core.clock import utc_now
from core.privacy import Kind
from core.privacy_settings import Handling, Retention
from models import db
from models.audits import AuditEntry
from models.conversations import Message
from models.privacy import PrivacySettings
from models.teammates import Role, TeammateSession
from tests.conftest import make_conversation

HTMX = {"HX-Request": "true"}
PAGE = "/admin/settings/privacy/"
TEXT = "I am ann@shop.example, card 4111 1111 1111 1111"
CHOICES = {kind.value: "mask" for kind in Kind} | {"revealed_to": "admin"}


def post(client, what, headers=None, **form):
    return client.post(f"{PAGE}{what}", data=form, headers=headers)


def decisions(workspace):
    db.session.expire_all()
    return privacy_settings.of(workspace.id)


def test_the_page_names_each_kind_with_an_example(adam):
    page = adam.get(PAGE).text
    assert page.count("<h1>") == 1
    for kind in Kind:
        assert f'name="{kind.value}"' in page
    assert "4111 1111 1111 1111" in page
    assert "How long things are kept" in page


@pytest.mark.parametrize("what", ["", "handling", "trial", "retention"])
def test_only_those_who_decide_about_it_see_and_change_it(what, eddy, sue, rita, vera):
    for client in (eddy, sue, rita):
        assert (client.post if what else client.get)(f"{PAGE}{what}").status_code == 403
    assert (vera.post if what else vera.get)(f"{PAGE}{what}").status_code == 303
    assert db.session.scalar(select(func.count()).select_from(PrivacySettings)) == 0


def test_the_menu_leads_there_for_those_who_may(adam, rita):
    assert PAGE in adam.get("/admin/team/").text
    assert PAGE not in rita.get("/admin/team/").text


def test_choices_are_saved_and_noted(adam, workspace):
    saved = post(adam, "handling", HTMX, **CHOICES | {"card": "refuse"})
    assert saved.status_code == 200
    assert "Saved" in saved.text
    assert "<html" not in saved.text
    assert decisions(workspace).handling[Kind.CARD] is Handling.REFUSE
    assert decisions(workspace).revealed_to is Role.ADMIN
    assert db.session.scalars(select(AuditEntry.action)).all() == ["privacy.decide"]
    assert post(adam, "handling", **CHOICES).status_code == 303


@pytest.mark.parametrize("wrong", [{"card": "publish"}, {"revealed_to": "viewer"}, {"email": ""}])
def test_a_choice_that_is_none_is_refused(adam, workspace, wrong):
    assert post(adam, "handling", HTMX, **CHOICES | wrong).status_code == 422
    assert decisions(workspace).handling[Kind.CARD] is Handling.MASK
    assert db.session.scalars(select(AuditEntry)).all() == []


@pytest.mark.parametrize("what", ["handling", "retention"])
def test_who_has_not_confirmed_lately_changes_nothing(adam, workspace, what):
    db.session.execute(update(TeammateSession).values(confirmed_at=utc_now() - timedelta(hours=2)))
    db.session.commit()
    post(adam, what, HTMX, **CHOICES | {"card": "refuse", "conversation_days": "3"})
    assert decisions(workspace) == privacy_settings.Decisions()


# Trying it out


def test_a_trial_shows_what_would_be_stored_and_stores_nothing(adam):
    tried = post(adam, "trial", HTMX, text=TEXT)
    assert "I am [email], card [card]" in tried.text
    assert "I am ann@shop.example, card [card]" in tried.text
    assert "<html" not in tried.text
    assert db.session.scalars(select(Message)).all() == []
    assert post(adam, "trial", text=TEXT).text.count("<h1>") == 1


def test_a_trial_goes_by_what_is_chosen_and_not_saved_yet(adam, workspace):
    assert "The message would be refused." in post(adam, "trial", HTMX, text=TEXT, **CHOICES | {"card": "refuse"}).text
    kept = post(adam, "trial", HTMX, text=TEXT, **CHOICES | {"email": "keep"}).text
    assert "I am ann@shop.example, card [card]" in kept
    assert decisions(workspace) == privacy_settings.Decisions()


def test_a_trial_of_nothing_is_refused_and_of_markup_shown_as_words(adam):
    assert post(adam, "trial", HTMX, text=" ").status_code == 422
    assert "&lt;b&gt;hello&lt;/b&gt;" in post(adam, "trial", HTMX, text="<b>hello</b>").text


# How long things are kept


@pytest.fixture
def old(agent):
    begun = make_conversation(agent)
    conversations.ask(begun, client_id="one", text="Hello", now=utc_now() - timedelta(days=40))
    return begun


def test_what_would_be_deleted_is_told_and_asked_before_it_is_saved(adam, workspace, old):
    asked = post(adam, "retention", HTMX, conversation_days="30")
    assert asked.status_code == 422
    assert "<strong>1 conversation</strong>" in asked.text
    assert decisions(workspace).retention == Retention()
    about = re.search(r'name="asked_about" value="([^"]*)"', asked.text).group(1)
    agreed = {"is_understood": "y", "asked_about": about}
    assert post(adam, "retention", HTMX, conversation_days="10", **agreed).status_code == 422
    assert post(adam, "retention", HTMX, conversation_days="30", **agreed).status_code == 200
    assert decisions(workspace).retention == Retention(conversation_days=30)
    assert db.session.scalars(select(AuditEntry.action)).all() == ["privacy.keep"]


def test_without_anything_to_delete_nothing_is_asked(adam, workspace, old):
    saved = post(adam, "retention", HTMX, conversation_days="60", audit_days="365")
    assert "Saved" in saved.text
    assert decisions(workspace).retention == Retention(conversation_days=60, audit_days=365)
    assert post(adam, "retention", conversation_days="").status_code == 303
    assert decisions(workspace).retention == Retention()


@pytest.mark.parametrize(
    "wrong", [{"conversation_days": "0"}, {"customer_days": "many"}, {"audit_days": "30"}, {"event_days": "401"}]
)
def test_a_number_that_cannot_be_is_refused_with_a_sentence(adam, workspace, wrong):
    refused = post(adam, "retention", HTMX, **wrong)
    assert refused.status_code == 422
    assert "Write a whole number from" in refused.text
    assert decisions(workspace).retention == Retention()
