"""Who gets a conversation that waits: somebody there, with room, once; never more than they can have."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import availabilities, conversations, jobs, routing, teams
from core.errors import Invalid
from core.routing import Mode, Rules, giving
from core.widget_configs import Hours
from models import db
from models.conversations import Conversation, Priority, State
from models.inbox import Presence
from models.jobs import Job
from models.teammates import Role, Teammate, Workspace
from tests.conftest import NOW, make_conversation, make_teammate

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _by_hand(monkeypatch):
    """Nothing is given before the test says so, by its own clock."""
    monkeypatch.setitem(jobs._handlers, routing.JOB, lambda _job: None)


@pytest.fixture
def olga(workspace):
    return make_teammate(workspace, "Olga", Role.OWNER)


@pytest.fixture
def switch_on(workspace, olga):
    def switch(mode=Mode.TURNS, minutes=5):
        routing.change(workspace, Rules(mode, minutes), by=olga, now=NOW)

    return switch


@pytest.fixture
def there(workspace):
    """Makes teammates who are there."""

    def come(*names, capacity=5, languages=(), now=NOW):
        people = []
        for name in names:
            one = make_teammate(workspace, name, Role.SUPPORT)
            availabilities.change(one, own_hours=Hours(), languages=languages, capacity=capacity, by=one, now=now)
            availabilities.set_presence(one, Presence.ONLINE, now=now)
            people.append(one)
        return people if len(people) > 1 else people[0]

    return come


def stay(*people, now):
    for one in people:
        availabilities.set_presence(one, Presence.ONLINE, now=now)


def ask(agent, *, now=NOW, **values):
    conversation = make_conversation(agent)
    for name, value in values.items():
        setattr(conversation, name, value)
    db.session.commit()
    conversations.request_person(conversation, reason="asked", now=now)
    return conversation


def give(workspace, now=NOW):
    routing.give_waiting(workspace.id, now=now)
    db.session.expire_all()


def holder(conversation):
    return conversation.teammate.name if conversation.teammate else None


def test_it_is_off_until_somebody_switches_it_on(workspace, agent, there):
    there("Ann")
    conversation = ask(agent)
    give(workspace)
    assert holder(conversation) is None
    assert db.session.scalar(select(func.count()).select_from(Job).where(Job.kind == routing.JOB)) == 0


def test_whoever_is_there_gets_it_and_the_customer_goes_on_waiting(workspace, agent, switch_on, there):
    switch_on()
    there("Ann")
    make_teammate(workspace, "Gone", Role.SUPPORT)
    conversation = ask(agent)
    give(workspace)
    assert (holder(conversation), conversation.state, conversation.waiting_since) == ("Ann", State.WAITING, NOW)
    assert "Ann" not in "".join(message.text for message in conversations.latest_messages(conversation))


def test_in_turns_each_gets_one_after_the_other(workspace, agent, switch_on, there):
    switch_on()
    there("Ann", "Bob", "Cid")
    asked = [ask(agent, now=NOW + number * MINUTE) for number in range(6)]
    give(workspace)
    first, second = [holder(one) for one in asked[:3]], [holder(one) for one in asked[3:]]
    assert sorted(first) == ["Ann", "Bob", "Cid"]
    assert first == second


def test_the_least_busy_gets_the_next_one(workspace, agent, switch_on, there):
    switch_on(Mode.LEAST)
    ann, bob = there("Ann", "Bob")
    for _ in range(2):
        conversations.take_over(make_conversation(agent), ann, now=NOW)
    asked = [ask(agent) for _ in range(2)]
    give(workspace)
    assert [holder(one) for one in asked] == ["Bob", "Bob"]
    assert routing.loads(workspace.id, now=NOW) == {ann.id: 2, bob.id: 2}


def test_nobody_gets_more_than_they_can_have(workspace, agent, switch_on, there):
    switch_on()
    ann = there("Ann", capacity=2)
    asked = [ask(agent, now=NOW + number * MINUTE) for number in range(4)]
    give(workspace)
    assert [holder(one) for one in asked] == ["Ann", "Ann", None, None]
    conversations.resolve(asked[0], now=NOW, by=ann)
    conversations.snooze(asked[1], until=NOW + timedelta(days=1), by=ann, now=NOW)
    give(workspace)
    assert [holder(one) for one in asked[2:]] == ["Ann", "Ann"]


def test_the_most_pressing_comes_first_and_then_the_longest_waiting(workspace, agent, switch_on, there):
    switch_on()
    there("Ann", capacity=2)
    late, early = ask(agent, now=NOW + 2 * MINUTE), ask(agent, now=NOW)
    urgent = ask(agent, now=NOW + 3 * MINUTE, priority=Priority.URGENT)
    give(workspace)
    assert [holder(one) for one in (urgent, early, late)] == ["Ann", "Ann", None]


@pytest.mark.parametrize("why", ["away", "hours", "gone"])
def test_who_is_not_there_gets_none(workspace, agent, switch_on, there, why):
    switch_on()
    ann = there("Ann")
    now = NOW
    if why == "away":
        availabilities.set_presence(ann, Presence.AWAY, now=NOW)
    elif why == "hours":
        # A Sunday.
        availabilities.change(ann, own_hours=Hours(is_on=True), languages=[], capacity=5, by=ann, now=NOW)
    else:
        now = NOW + availabilities.GONE_AFTER
    conversation = ask(agent)
    give(workspace, now)
    assert holder(conversation) is None


def test_a_team_that_is_asked_for_gets_it_or_nobody(workspace, agent, switch_on, there, olga):
    switch_on()
    _ann, bob = there("Ann", "Bob")
    repairs = teams.add(workspace, name="Repairs", languages=[], members=[bob.id], by=olga, now=NOW)
    conversation = ask(agent)
    conversations.assign(conversation, teammate=None, team=repairs, by=olga, now=NOW)
    availabilities.set_presence(bob, Presence.AWAY, now=NOW)
    give(workspace)
    assert holder(conversation) is None
    availabilities.set_presence(bob, Presence.ONLINE, now=NOW)
    give(workspace)
    assert (holder(conversation), conversation.team_id) == ("Bob", repairs.id)


def test_a_team_for_the_customers_language_comes_first(workspace, agent, switch_on, there, olga):
    switch_on()
    ann, bob = there("Ann", "Bob")
    teams.add(workspace, name="Français", languages=["fr"], members=[bob.id], by=olga, now=NOW)
    french = [ask(agent, language="fr") for _ in range(2)]
    give(workspace)
    assert [holder(one) for one in french] == ["Bob", "Bob"]
    availabilities.set_presence(bob, Presence.AWAY, now=NOW)
    another = ask(agent, language="fr")
    give(workspace)
    assert holder(another) == ann.name


def test_who_speaks_the_language_comes_before_who_has_said_nothing(workspace, agent, switch_on, there):
    switch_on()
    there("Ann", languages=["de"])
    bob = there("Bob")
    cid = there("Cid", languages=["fr"])
    conversation = ask(agent, language="fr")
    give(workspace)
    assert holder(conversation) == "Cid"
    availabilities.set_presence(cid, Presence.AWAY, now=NOW)
    give(workspace)
    assert holder(conversation) == "Bob"
    availabilities.set_presence(bob, Presence.AWAY, now=NOW)
    give(workspace)
    assert holder(conversation) == "Ann"


def test_what_nobody_answers_goes_round_once(workspace, agent, switch_on, there):
    switch_on(minutes=5)
    ann, bob = there("Ann", "Bob")
    conversation = ask(agent)
    give(workspace)
    first = holder(conversation)
    seen = [first]
    for minutes in (4, 5, 9, 10, 15, 20, 25):
        stay(ann, bob, now=NOW + minutes * MINUTE)
        give(workspace, NOW + minutes * MINUTE)
        seen.append(holder(conversation))
    other = "Bob" if first == "Ann" else "Ann"
    assert seen == [first, first, *[other] * 6]


def test_what_was_answered_in_time_stays(workspace, agent, switch_on, there):
    switch_on(minutes=5)
    ann, bob = there("Ann", "Bob")
    conversation = ask(agent)
    give(workspace)
    conversations.write_as_person(conversation, conversation.teammate, text="Hello", now=NOW + MINUTE)
    first = holder(conversation)
    stay(ann, bob, now=NOW + 10 * MINUTE)
    give(workspace, NOW + 10 * MINUTE)
    assert (holder(conversation), conversation.state) == (first, State.PERSON)


def test_who_leaves_a_customer_without_an_answer_is_relieved(workspace, agent, switch_on, there):
    switch_on(minutes=5)
    ann = there("Ann")
    conversation = ask(agent)
    conversations.write_as_person(conversation, ann, text="Hello", now=NOW)
    conversations.ask(conversation, client_id="again", text="Are you there?", now=NOW + MINUTE)
    availabilities.set_presence(ann, Presence.AWAY, now=NOW + MINUTE)
    bob = there("Bob")
    for minutes, expected in ((5, ("Ann", State.PERSON)), (6, ("Bob", State.WAITING))):
        stay(bob, now=NOW + minutes * MINUTE)
        give(workspace, NOW + minutes * MINUTE)
        assert (holder(conversation), conversation.state) == expected


def test_with_nobody_else_there_a_teammate_keeps_their_customer(workspace, agent, switch_on, there):
    switch_on(minutes=5)
    ann = there("Ann")
    conversation = ask(agent)
    conversations.write_as_person(conversation, ann, text="Hello", now=NOW)
    conversations.ask(conversation, client_id="again", text="Are you there?", now=NOW + MINUTE)
    give(workspace, NOW + timedelta(hours=3))
    assert (holder(conversation), conversation.state) == ("Ann", State.PERSON)


def test_snoozed_ones_and_trials_are_given_to_nobody(workspace, agent, switch_on, there, olga):
    switch_on()
    there("Ann")
    snoozed = ask(agent)
    conversations.snooze(snoozed, until=NOW + timedelta(hours=1), by=olga, now=NOW)
    trial = make_conversation(agent, channel="preview")
    conversations.request_person(trial, reason="asked", now=NOW)
    give(workspace)
    assert (holder(snoozed), holder(trial)) == (None, None)


def test_another_workspaces_people_and_conversations_are_no_business_of_ours(
    workspace, other_workspace, agent, other_agent, switch_on, there
):
    switch_on()
    theirs = ask(other_agent)
    stan = make_teammate(other_workspace, "Stan", Role.OWNER)
    availabilities.set_presence(stan, Presence.ONLINE, now=NOW)
    ours = ask(agent)
    routing.sweep(now=NOW)
    db.session.expire_all()
    assert (holder(theirs), holder(ours)) == (None, None)


def test_the_sweep_gives_in_each_workspace_that_wants_it(workspace, agent, switch_on, there):
    there("Ann")
    conversation = ask(agent)
    routing.sweep(now=NOW)
    db.session.expire_all()
    assert holder(conversation) is None
    switch_on()
    routing.sweep(now=NOW)
    db.session.expire_all()
    assert holder(conversation) == "Ann"


def test_what_happens_asks_for_a_look_and_giving_does_not(workspace, agent, switch_on, there):
    switch_on()
    there("Ann")
    asked = select(func.count()).select_from(Job).where(Job.kind == routing.JOB)
    before = db.session.scalar(asked)
    conversation = ask(agent)
    assert db.session.scalar(asked) == before + 1
    give(workspace)
    assert holder(conversation) == "Ann"
    assert db.session.scalar(asked) == before + 1


def test_who_comes_gets_what_waits(workspace, agent, switch_on, monkeypatch):
    switch_on()
    monkeypatch.setattr(availabilities, "_noted", {})
    monkeypatch.setitem(jobs._handlers, routing.JOB, lambda job: routing.give_waiting(job.workspace_id, now=NOW))
    ann = make_teammate(workspace, "Ann", Role.SUPPORT)
    conversation = ask(agent)
    assert holder(conversation) is None
    routing.note_active(ann, now=NOW)
    db.session.expire_all()
    assert holder(conversation) == "Ann"


def test_minutes_that_are_not_offered_are_refused(workspace, olga):
    with pytest.raises(Invalid):
        routing.change(workspace, Rules(Mode.TURNS, 7), by=olga, now=NOW)
    assert routing.of(workspace.id).mode is Mode.OFF


def test_two_who_give_at_once_never_give_too_much(app, workspace, agent, switch_on, there):
    switch_on(Mode.LEAST)
    there("Ann", "Bob", capacity=3)
    for number in range(10):
        ask(agent, now=NOW + number * MINUTE)
    workspace_id, barrier, failures = workspace.id, threading.Barrier(3), []

    def run():
        with app.app_context():
            try:
                barrier.wait()
                routing.give_waiting(workspace_id, now=NOW)
            except Exception as failure:
                failures.append(failure)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    db.session.expire_all()
    counts = db.session.execute(
        select(Teammate.name, func.count())
        .join(Conversation, Conversation.teammate_id == Teammate.id)
        .join(Workspace, Workspace.id == Conversation.workspace_id)
        .group_by(Teammate.name)
        .order_by(Teammate.name)
    ).all()
    assert [tuple(row) for row in counts] == [("Ann", 3), ("Bob", 3)]


def test_one_workspace_in_trouble_keeps_nobody_elses_conversations_waiting(
    workspace, other_workspace, agent, switch_on, there, monkeypatch
):
    switch_on()
    there("Ann")
    conversation = ask(agent)
    troubled = {other_workspace.id}
    give = giving.give_waiting

    def broken(workspace_id, *, now):
        if workspace_id in troubled:
            raise ValueError("trouble")
        give(workspace_id, now=now)

    stan = make_teammate(other_workspace, "Stan", Role.OWNER)
    routing.change(other_workspace, Rules(Mode.TURNS), by=stan, now=NOW)
    monkeypatch.setattr(giving, "give_waiting", broken)
    routing.sweep(now=NOW)
    db.session.expire_all()
    assert holder(conversation) == "Ann"
