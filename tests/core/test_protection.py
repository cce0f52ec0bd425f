"""The order of refusals, and what is forgotten when."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import blocks, protection, protection_settings, risks, stops
from core.clock import utc_now
from core.errors import Forbidden, TooMany
from core.protection import Visitor
from core.protection_settings import Action, Scope
from models import db
from models.protection import Block, RiskMark, Signal, Stop
from models.teammates import Role
from tests.conftest import make_customer, make_teammate


@pytest.fixture
def adam_himself(workspace):
    return make_teammate(workspace, "Adam", Role.ADMIN)


@pytest.fixture
def visitor(agent, workspace):
    return Visitor(agent, "9.9.9.9", "https://example.com", make_customer(workspace.id).id)


def test_first_blocked_then_limited_then_judged(workspace, visitor, adam_himself):
    protection_settings.set_limits(workspace, {(Action.MESSAGES, Scope.CUSTOMER): 1}, by=adam_himself, now=utc_now())
    for signal in Signal:
        risks.mark(workspace.id, visitor.suspects[0], signal, "", now=utc_now())
    kept_out = blocks.block_network(workspace, "9.9.9.9", reason="", until=None, by=adam_himself, now=utc_now())
    with pytest.raises(Forbidden) as refused:
        protection.admit(visitor, Action.MESSAGES, now=utc_now())
    assert refused.value.code == "blocked"
    blocks.lift(kept_out, by=adam_himself, now=utc_now())
    with pytest.raises(Forbidden):
        protection.admit(visitor, Action.MESSAGES, now=utc_now())
    own = db.session.scalars(select(Block).where(Block.customer_id == visitor.customer_id)).one()
    assert own.created_by_id is None, "The limit was not reached, and so they were judged."
    blocks.lift(own, by=adam_himself, now=utc_now())
    with pytest.raises(TooMany):
        protection.admit(visitor, Action.MESSAGES, now=utc_now())


def test_an_address_is_blocked_for_what_came_from_it_alone(workspace, agent):
    for _ in range(4):
        risks.mark(workspace.id, risks.of_address("9.9.9.9"), Signal.TOKEN_REUSE, "", now=utc_now())
    risks.mark(workspace.id, risks.of_address("9.9.9.9"), Signal.ADDRESS_SPREAD, "", now=utc_now())
    with pytest.raises(Forbidden):
        protection.admit(Visitor(agent, "9.9.9.9"), Action.SESSIONS, now=utc_now())
    assert db.session.scalars(select(Block.network)).all() == ["9.9.9.9/32"]
    protection.admit(Visitor(agent, "9.9.9.8"), Action.SESSIONS, now=utc_now())


def test_a_visitor_counts_as_what_is_known_of_them(agent):
    assert Visitor(agent, "2001:db8:1:2::7").subjects == {
        Scope.ADDRESS: "2001:db8:1:2::/64",
        Scope.AGENT: agent.id.hex,
    }
    assert set(Visitor(agent, "", "https://example.com", agent.id, agent.id).subjects) == set(Scope)


def test_what_is_over_is_forgotten(workspace, agent):
    now = utc_now()
    stops.note(agent, "messages:address", "9.9.9.9", is_enforced=True, now=now)
    risks.mark(workspace.id, "address:9.9.9.9", Signal.AUTOMATION, "", now=now)
    blocks.block_network(
        workspace, "9.9.9.9", reason="", until=now + timedelta(hours=1), by=None, now=now, is_understood=True
    )
    protection.clear_old(now=now)
    assert [db.session.scalar(select(func.count()).select_from(table)) for table in (Stop, RiskMark, Block)] == [
        1,
        1,
        1,
    ]
    protection.clear_old(now=now + timedelta(days=91))
    assert [db.session.scalar(select(func.count()).select_from(table)) for table in (Stop, RiskMark, Block)] == [
        0,
        0,
        0,
    ]


def test_what_another_process_has_set_holds_within_seconds(workspace, adam_himself, monkeypatch):
    assert not protection_settings.of(workspace.id).is_log_only
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr("core.recent_values.RecentValues.forget", lambda _self, _workspace_id: None)
        protection_settings.set_log_only(workspace, True, by=adam_himself, now=utc_now())
    assert not protection_settings.of(workspace.id).is_log_only
    monkeypatch.setattr("core.recent_values._KEPT_FOR", 0)
    assert protection_settings.of(workspace.id).is_log_only
