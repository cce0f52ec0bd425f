"""Conversations: the order of what is said, whose turn it is, and who is told."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import conversations
from core.errors import Conflict, NotFound
from gateways.bus import current_bus
from models import db, transaction
from models.conversations import Answer, Conversation, Message, Sender, State
from models.customers import Customer, Standing
from models.teammates import Role, Teammate
from tests.conftest import NOW, make_conversation, make_customer, make_teammate


@pytest.fixture
def sue(workspace):
    return make_teammate(workspace, "Sue", Role.SUPPORT)


@pytest.fixture
def olga(workspace):
    return make_teammate(workspace, "Olga", Role.OWNER)


def ask(conversation, text="Hello", client_id="one", now=NOW):
    return conversations.ask(conversation, client_id=client_id, text=text, now=now)


def transcript(conversation):
    return [(message.sender, message.text) for message in conversations.messages_after(conversation.id, 0)]


def at_once(app, conversation, actions):
    """Do these things in threads of their own, all from the same start; returns what each brought."""
    conversation_id, start = conversation.id, threading.Barrier(len(actions))

    def run(action):
        with app.app_context():
            try:
                mine = db.session.get(Conversation, conversation_id)
                start.wait(10)
                return action(mine)
            except Conflict as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(actions)) as pool:
        found = [future.result() for future in [pool.submit(run, action) for action in actions]]
    db.session.expire_all()
    return found


# Order


def test_messages_are_numbered_from_one(conversation):
    assert [ask(conversation, client_id=str(number)).seq for number in range(3)] == [1, 2, 3]
    assert [message.seq for message in conversations.messages_after(conversation.id, 1)] == [2, 3]
    assert [message.seq for message in conversations.messages_after(conversation.id, 0, limit=2)] == [1, 2]
    assert [message.seq for message in conversations.latest_messages(conversation, limit=2)] == [2, 3]


def test_what_is_said_at_once_gets_numbers_without_gap_or_double(app, conversation):
    def say(number):
        return lambda mine: ask(mine, client_id=f"c{number}").seq

    def answer(_):
        return lambda mine: conversations.reply(mine, text="Hm.", details={}, now=NOW).seq

    numbers = at_once(app, conversation, [(say if number % 2 else answer)(number) for number in range(8)])
    assert sorted(numbers) == list(range(1, 9))
    assert conversation.last_seq == 8


def test_the_same_message_sent_several_times_at_once_is_one(app, conversation):
    ids = at_once(app, conversation, [lambda mine: ask(mine).id] * 6)
    assert len(set(ids)) == 1
    assert len(transcript(conversation)) == 1
    assert db.session.scalar(select(func.count()).select_from(Answer)) == 1


def test_a_repeated_message_keeps_its_first_words_and_changes_nothing(conversation):
    first = ask(conversation, "First")
    again = ask(conversation, "Second", now=NOW + timedelta(hours=1))
    assert (again.id, again.text) == (first.id, "First")
    assert conversation.last_message_at == NOW


def test_the_same_client_id_in_another_conversation_is_another_message(agent, conversation):
    assert ask(conversation).id != ask(make_conversation(agent)).id


def test_what_is_not_committed_is_not_told(conversation):
    def ask_and_fail():
        with transaction():
            ask(conversation)
            raise RuntimeError

    with current_bus().listener(conversations.topic(conversation.id)) as listener:
        with pytest.raises(RuntimeError):
            ask_and_fail()
        assert list(listener.waiting()) == []
        ask(conversation)
        assert [note["kind"] for note in listener.waiting()] == ["message"]
    assert len(transcript(conversation)) == 1


def test_an_erased_conversation_is_not_there(app, conversation):
    # Erased by another request while this one was about to speak.
    with db.engine.begin() as connection:
        connection.execute(Customer.__table__.delete())
    with pytest.raises(NotFound):
        ask(conversation)


# Finding


def test_a_conversation_is_found_by_its_own_workspace_only(workspace, other_workspace, conversation):
    assert conversations.find(workspace, conversation.id) == conversation
    with pytest.raises(NotFound):
        conversations.find(other_workspace, conversation.id)
    with pytest.raises(NotFound):
        conversations.find(workspace, workspace.id)


def test_a_customer_comes_back_to_the_latest_of_the_same_channel(agent, conversation):
    customer = conversation.customer
    newer = make_conversation(agent, customer)
    conversations.ask(conversation, client_id="a", text="Hello", now=NOW - timedelta(hours=1))
    make_conversation(agent, customer, channel="preview")
    make_conversation(agent)
    come_back = {"origin": "https://example.com", "now": NOW}
    assert conversations.current(agent, customer, channel="web", **come_back) == newer
    assert conversations.current(agent, customer, channel="link", **come_back).channel == "link"


def test_tabs_that_open_at_once_share_one_conversation(app, agent, conversation):
    stranger = make_customer(agent.workspace_id)
    stranger_id = stranger.id

    def open_tab(mine):
        customer = db.session.get(Customer, stranger_id)
        return conversations.current(mine.agent, customer, origin="https://example.com", channel="web", now=NOW).id

    assert len(set(at_once(app, conversation, [open_tab] * 6))) == 1


# Whose turn it is


def test_an_answer_is_owed_while_the_agent_has_it(conversation, sue):
    owed = ask(conversation, client_id="a")
    conversations.request_person(conversation, reason="asked", now=NOW)
    ask(conversation, client_id="b")
    conversations.take_over(conversation, sue, now=NOW)
    ask(conversation, client_id="c")
    assert db.session.scalars(select(Answer.message_id)).all() == [owed.id]
    conversations.hand_back(conversation, now=NOW)
    again = ask(conversation, client_id="d")
    assert set(db.session.scalars(select(Answer.message_id))) == {owed.id, again.id}


def test_a_new_message_opens_a_resolved_conversation_again(conversation):
    ask(conversation, client_id="a")
    conversations.resolve(conversation, now=NOW)
    assert (conversation.state, conversation.resolved_at) == (State.RESOLVED, NOW)
    ask(conversation, client_id="b")
    assert (conversation.state, conversation.resolved_at) == (State.AGENT, None)
    assert db.session.scalar(select(func.count()).select_from(Answer)) == 2


def test_a_person_is_asked_for_once(conversation):
    for minutes in (0, 5):
        conversations.request_person(conversation, reason="asked", now=NOW + timedelta(minutes=minutes))
    assert (conversation.state, conversation.waiting_since) == (State.WAITING, NOW)
    assert conversation.handoff_reason == "asked"
    assert len(transcript(conversation)) == 1


def test_who_has_a_person_does_not_wait_for_one(conversation, sue):
    conversations.take_over(conversation, sue, now=NOW)
    conversations.request_person(conversation, reason="asked", now=NOW)
    assert (conversation.state, conversation.waiting_since) == (State.PERSON, None)


def test_one_who_only_pressed_the_button_is_somebodys_work(conversation):
    conversations.request_person(conversation, reason="pressed the button", now=NOW)
    assert conversation.last_message_at == NOW


def test_a_teammate_takes_over_and_hands_back_visibly(conversation, sue):
    conversations.request_person(conversation, reason="asked", now=NOW)
    conversations.take_over(conversation, sue, now=NOW)
    assert conversations.state_as_json(conversation) == {
        "id": str(conversation.id),
        "state": "person",
        "name": "Sue",
        "read": 0,
    }
    conversations.hand_back(conversation, now=NOW)
    assert conversations.state_as_json(conversation)["name"] is None
    assert [text for sender, text in transcript(conversation) if sender is Sender.SYSTEM][1:] == [
        "Sue has joined the conversation.",
        "The automatic assistant is answering again.",
    ]


def test_taking_over_twice_is_said_once(conversation, sue):
    for _ in range(2):
        conversations.take_over(conversation, sue, now=NOW)
    assert len(transcript(conversation)) == 1


def test_another_teammate_is_refused_unless_they_know_whom_they_relieve(workspace, conversation, sue, olga):
    conversations.take_over(conversation, sue, now=NOW)
    with pytest.raises(Conflict, match="Sue has taken"):
        conversations.take_over(conversation, olga, now=NOW)
    with pytest.raises(Conflict, match="Sue has taken"):
        conversations.write_as_person(conversation, olga, text="Hi", now=NOW)
    conversations.take_over(conversation, olga, instead_of=sue.id, now=NOW)
    with pytest.raises(Conflict, match="Olga has taken"):
        conversations.take_over(conversation, make_teammate(workspace, "Sam", Role.SUPPORT), instead_of=sue.id, now=NOW)
    assert conversation.teammate_id == olga.id


def test_of_two_who_take_over_at_once_one_is_told(app, conversation, sue, olga):
    def take(teammate_id):
        return lambda mine: conversations.take_over(mine, db.session.get(Teammate, teammate_id), now=NOW)

    found = at_once(app, conversation, [take(sue.id), take(olga.id)])
    assert sorted(isinstance(one, Conflict) for one in found) == [False, True]
    assert [sender for sender, _text in transcript(conversation)] == [Sender.SYSTEM]


def test_of_two_who_answer_at_once_one_is_told(app, conversation, sue, olga):
    def write(teammate_id):
        return lambda mine: conversations.write_as_person(
            mine, db.session.get(Teammate, teammate_id), text="Hello", now=NOW
        )

    found = at_once(app, conversation, [write(sue.id), write(olga.id)])
    assert sum(isinstance(one, Conflict) for one in found) == 1
    assert [sender for sender, _text in transcript(conversation)] == [Sender.SYSTEM, Sender.PERSON]


def test_whoever_writes_has_the_conversation(conversation, sue):
    conversations.request_person(conversation, reason="asked", now=NOW)
    message = conversations.write_as_person(conversation, sue, text="Hello", now=NOW)
    assert (conversation.state, conversation.teammate_id, conversation.waiting_since) == (State.PERSON, sue.id, None)
    assert conversations.as_json(message)["name"] == "Sue"


def test_the_same_reply_sent_again_is_stored_once_even_after_the_hand_back(conversation, sue):
    conversations.write_as_person(conversation, sue, text="Hello", client_id="reply-1", now=NOW)
    conversations.hand_back(conversation, now=NOW)
    conversations.write_as_person(conversation, sue, text="Hello", client_id="reply-1", now=NOW)
    assert [sender for sender, _text in transcript(conversation)].count(Sender.PERSON) == 1
    assert conversation.state is State.AGENT


def test_what_the_agent_has_cannot_be_handed_back(conversation):
    with pytest.raises(Conflict):
        conversations.hand_back(conversation, now=NOW)
    conversations.resolve(conversation, now=NOW)
    with pytest.raises(Conflict):
        conversations.hand_back(conversation, now=NOW)


def test_resolving_twice_is_said_once(conversation):
    for _ in range(2):
        conversations.resolve(conversation, now=NOW)
    assert len(transcript(conversation)) == 1


# Who is told


def test_each_change_of_turn_is_told_with_a_name(conversation, sue):
    with current_bus().listener(conversations.topic(conversation.id)) as listener:
        conversations.request_person(conversation, reason="asked", now=NOW)
        conversations.take_over(conversation, sue, now=NOW)
        conversations.resolve(conversation, now=NOW)
        notes = [note for note in listener.waiting() if note["kind"] == "state"]
    assert [(note["state"], note["name"]) for note in notes] == [
        ("waiting", None),
        ("person", "Sue"),
        ("resolved", None),
    ]


def test_teammates_are_told_of_everything_and_of_their_own_workspace_only(agent, conversation, sue, other_agent):
    with current_bus().listener(conversations.workspace_topic(agent.workspace_id)) as listener:
        for action in (
            lambda: ask(conversation),
            lambda: conversations.reply(conversation, text="Hm.", details={}, now=NOW),
            lambda: conversations.request_person(conversation, reason="asked", now=NOW),
            lambda: conversations.write_as_person(conversation, sue, text="Hello", now=NOW),
            lambda: conversations.hand_back(conversation, now=NOW),
            lambda: conversations.resolve(conversation, now=NOW),
        ):
            action()
            assert {note["id"] for note in listener.waiting()} == {str(conversation.id)}
        ask(make_conversation(other_agent))
        assert list(listener.waiting()) == []


def test_a_message_is_told_with_all_that_a_browser_shows(conversation):
    with current_bus().listener(conversations.topic(conversation.id)) as listener:
        ask(conversation, "**Hello** <b>")
        [note] = listener.waiting()
    assert note["message"] == conversations.as_json(db.session.scalars(select(Message)).one())
    assert note["message"]["html"].strip() == "<p>**Hello** &lt;b&gt;</p>"
    assert (note["message"]["from"], note["message"]["clientId"], note["message"]["seq"]) == ("customer", "one", 1)


def test_a_teammates_client_id_is_nobody_elses_business(conversation, sue):
    message = conversations.write_as_person(conversation, sue, text="Hello", client_id="reply-1", now=NOW)
    assert conversations.as_json(message)["clientId"] is None


# Moving and forgetting


def test_a_conversation_that_changes_hands_says_so(agent, conversation):
    other = make_customer(agent.workspace_id, "Marta")
    conversations.join(conversation, other, now=NOW)
    assert conversation.customer_id == other.id
    assert transcript(conversation)[-1][0] is Sender.SYSTEM


def test_silent_chats_are_forgotten_after_two_days(agent):
    _silent, talked = make_conversation(agent), make_conversation(agent)
    ask(talked)
    conversations.clear_silent(now=NOW + timedelta(days=2))
    assert db.session.scalar(select(func.count()).select_from(Conversation)) == 2
    conversations.clear_silent(now=NOW + timedelta(days=2, seconds=1))
    assert db.session.scalars(select(Conversation.id)).all() == [talked.id]
    conversations.clear_silent(now=NOW + timedelta(days=32))
    assert db.session.scalars(select(Customer.id)).all() == [talked.customer_id]


def test_a_customer_who_has_proven_who_they_are_is_kept_without_a_conversation(agent):
    proven = make_customer(agent.workspace_id, "Marta", standing=Standing.VERIFIED)
    make_customer(agent.workspace_id, "Jonas")
    conversations.clear_silent(now=NOW + timedelta(days=31))
    assert db.session.scalar(select(func.count()).select_from(Customer)) == 2
    conversations.clear_silent(now=NOW + timedelta(days=32))
    assert db.session.scalars(select(Customer.id)).all() == [proven.id]


@pytest.mark.parametrize(("text", "is_handed_back"), [("Actually, never mind", True), ("It is broken, too", False)])
def test_who_needs_no_person_after_all_has_the_agent_again(conversation, text, is_handed_back):
    conversations.request_person(conversation, reason="asked", now=NOW)
    asked = conversations.ask_once(conversation, client_id="n1", text=text, now=NOW)
    assert (conversation.state, asked.answer is not None) == (
        (State.AGENT, True) if is_handed_back else (State.WAITING, False)
    )


def test_a_no_to_a_person_is_another_no(conversation, olga):
    conversations.take_over(conversation, olga, now=NOW)
    conversations.write_as_person(conversation, olga, text="Is it the red one?", now=NOW)
    conversations.assign(conversation, teammate=None, team=None, by=olga, now=NOW)
    assert conversation.state is State.WAITING
    conversations.ask(conversation, client_id="n1", text="no", now=NOW)
    assert conversation.state is State.WAITING
