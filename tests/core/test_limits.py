"""Limits: who is let through, who waits, and what is noted."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import limits, protection_settings, stops
from core.clock import utc_now
from core.errors import Invalid, TooMany
from core.protection_settings import LIMITS, Action, Scope
from models import db
from models.protection import Stop
from models.teammates import Role
from tests.conftest import make_agent, make_teammate


@pytest.fixture
def adam_himself(workspace):
    return make_teammate(workspace, "Adam", Role.ADMIN)


@pytest.fixture
def tight(workspace, adam_himself):
    """Two messages a minute for each session, three for each address, four for the agent."""
    counts = {
        (Action.MESSAGES, Scope.SESSION): 2,
        (Action.MESSAGES, Scope.ADDRESS): 3,
        (Action.MESSAGES, Scope.AGENT): 4,
    }
    protection_settings.set_limits(workspace, counts, by=adam_himself, now=utc_now())


def say(agent, session, address="203.0.113.7"):
    subjects = {Scope.SESSION: session, Scope.ADDRESS: address, Scope.AGENT: agent.id.hex}
    limits.check(agent, Action.MESSAGES, subjects, now=utc_now())


def noted() -> list[tuple[str, str, bool, int]]:
    stops.clear_old(now=utc_now())
    rows = db.session.scalars(select(Stop).order_by(Stop.scope).execution_options(populate_existing=True))
    return [(row.scope, row.subject, row.is_enforced, row.times) for row in rows]


def test_each_scope_has_its_own_limit(agent, tight):
    say(agent, "one"), say(agent, "one")
    with pytest.raises(TooMany) as refused:
        say(agent, "one")
    assert 1 <= refused.value.retry_after <= 60
    assert refused.value.message.startswith("That was a bit fast. You can go on writing in ")
    say(agent, "two")
    with pytest.raises(TooMany):
        say(agent, "three")
    say(agent, "four", address="203.0.113.8")
    with pytest.raises(TooMany, match="Many people are using this chat"):
        say(agent, "five", address="203.0.113.9")


def test_whoever_is_refused_uses_up_nothing_that_others_share(agent, tight):
    say(agent, "one"), say(agent, "one")
    for _ in range(20):
        with pytest.raises(TooMany):
            say(agent, "one")
    say(agent, "two")


def test_what_stopped_whom_is_noted_and_counted(agent, tight):
    say(agent, "one"), say(agent, "one")
    for _ in range(5):
        with pytest.raises(TooMany):
            say(agent, "one")
    assert noted() == [("messages:session", "one", True, 5)]


def test_while_only_noting_nobody_is_stopped(agent, workspace, tight, adam_himself):
    protection_settings.set_log_only(workspace, True, by=adam_himself, now=utc_now())
    for _ in range(6):
        say(agent, "one")
    assert noted() == [
        ("messages:address", "203.0.113.7", False, 3),
        ("messages:agent", agent.id.hex, False, 2),
        ("messages:session", "one", False, 4),
    ]


def test_an_empty_limit_lets_all_through(agent, workspace, adam_himself):
    nothing = dict.fromkeys(LIMITS)
    protection_settings.set_limits(workspace, nothing, by=adam_himself, now=utc_now())
    for _ in range(100):
        say(agent, "one")


def test_workspaces_count_apart(agent, other_agent, tight):
    say(agent, "one"), say(agent, "one")
    say(other_agent, "one")
    with pytest.raises(TooMany):
        say(agent, "one")


def test_two_agents_of_a_workspace_share_what_a_visitor_may(agent, workspace, tight):
    other = make_agent(workspace, name="Second")
    say(agent, "one")
    say(other, "one")
    with pytest.raises(TooMany):
        say(other, "one")


@pytest.mark.parametrize("count", [0, -5, 241, 10**9])
def test_a_number_that_cannot_be_meant_is_refused(workspace, adam_himself, count):
    with pytest.raises(Invalid):
        protection_settings.set_limits(
            workspace, {(Action.MESSAGES, Scope.SESSION): count}, by=adam_himself, now=utc_now()
        )


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 second"),
        (59, "59 seconds"),
        (60, "1 minute"),
        (61, "2 minutes"),
        (3600, "1 hour"),
        (3601, "2 hours"),
        (86400, "24 hours"),
    ],
)
def test_a_wait_is_said_in_words(seconds, words):
    assert limits.in_words(seconds) == words


def test_stops_are_forgotten_after_a_week_and_kept_few(agent, monkeypatch):
    now = utc_now()
    monkeypatch.setattr(stops, "MOST", 5)
    stops.note(agent, "messages:session", "old", is_enforced=True, now=now - timedelta(days=8))
    for number in range(9):
        stops.note(
            agent, "messages:address", f"203.0.113.{number}", is_enforced=True, now=now - timedelta(minutes=number)
        )
    assert [subject for _, subject, _, _ in noted()] == [f"203.0.113.{number}" for number in range(5)]
    assert len(stops.listed(agent.workspace_id, is_enforced=True, now=now)) == 5
    assert stops.listed(agent.workspace_id, is_enforced=False, now=now) == []


def test_strangers_cannot_fill_the_table_between_two_sweeps(agent, monkeypatch):
    monkeypatch.setattr(stops, "_NEW_A_MINUTE", 10)
    for number in range(50):
        stops.note(agent, "messages:address", f"203.0.113.{number}", is_enforced=True, now=utc_now())
    assert len(noted()) == 10
