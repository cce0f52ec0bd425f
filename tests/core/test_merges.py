"""Merging: two become one, and nobody becomes somebody they have not proven to be."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core import memory, merges, profiles, refresh_secrets, risks
from core.conversations import workspace_topic
from core.customers import tell, verified
from core.errors import Conflict, NotFound
from gateways.bus import current_bus
from models import db
from models.audits import AuditEntry
from models.conversations import Conversation
from models.customers import Customer, FactSource, RefreshFamily, Standing
from models.protection import Block, RiskMark, Signal
from models.teammates import Role
from tests.conftest import NOW, keep, make_conversation, make_customer, make_teammate
from tests.core.test_customers import identity

LATER = NOW + timedelta(days=1)
WORDS = st.none() | st.sampled_from(["a", "b"])
PEOPLE = st.fixed_dictionaries(
    {
        "standing": st.sampled_from(Standing),
        "name": WORDS,
        "email": WORDS,
        "attributes": st.dictionaries(st.sampled_from(["plan", "orders"]), st.integers(0, 3)),
        "told": st.fixed_dictionaries({}, optional={"name": st.just("t"), "email": st.just("t")}),
        "told_id": WORDS,
    }
)


@pytest.fixture
def olga_herself(workspace):
    return make_teammate(workspace, "Olga", Role.OWNER)


def remember(customer, text, now=NOW):
    return memory.remember(customer, text, source=FactSource.CUSTOMER, now=now)


def texts(customer):
    return [fact.text for fact in memory.facts_of(customer, now=NOW)]


def mark(customer, signal, points):
    keep(
        RiskMark(
            workspace_id=customer.workspace_id,
            subject=risks.of_customer(customer.id),
            signal=signal,
            points=points,
            created_at=NOW,
            expires_at=LATER,
        )
    )


def test_the_verified_one_stays_whichever_was_asked_for(workspace, agent, olga_herself):
    signed = verified(workspace, identity("c-1", name="Marta"), now=NOW)
    visitor = make_customer(workspace.id, "Martha", email="m@example.com", created_at=NOW - timedelta(days=5))
    conversation = make_conversation(agent, visitor, last_message_at=NOW)
    remember(visitor, "Prefers brass")
    kept = merges.merge(visitor, signed, by=olga_herself, now=LATER)
    db.session.expire_all()
    assert kept.id == signed.id
    assert db.session.get(Customer, visitor.id) is None
    assert db.session.get(Conversation, conversation.id).customer_id == signed.id
    assert texts(kept) == ["Prefers brass"]
    assert (kept.name, kept.email, kept.created_at) == ("Marta", None, NOW - timedelta(days=5))
    assert kept.told == {"email": "m@example.com"}


def test_two_whom_the_site_has_signed_stay_two(workspace, olga_herself):
    one, other = (verified(workspace, identity(number), now=NOW) for number in ("c-1", "c-2"))
    with pytest.raises(Conflict, match="two different customers"):
        merges.merge(one, other, by=olga_herself, now=LATER)
    assert len(db.session.scalars(select(Customer)).all()) == 2
    assert db.session.scalars(select(AuditEntry)).all() == []


def test_one_cannot_be_merged_with_itself_or_with_a_stranger(workspace, other_workspace):
    one = make_customer(workspace.id, "Marta")
    with pytest.raises(Conflict, match="same one"):
        merges.merge(one, one, by=None, now=LATER)
    with pytest.raises(NotFound):
        merges.merge(one, make_customer(other_workspace.id, "Marta"), by=None, now=LATER)


def test_one_who_is_erased_meanwhile_is_not_found(workspace):
    one, other = make_customer(workspace.id, "Marta"), make_customer(workspace.id)
    db.session.query(Customer).filter(Customer.id == other.id).delete(synchronize_session=False)
    db.session.commit()
    with pytest.raises(NotFound):
        merges.merge(one, other, by=None, now=LATER)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=PEOPLE, second=PEOPLE)
def test_nothing_that_was_told_is_ever_signed(workspace, first, second):
    one, other = (_made(workspace, person) for person in (first, second))
    before = {customer.id: profiles.of(customer) for customer in (one, other)}
    numbers = {customer.id: customer.external_id for customer in (one, other)}
    highest = max(one.standing, other.standing, key=list(Standing).index)
    if one.standing is other.standing is Standing.VERIFIED:
        with pytest.raises(Conflict):
            merges.merge(one, other, by=None, now=LATER)
        assert numbers.items() <= dict(db.session.execute(select(Customer.id, Customer.external_id)).all()).items()
        return
    kept = merges.merge(one, other, by=None, now=LATER)
    db.session.refresh(kept)
    after, was = profiles.of(kept), before[kept.id]
    assert kept.external_id == numbers[kept.id]
    assert kept.standing is highest
    for name in ("number", "name", "email"):
        then, now = getattr(was, name), getattr(after, name)
        assert then is None or (now.content, now.is_signed) == (then.content, then.is_signed)
        assert then is not None or now is None or not now.is_signed
    assert {field.name: field.content for field in was.attributes if field.is_signed} == {
        field.name: field.content for field in after.attributes if field.is_signed
    }


def _made(workspace, person):
    is_signed = person["standing"] is Standing.VERIFIED
    changes = person | {
        "told": person["told"] if is_signed else {},
        "told_id": None if is_signed else person["told_id"],
    }
    customer = make_customer(workspace.id, **changes)
    if is_signed:
        customer.external_id = str(customer.id)
    return keep(customer)


def test_what_is_remembered_twice_stays_once_and_what_has_no_room_goes(workspace):
    one, other = make_customer(workspace.id, "Marta"), make_customer(workspace.id)
    for number in range(memory.MOST - 1):
        remember(one, f"Fact {number}")
    for number, text in enumerate(("Oldest", "Newest", "FACT 3")):
        remember(other, text, NOW - timedelta(days=5 - number))
    plan = merges.planned(one, other, now=NOW)
    assert ([fact.text for fact in plan.facts], plan.facts_too_many) == (["Newest", "Oldest"], 1)
    merges.merge(one, other, by=None, now=LATER)
    assert len(texts(one)) == memory.MOST
    assert {"Newest", "Fact 3"} < set(texts(one))
    assert not {"Oldest", "FACT 3"} & set(texts(one))


def test_browsers_are_signed_out_and_blocks_come_along(workspace, agent):
    one, other = make_customer(workspace.id, "Marta"), make_customer(workspace.id)
    family = refresh_secrets.begin(agent, other, lifetime=timedelta(days=3), now=NOW).family
    keep(Block(workspace_id=workspace.id, customer_id=other.id, reason="Spam", created_at=NOW))
    mark(other, Signal.VELOCITY, 30)
    mark(other, Signal.AUTOMATION, 20)
    mark(one, Signal.VELOCITY, 10)
    plan = merges.planned(one, other, now=NOW)
    assert (plan.browsers, plan.blocks) == (1, 1)
    with current_bus().listener(refresh_secrets.topic(family.id), workspace_topic(workspace.id)) as listener:
        merges.merge(one, other, by=None, now=LATER)
        assert listener.wait(0)["kind"] == "session"
    family = db.session.get(RefreshFamily, family.id, populate_existing=True)
    assert (family.customer_id, family.revoked_because) == (one.id, "merged")
    assert db.session.scalars(select(Block.customer_id)).all() == [one.id]
    marks = {found.signal: (found.subject, found.points) for found in db.session.scalars(select(RiskMark))}
    assert marks == {
        Signal.VELOCITY: (risks.of_customer(one.id), 10),
        Signal.AUTOMATION: (risks.of_customer(one.id), 20),
    }


def test_it_is_noted_without_a_name(workspace, olga_herself):
    one, other = make_customer(workspace.id, "Marta"), make_customer(workspace.id, "Martha")
    merges.merge(one, other, by=olga_herself, now=LATER)
    [entry] = db.session.scalars(select(AuditEntry))
    assert (entry.action, entry.who, entry.subject_id) == ("customer.merge", "Olga", str(one.id))
    assert entry.before == {"merged": str(other.id)}
    assert "Mart" not in f"{entry.subject_name}{entry.before}{entry.after}"


def test_who_looks_the_same_is_offered(workspace, other_workspace):
    marta = make_customer(workspace.id, "Marta", email="Marta@example.com", told_id="c-1")
    by_mail = make_customer(workspace.id, "M.", email="marta@EXAMPLE.com", last_seen_at=LATER)
    by_number = verified(workspace, identity("c-1"), now=NOW)
    other = verified(workspace, identity("c-2", email="marta@example.com"), now=NOW - timedelta(days=1))
    make_customer(workspace.id, "Jonas", email="jonas@example.com")
    make_customer(other_workspace.id, "Marta", email="marta@example.com")
    assert [found.id for found in merges.likely(marta)] == [by_mail.id, by_number.id, other.id]
    assert {found.id for found in merges.likely(other)} == {marta.id, by_mail.id}
    assert merges.likely(make_customer(workspace.id)) == []


def test_what_is_not_known_is_filled_in_for_who_has_not_signed(workspace):
    one, other = make_customer(workspace.id, "Marta"), make_customer(workspace.id)
    tell(other, {"id": "c-7", "name": "Martha", "email": "m@example.com"}, now=NOW)
    assert set(merges.planned(one, other, now=NOW).filled) == {"email", "number"}
    kept = merges.merge(one, other, by=None, now=LATER)
    assert (kept.name, kept.email, kept.told_id) == ("Marta", "m@example.com", "c-7")
