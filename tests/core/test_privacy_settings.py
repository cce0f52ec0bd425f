"""What a workspace does with personal data: kept, masked, sealed or refused."""

import uuid

import pytest
from sqlalchemy import select

from core import privacy_settings
from core.errors import Invalid
from core.privacy import Kind
from core.privacy_settings import Decisions, Handling, Refused, Retention, applied
from models import db
from models.audits import AuditEntry
from models.teammates import Role
from tests.conftest import NOW, make_teammate

CARD = "4111 1111 1111 1111"
MAIL = "ann@shop.example"


@pytest.fixture
def olga(workspace):
    return make_teammate(workspace, "Olga", Role.OWNER)


def decided(**handling):
    return Decisions(handling=dict(Decisions().handling) | {Kind(kind): word for kind, word in handling.items()})


def entries():
    return db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()


def test_without_any_decision_contacts_are_sealed_and_the_rest_is_masked(workspace):
    stored = privacy_settings.for_storage(workspace.id, f"I am {MAIL}, my card is {CARD}.")
    assert stored.text == "I am [email], my card is [card]."
    assert stored.original == f"I am {MAIL}, my card is [card]."
    assert stored.hidden == [Kind.EMAIL, Kind.CARD]
    assert [f"I am {MAIL}, my card is {CARD}."[span.start : span.end] for span in stored.spans] == [MAIL, CARD]


def test_what_is_only_masked_is_kept_nowhere():
    assert applied(Decisions(), f"card {CARD}").original is None


def test_words_without_personal_data_stay_as_they_are(workspace):
    stored = privacy_settings.for_storage(workspace.id, "Where is order #100234?")
    assert (stored.text, stored.spans, stored.hidden, stored.original) == ("Where is order #100234?", [], [], None)


def test_what_is_kept_stays_readable():
    stored = applied(decided(email=Handling.KEEP), f"{MAIL} and {CARD}")
    assert stored.text == f"{MAIL} and [card]"
    assert stored.hidden == [Kind.CARD]
    assert [span.kind for span in stored.spans] == ["email", "card"]


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_has_a_name_and_a_handling(kind):
    assert privacy_settings.NAMES[kind]
    assert Decisions().handling[kind] in (Handling.MASK, Handling.SEAL)


def test_a_refusal_names_the_kind_and_never_what_was_written():
    with pytest.raises(Refused) as refused:
        applied(decided(card=Handling.REFUSE, email=Handling.REFUSE), f"{CARD} and {MAIL}")
    assert refused.value.code == "personal_data_refused"
    assert "card numbers or e-mail addresses" in refused.value.message
    assert "4111" not in refused.value.message
    assert "ann" not in refused.value.message


def test_an_original_never_shows_up_where_things_are_printed():
    assert MAIL not in repr(applied(Decisions(), MAIL))


def test_a_decision_counts_from_then_on_and_is_noted(workspace, olga):
    privacy_settings.decide(workspace, handling={Kind.CARD: Handling.REFUSE}, revealed_to=Role.ADMIN, by=olga, now=NOW)
    decisions = privacy_settings.of(workspace.id)
    assert (decisions.handling[Kind.CARD], decisions.handling[Kind.EMAIL]) == (Handling.REFUSE, Handling.SEAL)
    assert decisions.revealed_to is Role.ADMIN
    (entry,) = entries()
    assert (entry.action, entry.who) == ("privacy.decide", "Olga")
    assert entry.before["handling"]["card"] == "mask"
    assert entry.after["handling"]["card"] == "refuse"
    with pytest.raises(Refused):
        privacy_settings.for_storage(workspace.id, CARD)


def test_the_same_decision_again_is_no_news(workspace, olga):
    for _ in range(2):
        privacy_settings.decide(workspace, handling={}, revealed_to=Role.OWNER, by=olga, now=NOW)
    assert len(entries()) == 1


def test_another_workspace_decides_for_itself(workspace, other_workspace, olga):
    privacy_settings.decide(workspace, handling={Kind.EMAIL: Handling.KEEP}, revealed_to=Role.OWNER, by=olga, now=NOW)
    assert privacy_settings.for_storage(other_workspace.id, MAIL).text == "[email]"
    assert privacy_settings.for_storage(uuid.uuid4(), MAIL).text == "[email]"


def test_an_unknown_word_in_the_table_falls_back_to_the_default(workspace, olga):
    from models.privacy import PrivacySettings

    privacy_settings.decide(workspace, handling={}, revealed_to=Role.OWNER, by=olga, now=NOW)
    db.session.get(PrivacySettings, workspace.id).handling = {"card": "publish", "email": "keep"}
    handling = privacy_settings.of(workspace.id).handling
    assert (handling[Kind.CARD], handling[Kind.EMAIL]) == (Handling.MASK, Handling.KEEP)


def test_how_long_things_are_kept_is_noted(workspace, olga):
    privacy_settings.keep_for(workspace, Retention(conversation_days=30, audit_days=365), by=olga, now=NOW)
    assert privacy_settings.of(workspace.id).retention == Retention(conversation_days=30, audit_days=365)
    assert entries()[0].after == {
        "conversation_days": 30,
        "customer_days": None,
        "event_days": None,
        "audit_days": 365,
        "note_days": None,
        "rating_days": None,
        "delivery_days": None,
    }


@pytest.mark.parametrize(
    "retention",
    [Retention(conversation_days=0), Retention(customer_days=-1), Retention(event_days=3651), Retention(audit_days=89)],
)
def test_a_number_of_days_that_cannot_be_is_refused(workspace, olga, retention):
    with pytest.raises(Invalid):
        privacy_settings.keep_for(workspace, retention, by=olga, now=NOW)
    assert privacy_settings.of(workspace.id).retention == Retention()
