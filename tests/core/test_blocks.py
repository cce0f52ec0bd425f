"""Blocked visitors: who is kept out, until when, and who may undo it."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import blocks
from core.blocks import Risky
from core.clock import utc_now
from core.errors import Invalid, NotFound
from models import db
from models.audits import AuditEntry
from models.protection import Block
from models.teammates import Role, Workspace
from tests.conftest import make_customer, make_teammate

NOW = utc_now()


@pytest.fixture
def sue_herself(workspace):
    return make_teammate(workspace, "Sue", Role.SUPPORT)


def block_range(workspace, text, **changes) -> Block:
    return blocks.block_network(workspace, text, **({"reason": "", "until": None, "by": None, "now": NOW} | changes))


def found(workspace, address="203.0.113.7", customer_id=None, now=NOW):
    return list(blocks.active_for(workspace.id, addresses=[address], customer_id=customer_id, now=now))


@pytest.mark.parametrize(
    ("network", "address", "is_in_it"),
    [
        ("203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "::ffff:203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("203.0.113.0/24", "203.0.113.255", True),
        ("203.0.113.0/24", "203.0.114.0", False),
        ("2001:db8:1:2::/64", "2001:db8:1:2:ffff::1", True),
        ("2001:db8:1:2::/64", "2001:db8:1:3::1", False),
        ("203.0.113.7", "", False),
        ("203.0.113.7", "junk", False),
    ],
)
def test_a_range_holds_for_the_addresses_in_it(workspace, network, address, is_in_it):
    block = block_range(workspace, network)
    assert found(workspace, address) == ([block] if is_in_it else [])


def test_a_block_is_of_its_workspace_alone(workspace, other_workspace):
    block = block_range(workspace, "203.0.113.7")
    assert found(other_workspace) == []
    with pytest.raises(NotFound):
        blocks.find(other_workspace, block.id)


def test_a_block_ends_by_itself(workspace):
    block_range(workspace, "203.0.113.7", until=NOW + timedelta(hours=1))
    assert found(workspace, now=NOW + timedelta(minutes=59))
    assert not found(workspace, now=NOW + timedelta(minutes=61))


def test_a_customer_is_blocked_wherever_they_are(workspace, sue_herself):
    customer, other = make_customer(workspace.id), make_customer(workspace.id)
    block = blocks.block_customer(customer, reason="Rude", until=None, by=sue_herself, now=NOW)
    assert found(workspace, "198.51.100.1", customer.id) == [block]
    assert found(workspace, "198.51.100.1", other.id) == []
    assert found(workspace, "198.51.100.1") == []


def test_blocking_again_changes_the_block_that_holds(workspace, sue_herself):
    first = block_range(workspace, "203.0.113.7", reason="Spam", until=NOW + timedelta(hours=1), by=sue_herself)
    again = block_range(workspace, "::ffff:203.0.113.7", reason="Spam again", by=sue_herself)
    assert again.id == first.id
    assert (again.reason, again.expires_at) == ("Spam again", None)
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["block.add", "block.change"]


def test_two_who_block_the_same_at_once_make_one_block(app, workspace):
    workspace_id, start = workspace.id, threading.Barrier(4)

    def block():
        with app.app_context():
            try:
                mine = db.session.get(Workspace, workspace_id)
                start.wait(10)
                block_range(mine, "203.0.113.7")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=block) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join(20) for thread in threads]
    assert db.session.scalar(select(func.count()).select_from(Block)) == 1


def test_what_is_lifted_is_over_at_once_and_can_be_made_again(workspace, sue_herself):
    block = block_range(workspace, "203.0.113.7", reason="Spam")
    blocks.lift(block, by=sue_herself, now=NOW)
    blocks.lift(block, by=sue_herself, now=NOW)
    assert found(workspace) == []
    again = blocks.block_again(block, until=NOW + timedelta(days=1), by=sue_herself, now=NOW)
    assert again.id != block.id
    assert found(workspace) == [again]
    assert again.reason == "Spam"
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["block.add", "block.lift", "block.add"]


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("127.0.0.1", []),
        ("192.168.0.0/16", []),
        ("fd12::/32", []),
        ("203.0.113.0/24", ["203.0.113.9"]),
        ("203.0.113.9", ["::ffff:203.0.113.9"]),
    ],
)
def test_ones_own_machines_are_not_blocked_unawares(workspace, text, own):
    with pytest.raises(Risky):
        block_range(workspace, text, own_addresses=own)
    assert block_range(workspace, text, own_addresses=own, is_understood=True)


def test_a_reason_has_its_length(workspace):
    with pytest.raises(Invalid):
        block_range(workspace, "203.0.113.7", reason="x" * 201)


def test_tries_are_counted_however_fast_they_come(workspace):
    block = block_range(workspace, "203.0.113.7")
    for _ in range(250):
        blocks.note_hit(block, now=NOW)
    blocks.clear_old(now=NOW)
    db.session.refresh(block)
    assert (block.hits, block.last_hit_at) == (250, NOW)


def test_old_blocks_are_forgotten(workspace, sue_herself):
    later = NOW + timedelta(days=100)
    block_range(workspace, "203.0.113.1", until=NOW + timedelta(days=1))
    blocks.lift(block_range(workspace, "203.0.113.2"), by=sue_herself, now=NOW)
    for_good = block_range(workspace, "203.0.113.3")
    recent = block_range(workspace, "203.0.113.4", until=later - timedelta(days=80))
    blocks.clear_old(now=later)
    assert set(db.session.scalars(select(Block.id))) == {for_good.id, recent.id}


def test_the_search_finds_addresses_reasons_and_names(workspace, other_workspace):
    mira = make_customer(workspace.id, name="Mira Castellan")
    by_name = blocks.block_customer(mira, reason="", until=None, by=None, now=NOW)
    by_reason = block_range(workspace, "2001:db8::/32", reason="Sells pills")
    block_range(other_workspace, "203.0.113.0/24", reason="Sells pills")

    def search(text):
        return list(blocks.listed(workspace, are_active=True, search=text, now=NOW).rows)

    assert search("castellan") == [by_name]
    assert search("PILLS") == [by_reason]
    assert search("2001:db8:1::7") == [by_reason]
    assert search("%") == []
    assert set(search("")) == {by_name, by_reason}
