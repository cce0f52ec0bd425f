"""Which addresses are told what; what they are sent is held by test_webhook_sending.py."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import conversations, erasures, webhooks
from core.errors import Conflict, Invalid, NotFound
from core.occurrences import Kind
from core.webhooks import sending
from models import db, transaction
from models.audits import AuditEntry
from models.teammates import Role
from models.webhooks import DeliveryStatus, WebhookDelivery
from tests.conftest import NOW, make_teammate


@pytest.fixture
def wake(app, monkeypatch):
    """The addresses that were to be told; nothing is sent."""
    woken = []
    monkeypatch.setattr(sending, "_dispatch", woken.append)
    return woken


def add(workspace, *kinds, address="https://shop.example/hook"):
    return webhooks.add(workspace, name="", address=address, kinds=kinds or (Kind.RECEIVED.value,), by=None, now=NOW)[0]


def owed():
    return db.session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id)).all()


def test_what_happens_is_owed_to_whoever_wants_it(conversation, workspace, wake):
    one, other = add(workspace), add(workspace, "conversation.started", "message.received")
    add(workspace, "conversation.resolved")
    message = conversations.ask(conversation, client_id="1", text="Where is my lamp?", now=NOW)
    found = owed()
    assert {(row.webhook_id, row.kind) for row in found} == {
        (one.id, "message.received"),
        (other.id, "message.received"),
        (other.id, "conversation.started"),
    }
    assert len({row.event_id for row in found if row.kind == "message.received"}) == 1
    assert set(wake) == {one.id, other.id}
    document = json.loads(next(row.body for row in found if row.kind == "message.received"))
    assert document["type"] == "message.received"
    assert document["timestamp"] == "2026-11-22T12:00:00.000Z"
    assert document["data"]["conversation"]["id"] == str(conversation.id)
    assert document["data"]["message"] == {
        "id": str(message.id),
        "seq": message.seq,
        "from": "customer",
        "text": "Where is my lamp?",
        "createdAt": "2026-11-22T12:00:00.000Z",
    }


def test_what_is_rolled_back_is_owed_to_nobody(conversation, workspace, wake):
    add(workspace, *webhooks.KINDS)

    def ask_and_fail():
        with transaction():
            conversations.ask(conversation, client_id="1", text="Where is my lamp?", now=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        ask_and_fail()
    assert (owed(), wake) == ([], [])


def test_a_strangers_address_hears_nothing(conversation, other_workspace, wake):
    add(other_workspace, *webhooks.KINDS)
    conversations.ask(conversation, client_id="1", text="Where is my lamp?", now=NOW)
    assert owed() == []


def test_every_kind_of_occurrence_can_be_asked_for_in_words():
    assert set(webhooks.KINDS) == {kind.value for kind in Kind}
    assert all(webhooks.KINDS.values())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"address": "http://shop.example/hook"}, "https"),
        ({"address": "https://user:secret@shop.example/"}, "password"),
        ({"address": "https://127.0.0.1/"}, "private"),
        ({"address": "ftp://shop.example"}, "http"),
        ({"address": "https://" + "a" * 2_000 + ".example"}, "address"),
        ({"kinds": []}, "at least one"),
        ({"kinds": ["made.up"]}, "made.up"),
        ({"name": "x" * 61}, "name"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(workspace, changes, words):
    values = {"name": "Orders", "address": "https://shop.example/hook", "kinds": ["message.sent"]} | changes
    with pytest.raises(Invalid, match=words):
        webhooks.add(workspace, **values, by=None, now=NOW)


def test_there_is_a_limit(workspace, monkeypatch):
    monkeypatch.setattr("core.webhooks.keeping.MOST", 1)
    add(workspace)
    with pytest.raises(Conflict):
        add(workspace)


def test_somebody_elses_is_not_found(workspace, other_workspace):
    with pytest.raises(NotFound):
        webhooks.find(workspace, add(other_workspace).id)


def test_one_whose_keys_stayed_behind_is_not_switched_on(workspace):
    hook = add(workspace)
    webhooks.switch(hook, False, by=None, now=NOW)
    with transaction():
        hook.address = "https://example.com/hook?token=…"
    with pytest.raises(Invalid, match="stayed behind"):
        webhooks.switch(hook, True, by=None, now=NOW)
    assert not hook.is_on


@pytest.mark.parametrize("address", ["https://example.com/hook?token=…", "https://example.com/…/hook"])
def test_a_new_name_does_not_make_up_for_keys_that_stayed_behind(workspace, address):
    hook = add(workspace)
    webhooks.switch(hook, False, by=None, now=NOW)
    with transaction():
        hook.address = address
    webhooks.change(hook, name="Orders", address=address, kinds=hook.kinds, by=None, now=NOW)
    assert (hook.name, hook.address) == ("Orders", address)
    with pytest.raises(Invalid, match="stayed behind"):
        webhooks.switch(hook, True, by=None, now=NOW)


@pytest.mark.parametrize("address", ["http://shop.example/hook", "https://10.0.0.1/hook", "ftp://shop.example/", "-"])
def test_one_that_an_archive_has_brought_is_switched_on_only_where_it_could_be_added(workspace, address):
    hook = add(workspace)
    webhooks.switch(hook, False, by=None, now=NOW)
    with transaction():
        hook.address = address
    with pytest.raises(Invalid):
        webhooks.switch(hook, True, by=None, now=NOW)
    assert not hook.is_on


def test_one_that_is_switched_off_is_told_nothing_and_can_be_told_again(conversation, workspace, wake):
    hook = add(workspace)
    conversations.ask(conversation, client_id="1", text="One", now=NOW)
    webhooks.switch(hook, False, by=None, now=NOW)
    conversations.ask(conversation, client_id="2", text="Two", now=NOW)
    [delivery] = owed()
    assert delivery.status is DeliveryStatus.FAILED
    with pytest.raises(Conflict):
        webhooks.replay(delivery, by=None, now=NOW)
    with pytest.raises(Conflict):
        webhooks.test(hook, by=None, now=NOW)
    webhooks.switch(hook, True, by=None, now=NOW)
    assert webhooks.replay_failed(hook, by=None, now=NOW) == 1
    assert webhooks.counts(hook) == {
        DeliveryStatus.WAITING: 1,
        DeliveryStatus.DELIVERED: 0,
        DeliveryStatus.FAILED: 0,
    }


def test_every_change_is_in_the_audit_log_without_a_secret(workspace, wake):
    olga = make_teammate(workspace, "Olga", Role.OWNER)
    hook, secret = webhooks.add(
        workspace, name="Orders", address="https://a.example", kinds=["message.sent"], by=olga, now=NOW
    )
    webhooks.change(hook, name="Stock", address="https://b.example", kinds=["note.created"], by=olga, now=NOW)
    renewed = webhooks.renew_secret(hook, by=olga, now=NOW)
    webhooks.replay(webhooks.test(hook, by=olga, now=NOW), by=olga, now=NOW)
    webhooks.remove(hook, by=olga, now=NOW)
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == [
        "webhook.add",
        "webhook.change",
        "webhook.renew_secret",
        "webhook.replay",
        "webhook.remove",
    ]
    written = " ".join(f"{entry.before} {entry.after}" for entry in entries)
    assert secret not in written
    assert renewed not in written
    assert owed() == []


def test_deliveries_come_page_by_page(workspace, wake):
    hook = add(workspace)
    made = [webhooks.test(hook, by=None, now=NOW + timedelta(seconds=second)) for second in range(3)]
    first = webhooks.deliveries(hook, limit=2)
    second = webhooks.deliveries(hook, before=first.before, limit=2)
    assert [row.id for row in (*first.rows, *second.rows)] == [row.id for row in reversed(made)]
    assert second.before is None
    assert webhooks.deliveries(hook, status=DeliveryStatus.FAILED).rows == []


def test_what_was_told_of_a_customer_goes_with_them(conversation, workspace, wake):
    add(workspace)
    conversations.ask(conversation, client_id="1", text="Where is my lamp?", now=NOW)
    erasures.erase(conversation.customer, by=None, now=NOW)
    assert owed() == []


def test_old_deliveries_are_forgotten_and_owed_ones_are_not(workspace, wake):
    hook = add(workspace)
    kept, gone = (webhooks.test(hook, by=None, now=NOW) for _ in range(2))
    gone.status = DeliveryStatus.DELIVERED
    db.session.commit()
    webhooks.clear_old(now=NOW + timedelta(days=31))
    assert [row.id for row in owed()] == [kept.id]
