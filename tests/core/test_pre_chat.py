"""What is asked before the first message: only what is not known, kept as told, and never in a proven field's place."""

import json

import pytest

from core import conversations, customer_exports, pre_chat, widget_configs
from core.customers import tell, verified
from core.privacy_settings import Refused
from models import db
from models.agents import WidgetDraft, WidgetVersion
from models.conversations import Conversation
from models.customers import Standing
from tests.conftest import NOW, make_conversation, make_customer
from tests.core.test_customers import identity

NAME = {"key": "name", "label": "Your name"}
EMAIL = {"key": "email", "label": "Your e-mail address", "kind": "email"}
PHONE = {"key": "phone", "label": "Your number", "kind": "phone"}
ORDER = {"key": "order", "label": "Your order", "is_required": True}
TOPIC = {"key": "topic", "label": "What is it about?", "kind": "choice", "choices": ["A lamp", "A parcel"]}
CONSENT = {"is_on": True, "text": "We keep what you write for a month.", "must_agree": True}


def asking(agent, *fields, consent=None, draft=False):
    settings = {"name": "Lumi", "pre_chat": {"is_on": bool(fields), "fields": list(fields)}}
    settings |= {"consent": consent} if consent else {}
    if draft:
        db.session.get_one(WidgetDraft, agent.id).settings = settings
    else:
        number = widget_configs.published(agent)[1] + 1
        db.session.add(WidgetVersion(agent_id=agent.id, number=number, settings=settings, published_at=NOW))
    db.session.commit()


def keys(conversation):
    return [field.key for field in pre_chat.asked(conversation).fields]


def answer(conversation, answers, agrees=False):
    pre_chat.answer(conversation, answers, agrees=agrees, now=NOW)
    return db.session.get_one(Conversation, conversation.id, populate_existing=True)


def test_nothing_is_asked_unless_it_was_switched_on(conversation):
    assert not pre_chat.asked(conversation).is_anything
    pre_chat.check_ready(conversation)


def test_what_the_site_has_told_is_not_asked(agent, conversation):
    asking(agent, NAME, EMAIL, PHONE, ORDER)
    assert keys(conversation) == ["name", "email", "phone", "order"]
    tell(conversation.customer, {"email": "m@example.com", "customAttributes": {"order": "L-4711"}}, now=NOW)
    assert keys(conversation) == ["name", "phone"]


def test_what_a_signed_token_says_is_not_asked(workspace, agent):
    asking(agent, NAME, EMAIL)
    marta = verified(workspace, identity("c-1", name="Marta"), now=NOW)
    assert keys(make_conversation(agent, marta)) == ["email"]


def test_nothing_is_asked_of_who_has_spoken(agent, conversation):
    conversations.ask(conversation, client_id="a-1", text="Hello", now=NOW)
    asking(agent, ORDER, consent=CONSENT)
    pre_chat.check_ready(conversation)


def test_a_wish_for_a_person_is_no_word_of_the_customer(agent, conversation):
    asking(agent, ORDER)
    conversations.request_person(conversation, reason="pressed the button", now=NOW)
    with pytest.raises(pre_chat.Unanswered):
        pre_chat.check_ready(conversation)


def test_only_required_questions_hold_up_the_first_message(agent, conversation):
    asking(agent, NAME)
    pre_chat.check_ready(conversation)
    asking(agent, NAME, ORDER)
    with pytest.raises(pre_chat.Unanswered):
        pre_chat.check_ready(conversation)
    answer(conversation, {"order": "L-4711"})
    pre_chat.check_ready(conversation)


def test_answers_are_kept_with_their_questions_and_the_profile_as_told(agent, conversation):
    asking(agent, NAME, EMAIL, PHONE, TOPIC)
    given = {"name": " Vera  Holt ", "email": "vera@example.com", "phone": "+44 20 7946 0000", "topic": "A lamp"}
    kept = answer(conversation, given | {"unasked": "x"})
    assert kept.told == {
        "name": {"question": "Your name", "answer": "Vera Holt"},
        "email": {"question": "Your e-mail address", "answer": "vera@example.com"},
        "phone": {"question": "Your number", "answer": "+44 20 7946 0000"},
        "topic": {"question": "What is it about?", "answer": "A lamp"},
    }
    customer = kept.customer
    assert (customer.name, customer.email, customer.standing) == ("Vera Holt", "vera@example.com", Standing.IDENTIFIED)
    assert customer.attributes == {"phone": "+44 20 7946 0000"}
    assert keys(kept) == []


def test_a_verified_customers_proven_fields_stay(workspace, agent):
    asking(agent, NAME, EMAIL, PHONE)
    marta = verified(workspace, identity("c-1", name="Marta", plan="Gold"), now=NOW)
    given = {"name": "Mallory", "email": "m@example.com", "phone": "020 7946 0000"}
    kept = answer(make_conversation(agent, marta), given)
    assert "name" not in kept.told
    assert (marta.name, marta.email, marta.attributes) == ("Marta", None, {"plan": "Gold"})
    assert marta.told == {"email": "m@example.com", "attributes": {"phone": "020 7946 0000"}}


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (EMAIL, "not an address"),
        (EMAIL, "a@b"),
        (PHONE, "call me"),
        (PHONE, "+ ( ) -"),
        (TOPIC, "Something else"),
        (NAME, "x" * 501),
        (ORDER, "   "),
        (ORDER, None),
        (ORDER, ["L-1"]),
    ],
)
def test_an_answer_that_cannot_be_used_is_said_by_its_question(agent, conversation, field, text):
    asking(agent, field)
    with pytest.raises(pre_chat.WrongAnswers) as refusal:
        answer(conversation, {field["key"]: text})
    assert list(refusal.value.details["fields"]) == [field["key"]]
    assert db.session.get_one(Conversation, conversation.id).told is None


def test_free_text_goes_by_the_workspaces_rules(agent, conversation):
    asking(agent, NAME, ORDER)
    kept = answer(conversation, {"order": "card 4111 1111 1111 1111"})
    assert "4111" not in json.dumps(kept.told)


def test_free_text_that_the_workspace_refuses_is_kept_nowhere(agent, conversation, monkeypatch):
    asking(agent, ORDER)

    def refuse(_workspace_id, _text):
        raise Refused("Please leave out card numbers.")

    monkeypatch.setattr("core.privacy_settings.for_storage", refuse)
    with pytest.raises(Refused):
        answer(conversation, {"order": "card 4111 1111 1111 1111"})
    assert db.session.get_one(Conversation, conversation.id).told is None


def test_consent_is_kept_with_its_words_and_moment(agent, conversation):
    asking(agent, consent=CONSENT)
    with pytest.raises(pre_chat.NotAgreed):
        pre_chat.check_ready(conversation)
    with pytest.raises(pre_chat.NotAgreed):
        answer(conversation, {})
    kept = answer(conversation, {}, agrees=True)
    assert (kept.consented_at, kept.consent_text) == (NOW, "We keep what you write for a month.")
    pre_chat.check_ready(kept)


def test_a_line_that_only_informs_holds_up_nothing(agent, conversation):
    asking(agent, consent=CONSENT | {"must_agree": False})
    pre_chat.check_ready(conversation)
    assert answer(conversation, {}, agrees=True).consented_at is None


def test_a_preview_asks_what_the_draft_asks(agent):
    asking(agent, ORDER, draft=True)
    tried = make_conversation(agent, channel="preview")
    assert keys(tried) == ["order"]
    assert keys(make_conversation(agent)) == []


def test_the_export_holds_the_answers_and_the_consent(agent):
    asking(agent, ORDER, consent=CONSENT)
    customer = make_customer(agent.workspace_id)
    answer(make_conversation(agent, customer), {"order": "L-4711"}, agrees=True)
    [talk] = json.loads(json.dumps(customer_exports.own(customer, now=NOW)))["conversations"]
    assert talk["answersBeforeTheChat"] == {"order": {"question": "Your order", "answer": "L-4711"}}
    assert talk["consentedTo"] == "We keep what you write for a month."
    assert talk["consentedAt"]
