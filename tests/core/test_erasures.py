"""Erasing: nothing that speaks of a customer is left, in any table, on either database."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, Uuid, select

from core import (
    audits,
    conversations,
    customer_lists,
    erasures,
    jobs,
    masked_messages,
    memory,
    merges,
    notices,
    refresh_secrets,
    risks,
    unanswered,
)
from core.conversations import workspace_topic
from core.customers import tell, verified
from core.errors import NotFound
from gateways.bus import current_bus
from models import Base, db
from models.audits import AuditEntry
from models.conversations import Answer, Conversation, Message, Outcome
from models.customers import Customer, FactSource, WidgetSession
from models.mails import Mail
from models.protection import Block, RiskMark, Signal, Stop
from models.teammates import Role
from tests.conftest import NOW, keep, make_agent, make_conversation, make_customer, make_teammate
from tests.core.test_customers import identity

MARK = "Zyxwvut"
"""Stands in every text that is stored of the customer who is erased."""


@pytest.fixture
def olga_herself(workspace):
    return make_teammate(workspace, "Olga", Role.OWNER)


@pytest.fixture
def marta(workspace, agent, olga_herself):
    """A customer of whom something stands in every table that can hold something."""
    signed = verified(workspace, identity(f"{MARK}-1", name=f"{MARK} Novak", email=f"{MARK}@example.com"), now=NOW)
    tell(signed, {"name": f"{MARK} N.", "customAttributes": {MARK: MARK}}, now=NOW)
    fill(agent, signed, olga_herself)
    former = make_customer(workspace.id, f"{MARK} Nowak")
    note(workspace, former, olga_herself)
    fill(agent, former, olga_herself, number=2)
    return merges.merge(signed, former, by=olga_herself, now=NOW)


def fill(agent, customer, teammate, number=1):
    conversation = make_conversation(agent, customer, origin=f"https://{MARK.lower()}.example")
    asked = conversations.ask(conversation, client_id=f"{MARK}-{number}", text=f"I am {MARK}. Do you dye?", now=NOW)
    masked_messages.keep_original(asked, f"{MARK} in full", now=NOW)
    answer = db.session.get_one(Answer, asked.id)
    answer.finished_at, answer.outcome = NOW, Outcome.UNANSWERED
    said = conversations.write_as_person(conversation, teammate, text=f"Hello {MARK}", now=NOW)
    answer.reply_id = said.id
    memory.remember(customer, f"{MARK} has a dog", source=FactSource.TEAMMATE, conversation=conversation, now=NOW)
    family = refresh_secrets.begin(agent, customer, lifetime=timedelta(days=1), now=NOW).family
    session = keep(
        WidgetSession(
            workspace_id=agent.workspace_id,
            agent_id=agent.id,
            customer_id=customer.id,
            conversation_id=conversation.id,
            family_id=family.id,
            parent_origin="https://example.com",
            browser=MARK,
            address=MARK,
            context={"page": MARK},
            created_at=NOW,
            expires_at=NOW + timedelta(days=1),
        )
    )
    notices.send("customer_waiting", to="sue@example.com", subject=MARK, text=MARK, html=MARK, about=customer, now=NOW)
    jobs.start(agent.workspace_id, "call_people", conversation.id, now=NOW)
    block = keep(
        Block(workspace_id=agent.workspace_id, customer_id=customer.id, reason=f"{MARK} is rude", created_at=NOW)
    )
    keep(
        RiskMark(
            workspace_id=agent.workspace_id,
            subject=risks.of_customer(customer.id),
            signal=Signal.REPEATED_TEXT,
            points=10,
            detail=MARK,
            created_at=NOW,
            expires_at=NOW + timedelta(days=1),
        )
    )
    for scope, subject in (("customer", str(customer.id)), ("session", session.id.hex)):
        keep(
            Stop(
                workspace_id=agent.workspace_id,
                agent_id=agent.id,
                scope=scope,
                subject=subject,
                is_enforced=True,
                first_at=NOW,
                last_at=NOW,
            )
        )
    was_about = {"customer": str(customer.id), "reason": MARK}
    for kind, subject_id, before in (
        ("block", block.id, {"reason": MARK}),
        ("message", asked.id, None),
        ("conversation", conversation.id, None),
        ("old_block", "long gone", was_about),
    ):
        subject = (kind, subject_id, MARK)
        audits.record(
            agent.workspace_id,
            f"{kind}.change",
            by=teammate,
            subject=subject,
            before=before,
            after={"of": MARK},
            now=NOW,
        )
    db.session.commit()
    return conversation


def note(workspace, customer, teammate):
    subject = ("customer", customer.id, MARK)
    audits.record(workspace.id, "session.end", by=teammate, subject=subject, after={"browser": MARK}, now=NOW)


def found_everywhere(*wanted: str) -> list[str]:
    """Table and column of each value in the whole database that holds one of these, in whatever form."""
    return [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for row in db.session.execute(select(table)).mappings()
        for column in table.columns
        if any(piece.lower() in _spelled(column.type, row[column]).lower() for piece in wanted)
    ]


def _spelled(kind, content) -> str:
    if isinstance(kind, Uuid):
        return f"{content} {content.hex if content else ''}"
    if isinstance(kind, LargeBinary) and content:
        return bytes(content).decode("latin-1")
    return json.dumps(content, default=str, ensure_ascii=False)


def ids_of(customer) -> list[str]:
    said_in = select(Conversation.id).where(Conversation.customer_id == customer.id)
    found = [
        customer.id,
        *db.session.scalars(said_in),
        *db.session.scalars(select(Message.id).where(Message.conversation_id.in_(said_in))),
        *db.session.scalars(select(WidgetSession.id).where(WidgetSession.customer_id == customer.id)),
        *db.session.scalars(select(Block.id).where(Block.customer_id == customer.id)),
    ]
    return [spelling for number in found for spelling in (str(number), number.hex)]


def test_nothing_is_left_but_that_it_was_done(marta, olga_herself, agent):
    """Walks every table and column. The ids may stand in the audit log, which says of whom no more than that."""
    ids = ids_of(marta)
    tables = {place.partition(".")[0] for place in found_everywhere(MARK, *ids)}
    assert tables >= {
        "answers",
        "audit_entries",
        "blocks",
        "conversations",
        "customers",
        "facts",
        "jobs",
        "mails",
        "message_originals",
        "messages",
        "refresh_families",
        "risk_marks",
        "stops",
        "widget_sessions",
    }
    erasures.erase(marta, by=olga_herself, now=NOW)
    assert found_everywhere(MARK) == []
    assert {place for place in found_everywhere(*ids) if place != "audit_entries.subject_id"} == set()
    for name in ("mails", "refresh_secrets", "message_originals", "answers", "jobs"):
        assert db.session.execute(select(Base.metadata.tables[name])).all() == [], name
    assert unanswered.listed(agent) == []


def test_the_file_of_the_database_holds_nothing_either(marta, olga_herself):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL clears its pages by itself (docs/security.md).")
    path = Path(db.engine.url.database)
    files = [path, path.with_name(f"{path.name}-wal")]
    assert any(MARK.encode() in file.read_bytes() for file in files if file.exists())
    erasures.erase(marta, by=olga_herself, now=NOW)
    assert [file.name for file in files if file.exists() and MARK.encode() in file.read_bytes()] == []


def test_the_audit_log_says_who_did_it_and_not_to_whom(marta, olga_herself):
    number = marta.id
    erasures.erase(marta, by=olga_herself, now=NOW)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "customer.erase")).one()
    assert (entry.who, entry.subject_kind, entry.subject_id, entry.subject_name) == (
        "Olga",
        "customer",
        str(number),
        "",
    )
    assert entry.after == {"asked_by": "teammate", "conversations": 2}
    assert db.session.scalars(select(AuditEntry.action).where(AuditEntry.action == "block.change")).all() != []


def test_everybody_else_keeps_all_of_theirs(workspace, other_workspace, agent, marta, olga_herself):
    jonas = make_customer(workspace.id, "Jonas")
    fill(agent, jonas, olga_herself)
    stan = make_teammate(other_workspace, "Stan", Role.OWNER)
    fill(make_agent(other_workspace), make_customer(other_workspace.id, "Elsewhere"), stan)
    before = {table: len(rows) for table, rows in _rows().items()}
    of_marta = len(ids_of(marta))
    erasures.erase(marta, by=olga_herself, now=NOW)
    assert of_marta > 0
    after = _rows()
    assert len(after["customers"]) == before["customers"] - 1 == 2
    assert (len(after["conversations"]), len(after["facts"]), len(after["mails"])) == (2, 2, 2)
    assert (len(after["risk_marks"]), len(after["blocks"]), len(after["stops"]), len(after["jobs"])) == (2, 2, 4, 2)
    assert (
        db.session.scalars(select(AuditEntry.subject_name).where(AuditEntry.action == "message.change"))
        .all()
        .count(MARK)
        == 2
    )


def _rows():
    return {table.name: db.session.execute(select(table)).all() for table in Base.metadata.sorted_tables}


def test_the_customer_may_ask_for_it_themselves(marta):
    erasures.erase(marta, by=None, now=NOW)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "customer.erase")).one()
    assert (entry.who, entry.after["asked_by"]) == ("", "customer")


def test_whose_time_is_over_goes_without_a_word(workspace):
    assert erasures.remove(make_customer(workspace.id, "Marta"), now=NOW) == 0
    assert db.session.scalars(select(AuditEntry)).all() == []
    assert db.session.scalars(select(Customer)).all() == []


def test_erasing_twice_is_told(workspace):
    marta = make_customer(workspace.id, "Marta")
    erasures.erase(marta, by=None, now=NOW)
    with pytest.raises(NotFound):
        erasures.erase(marta, by=None, now=NOW)


def test_open_chats_and_the_inbox_are_told_at_once(workspace, agent, olga_herself):
    marta = make_customer(workspace.id, "Marta")
    conversation_id = fill(agent, marta, olga_herself).id
    family = db.session.scalars(select(WidgetSession.family_id)).one()
    topics = (refresh_secrets.topic(family), workspace_topic(workspace.id))
    with current_bus().listener(*topics) as listener:
        erasures.erase(marta, by=olga_herself, now=NOW)
        told = [listener.wait(0), listener.wait(0)]
    assert {"kind": "session"} in told
    assert {"kind": "conversation", "id": str(conversation_id)} in told


def test_nothing_is_erased_when_it_cannot_be_noted(marta, olga_herself, monkeypatch):
    def refuse(*_arguments, **_values):
        raise RuntimeError

    monkeypatch.setattr(audits, "record", refuse)
    number = marta.id
    with pytest.raises(RuntimeError):
        erasures.erase(marta, by=olga_herself, now=NOW)
    db.session.expire_all()
    assert db.session.get(Customer, number) is not None
    assert db.session.scalars(select(Mail)).all() != []


def test_whom_nobody_can_find_any_more(workspace, marta, olga_herself):
    erasures.erase(marta, by=olga_herself, now=NOW)
    wanted = customer_lists.Wanted(search=MARK)
    assert customer_lists.page(workspace, wanted, now=NOW).rows == []
