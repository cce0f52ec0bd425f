"""How soon customers should be answered and helped: the clock, what stops it, and telling of it once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core import conversations, inbox_settings, occurrences, targets, widget_configs
from core.errors import Invalid
from core.occurrences import Kind
from core.targets import ANSWER, RESOLUTION, Targets
from models import db
from models.conversations import Conversation, Priority
from models.teammates import Role
from tests.conftest import NOW, make_conversation, make_teammate

MINUTE = timedelta(minutes=1)
# A Sunday at noon: the office opens on Monday at nine.
OPENS = NOW + timedelta(hours=21)
USUAL = Targets(is_on=True, in_business_hours=False)


@pytest.fixture
def sue(workspace):
    return make_teammate(workspace, "Sue", Role.SUPPORT)


@pytest.fixture
def switch_on(workspace, sue):
    """Sets the targets of the workspace."""

    def switch(**changes):
        targets.change(workspace, replace(USUAL, **changes), by=sue, now=NOW)

    return switch


@pytest.fixture
def alerts():
    heard = []
    occurrences.listen("test", frozenset({Kind.LATE}), heard.append)
    yield heard
    del occurrences._listeners["test"]


def ask(agent, *, now=NOW):
    conversation = make_conversation(agent)
    conversations.request_person(conversation, reason="asked", now=now)
    return conversation


def clock(conversation, now=NOW):
    found = targets.clock_of(conversation, now=now)
    return found and (found.what, found.due_at - NOW, found.is_late)


def test_without_targets_there_is_no_clock(agent):
    conversation = ask(agent)
    assert clock(conversation) is None
    assert conversation.requested_at == NOW


def test_a_person_asked_for_has_so_many_minutes_to_answer_and_then_to_resolve(agent, sue, switch_on):
    switch_on()
    conversation = ask(agent)
    assert clock(conversation) == (ANSWER, 60 * MINUTE, False)
    assert clock(conversation, NOW + 60 * MINUTE) == (ANSWER, 60 * MINUTE, True)
    conversations.write_as_person(conversation, sue, text="Hello", now=NOW + 5 * MINUTE)
    assert conversation.first_answered_at == NOW + 5 * MINUTE
    assert clock(conversation) == (RESOLUTION, timedelta(days=2), False)
    conversations.resolve(conversation, now=NOW + 6 * MINUTE)
    assert clock(conversation) is None


def test_what_the_agent_says_is_no_answer_of_a_person(agent, switch_on):
    switch_on()
    conversation = ask(agent)
    conversations.reply(conversation, text="One moment", details={}, now=NOW)
    assert conversation.first_answered_at is None


def test_a_handoff_begins_anew_after_the_agent_has_had_it_back(agent, sue, switch_on):
    switch_on()
    conversation = ask(agent)
    conversations.write_as_person(conversation, sue, text="Hello", now=NOW)
    conversations.hand_back(conversation, now=NOW)
    assert clock(conversation) is None
    conversations.request_person(conversation, reason="asked", now=NOW + 30 * MINUTE)
    assert clock(conversation) == (ANSWER, 90 * MINUTE, False)


def test_who_steps_in_uncalled_has_a_time_to_resolve_only(agent, sue, switch_on):
    switch_on()
    conversation = make_conversation(agent)
    conversations.take_over(conversation, sue, now=NOW)
    assert clock(conversation) == (RESOLUTION, timedelta(days=2), False)
    assert conversation.requested_at is None


def test_the_time_depends_on_how_pressing_it_is(agent, sue, switch_on):
    switch_on()
    conversation = ask(agent)
    later = NOW + 5 * MINUTE
    conversations.set_priority(conversation, Priority.URGENT, by=sue, now=later)
    assert clock(conversation) == (ANSWER, 10 * MINUTE, False)
    switch_on(answer=dict.fromkeys(Priority))
    conversations.set_priority(conversation, Priority.LOW, by=sue, now=later)
    assert clock(conversation) == (RESOLUTION, timedelta(days=5), False)


def test_only_business_hours_count_where_that_was_chosen(agent, switch_on, monkeypatch):
    hours = widget_configs.Hours(is_on=True)
    config, version = widget_configs.published(agent)
    monkeypatch.setattr(widget_configs, "published", lambda _agent: (replace(config, hours=hours), version))
    switch_on(in_business_hours=True)
    assert clock(ask(agent)) == (ANSWER, OPENS - NOW + 60 * MINUTE, False)


def test_the_clock_stands_still_while_it_is_snoozed(agent, sue, switch_on, alerts):
    switch_on()
    conversation = ask(agent)
    conversations.snooze(conversation, until=NOW + 100 * MINUTE, by=sue, now=NOW + 20 * MINUTE)
    conversations.snooze(conversation, until=NOW + 200 * MINUTE, by=sue, now=NOW + 50 * MINUTE)
    assert clock(conversation, NOW + 99 * MINUTE) is None
    targets.alert_late(now=NOW + 99 * MINUTE)
    conversations.wake(conversation, by=sue, now=NOW + 100 * MINUTE)
    assert clock(conversation) == (ANSWER, 140 * MINUTE, False)
    assert alerts == []


def test_who_takes_over_what_was_snoozed_gets_its_time_back(agent, sue, switch_on):
    switch_on()
    conversation = ask(agent)
    conversations.snooze(conversation, until=NOW + 100 * MINUTE, by=sue, now=NOW + 20 * MINUTE)
    conversations.take_over(conversation, sue, now=NOW + 50 * MINUTE)
    assert conversation.snoozed_until is None
    assert clock(conversation) == (ANSWER, 90 * MINUTE, False)


def test_a_snooze_that_ended_with_the_conversation_gives_no_time_to_the_next(agent, sue, switch_on):
    switch_on()
    conversation = ask(agent)
    conversations.snooze(conversation, until=NOW + 100 * MINUTE, by=sue, now=NOW + 20 * MINUTE)
    conversations.hand_back(conversation, by=sue, now=NOW + 30 * MINUTE)
    conversations.request_person(conversation, reason="asked", now=NOW + 40 * MINUTE)
    conversations.snooze(conversation, until=NOW + 200 * MINUTE, by=sue, now=NOW + 50 * MINUTE)
    conversations.wake(conversation, by=sue, now=NOW + 60 * MINUTE)
    assert clock(conversation) == (ANSWER, 110 * MINUTE, False)


def test_each_target_that_is_missed_is_told_once(agent, sue, switch_on, alerts):
    switch_on()
    conversation = ask(agent)
    for minutes in (59, 60, 61, 62):
        targets.alert_late(now=NOW + minutes * MINUTE)
    assert [(one.conversation, dict(one.details)) for one in alerts] == [(conversation, {"targets": [ANSWER]})]
    conversations.write_as_person(conversation, sue, text="Hello", now=NOW + 63 * MINUTE)
    for _ in range(2):
        targets.alert_late(now=NOW + timedelta(days=2))
    assert [one.details["targets"] for one in alerts] == [[ANSWER], [RESOLUTION]]


def test_who_was_answered_in_time_is_not_late(agent, sue, switch_on, alerts):
    switch_on()
    conversation = ask(agent)
    conversations.write_as_person(conversation, sue, text="Hello", now=NOW)
    targets.alert_late(now=NOW + timedelta(hours=5))
    conversations.resolve(conversation, now=NOW)
    targets.alert_late(now=NOW + timedelta(days=5))
    assert alerts == []


def test_switched_off_every_clock_stops(workspace, agent, sue, switch_on, alerts):
    switch_on()
    conversation = ask(agent)
    switch_on(is_on=False)
    db.session.refresh(conversation)
    assert clock(conversation) is None
    targets.alert_late(now=NOW + timedelta(days=5))
    assert alerts == []
    assert db.session.get(Conversation, conversation.id).requested_at == NOW


@pytest.mark.parametrize("minutes", [0, -1, targets.MOST_MINUTES + 1])
def test_what_cannot_be_meant_is_refused(workspace, switch_on, minutes):
    with pytest.raises(Invalid):
        switch_on(answer={**USUAL.answer, Priority.LOW: minutes})
    assert inbox_settings.of(workspace.id, "targets") == {}


def test_targets_are_kept_as_they_were_set(workspace, other_workspace, switch_on):
    switch_on(resolution={**USUAL.resolution, Priority.HIGH: None})
    kept = targets.of(workspace.id)
    assert (kept.is_on, kept.resolution[Priority.HIGH], kept.answer) == (True, None, USUAL.answer)
    assert not targets.of(other_workspace.id).is_on
