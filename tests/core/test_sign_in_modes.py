"""The three ways of being known: which are open, and how many customers came by each."""

from datetime import timedelta

from core import identity_keys, sign_in_modes
from core.clock import utc_now
from models.customers import Standing
from tests.conftest import make_conversation, make_customer
from tests.core.customer_token_forge import HS256

NOW = utc_now()


def modes(workspace):
    listed = sign_in_modes.listed(workspace, now=NOW)
    assert [mode.standing for mode in listed] == list(Standing)
    return listed


def chatted(agent, standing, *, when=NOW, **changes):
    customer = make_customer(agent.workspace_id, standing=standing, last_seen_at=when)
    make_conversation(agent, customer, **({"last_message_at": when} | changes))


def test_customers_are_counted_who_have_really_chatted(agent, other_agent, workspace):
    for standing in (Standing.ANONYMOUS, Standing.ANONYMOUS, Standing.VERIFIED):
        chatted(agent, standing)
    chatted(agent, Standing.ANONYMOUS, channel="preview")
    chatted(agent, Standing.ANONYMOUS, last_message_at=None)
    chatted(agent, Standing.IDENTIFIED, when=NOW - timedelta(days=31))
    chatted(other_agent, Standing.IDENTIFIED)
    assert [mode.customers for mode in modes(workspace)] == [2, 0, 1]


def test_what_is_open_follows_the_keys_and_the_switch(workspace):
    assert [mode.is_open for mode in modes(workspace)] == [True, True, False]
    row = identity_keys.configure(workspace, HS256, now=NOW)
    assert [mode.is_open for mode in modes(workspace)] == [True, True, True]
    identity_keys.set_required(workspace, True, by=None, now=NOW)
    assert [mode.is_open for mode in modes(workspace)] == [False, False, True]
    identity_keys.set_required(workspace, False, by=None, now=NOW)
    identity_keys.retire(row, by=None, now=NOW)
    assert [mode.is_open for mode in modes(workspace)] == [True, True, False]
