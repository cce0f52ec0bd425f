"""What a team does with its conversations: giving, snoozing, closing with a reason, merging, writing first."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import changes, conversations, tags
from core.changes import Change
from core.errors import Conflict, Invalid, NotFound
from core.resolutions import Resolution
from models import db
from models.conversations import Conversation, Priority, State
from models.customers import WidgetSession
from models.inbox import Team
from models.teammates import Role
from tests.conftest import NOW, keep, make_agent, make_conversation, make_customer, make_teammate

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def sue(workspace):
    return make_teammate(workspace, "Sue", Role.SUPPORT)


@pytest.fixture
def olga(workspace):
    return make_teammate(workspace, "Olga", Role.OWNER)


def ask(conversation, text="Hello", client_id="one", now=NOW):
    return conversations.ask(conversation, client_id=client_id, text=text, now=now)


def said(conversation):
    return [message.text for message in conversations.messages_after(conversation.id, 0)]


def done(conversation):
    return [change.kind for change in changes.of(conversation)]


def team(workspace, name="Repairs"):
    return keep(Team(workspace_id=workspace.id, name=name, languages=[], created_at=NOW))


# Giving


def test_who_is_given_a_conversation_is_waited_for_until_they_write(conversation, sue, olga):
    ask(conversation)
    conversations.assign(conversation, teammate=sue, team=None, by=olga, now=LATER)

    assert (conversation.state, conversation.teammate, conversation.waiting_since) == (State.WAITING, sue, LATER)
    assert "has joined" not in " ".join(said(conversation))
    assert conversation.handoff_reason == "was passed on by Olga"

    conversations.write_as_person(conversation, sue, text="Here I am", now=LATER)
    assert conversation.state is State.PERSON
    assert "Sue has joined the conversation." in said(conversation)
    assert done(conversation) == [Change.GIVEN, Change.TAKEN]


def test_who_takes_a_conversation_answers_at_once(conversation, sue):
    ask(conversation)
    conversations.assign(conversation, teammate=sue, team=None, by=sue, now=NOW)
    assert (conversation.state, conversation.teammate) == (State.PERSON, sue)


def test_waiting_goes_on_from_its_beginning_when_somebody_is_given_it(conversation, sue):
    ask(conversation)
    conversations.request_person(conversation, reason="asks", now=NOW)
    heard = said(conversation)
    conversations.assign(conversation, teammate=sue, team=None, by=None, now=LATER)
    assert (conversation.state, conversation.waiting_since) == (State.WAITING, NOW)
    assert said(conversation) == heard, "the customer waits already, and is told nothing new"


def test_a_conversation_that_is_passed_on_waits_again_and_says_so(conversation, sue, olga):
    ask(conversation)
    conversations.take_over(conversation, sue, now=NOW)
    conversations.assign(conversation, teammate=olga, team=None, by=sue, now=LATER)
    assert (conversation.state, conversation.teammate, conversation.waiting_since) == (State.WAITING, olga, LATER)
    assert said(conversation)[-1].startswith("You will get an answer from a person")

    conversations.assign(conversation, teammate=None, team=None, by=olga, now=LATER)
    assert (conversation.state, conversation.teammate) == (State.WAITING, None)


def test_a_team_may_be_asked_for_and_stays_with_who_answers(conversation, workspace, sue, olga):
    ask(conversation)
    repairs = team(workspace)
    conversations.assign(conversation, teammate=None, team=repairs, by=olga, now=NOW)
    assert (conversation.state, conversation.team_id) == (State.WAITING, repairs.id)
    conversations.take_over(conversation, sue, now=NOW)
    assert conversation.team_id == repairs.id
    conversations.hand_back(conversation, by=sue, now=NOW)
    assert (conversation.team_id, conversation.teammate) == (None, None)


def test_nothing_is_given_to_who_cannot_answer_nor_to_strangers(conversation, workspace, other_workspace, olga):
    rita = make_teammate(workspace, "Rita", Role.VIEWER)
    stan = make_teammate(other_workspace, "Stan", Role.OWNER)
    with pytest.raises(Conflict, match="Rita may not answer"):
        conversations.assign(conversation, teammate=rita, team=None, by=olga, now=NOW)
    with pytest.raises(NotFound):
        conversations.assign(conversation, teammate=stan, team=None, by=olga, now=NOW)
    with pytest.raises(NotFound):
        conversations.assign(conversation, teammate=None, team=team(other_workspace), by=olga, now=NOW)
    conversations.resolve(conversation, now=NOW)
    with pytest.raises(Conflict, match="resolved"):
        conversations.assign(conversation, teammate=olga, team=None, by=olga, now=NOW)


# Snoozing


def test_a_snoozed_conversation_wakes_at_its_time_or_by_a_message(conversation, agent, sue):
    other = make_conversation(agent)
    ask(conversation)
    ask(other)
    for one in (conversation, other):
        conversations.snooze(one, until=LATER, by=sue, now=NOW)
    ask(other, "And?", "two", now=NOW + timedelta(minutes=1))
    assert other.snoozed_until is None

    conversations.wake_due(now=LATER - timedelta(seconds=1))
    assert conversation.snoozed_until == LATER
    conversations.wake_due(now=LATER)
    assert conversation.snoozed_until is None
    assert done(conversation) == done(other) == [Change.SNOOZED, Change.WOKEN]


@pytest.mark.parametrize("until", [NOW, NOW - timedelta(days=1), NOW + timedelta(days=400)])
def test_a_time_that_is_over_or_far_away_is_refused(conversation, sue, until):
    with pytest.raises(Invalid):
        conversations.snooze(conversation, until=until, by=sue, now=NOW)


# Closing


def test_a_conversation_is_closed_with_a_reason_and_keeps_who_had_it(conversation, sue):
    ask(conversation)
    conversations.take_over(conversation, sue, now=NOW)
    conversations.resolve(conversation, by=sue, reason=Resolution.SOLVED, now=LATER)
    assert (conversation.resolution, conversation.teammate) == ("solved", sue)
    assert changes.of(conversation)[-1].details == {"reason": "solved"}

    ask(conversation, "Once more", "two", now=LATER)
    assert (conversation.state, conversation.resolution, conversation.teammate) == (State.AGENT, None, None)
    assert done(conversation)[-1] == Change.REOPENED


def test_priority_is_noted_once(conversation, sue):
    for _twice in range(2):
        conversations.set_priority(conversation, Priority.URGENT, by=sue, now=NOW)
    assert conversation.priority is Priority.URGENT
    assert [change.details for change in changes.of(conversation)] == [{"priority": "urgent", "before": "normal"}]


# Merging


def test_one_conversation_goes_on_in_another(agent, conversation, workspace, sue):
    target = make_conversation(agent, conversation.customer)
    ask(target, "First")
    conversations.resolve(target, now=NOW)
    ask(conversation, "Second")
    conversations.take_over(conversation, sue, now=NOW)
    tags.put_named(conversation, "both", by=sue, now=NOW)
    tags.put_named(target, "both", by=sue, now=NOW)
    tags.put_named(conversation, "one", by=sue, now=NOW)

    conversations.merge_into(conversation, target, by=sue, now=LATER)

    assert (conversation.state, conversation.merged_into_id) == (State.RESOLVED, target.id)
    assert (target.state, target.teammate) == (State.PERSON, sue)
    assert [tag.name for tag in tags.of(target)] == ["both", "one"]
    assert done(conversation)[-1] == Change.MERGED_AWAY
    assert done(target)[-1] == Change.MERGED
    latest = conversations.latest(agent, target.customer, channel="web")
    assert latest == target

    heard = ask(conversation, "Are you there?", "two", now=LATER)
    assert heard.conversation_id == target.id, "a browser that was slow to hear of it loses nothing"
    with pytest.raises(Conflict, match="goes on in another"):
        conversations.take_over(conversation, sue, now=LATER)


def test_what_was_merged_twice_goes_on_at_the_end(agent, conversation, sue):
    second, third = (make_conversation(agent, conversation.customer) for _ in range(2))
    conversations.merge_into(conversation, second, by=sue, now=LATER)
    conversations.merge_into(second, third, by=sue, now=LATER)
    heard = ask(conversation, "Are you there?", "two", now=LATER)
    assert heard.conversation_id == third.id, "what is said in one that goes on elsewhere is seen by nobody"
    assert second.state is State.RESOLVED


def test_only_two_of_one_customer_and_agent_become_one(agent, conversation, workspace, other_agent, sue):
    second_agent = make_agent(workspace, "Second")
    of_other_customer = make_conversation(agent)
    of_other_agent = make_conversation(second_agent, conversation.customer)
    theirs = make_conversation(other_agent)
    for target, refusal in (
        (conversation, Conflict),
        (of_other_customer, Conflict),
        (of_other_agent, Conflict),
        (theirs, NotFound),
    ):
        with pytest.raises(refusal):
            conversations.merge_into(conversation, target, by=sue, now=NOW)


# Writing first


def test_a_teammate_writes_first_and_open_browsers_come_to_it(agent, conversation, sue, customer_session):
    ask(conversation)
    conversations.resolve(conversation, now=NOW)
    begun = conversations.start_with(
        conversation.customer, agent, text="Your lamp is ready", by=sue, client_id="12345678", now=LATER
    )
    assert (begun.state, begun.teammate) == (State.PERSON, sue)
    assert said(begun) == ["Sue has joined the conversation.", "Your lamp is ready"]
    assert db.session.get(WidgetSession, customer_session.id, populate_existing=True).revoked_at == LATER
    assert conversations.latest(agent, conversation.customer, channel="web") is begun

    again = conversations.start_with(
        conversation.customer, agent, text="Your lamp is ready", by=sue, client_id="12345678", now=LATER
    )
    assert again.id == begun.id
    with pytest.raises(Conflict, match="under way"):
        conversations.start_with(conversation.customer, agent, text="Another", by=sue, now=LATER)


def test_a_customer_of_another_workspace_cannot_be_written_to(agent, other_workspace, sue):
    stranger = make_customer(other_workspace.id)
    with pytest.raises(NotFound):
        conversations.start_with(stranger, agent, text="Hello", by=sue, now=NOW)
    assert db.session.scalars(select(Conversation)).all() == []


@pytest.fixture
def customer_session(agent, conversation):
    from core import refresh_secrets

    family = refresh_secrets.begin(agent, conversation.customer, lifetime=timedelta(days=1), now=NOW).family
    return keep(
        WidgetSession(
            workspace_id=agent.workspace_id,
            agent_id=agent.id,
            customer_id=conversation.customer_id,
            conversation_id=conversation.id,
            family_id=family.id,
            parent_origin="https://example.com",
            context={},
            created_at=NOW,
            expires_at=NOW + timedelta(days=1),
        )
    )
