"""The inbox's event stream: that something changed, soon, once, and never what."""

import threading

import pytest

from blueprints.admin.conversations.events import stream_changes
from core import conversations
from core.clock import utc_now
from gateways.bus import LocalBus, current_bus, use_bus
from tests.conftest import make_conversation

TOPIC = "workspace:0"


@pytest.fixture
def bus():
    use_bus(LocalBus())
    return current_bus()


def listening(bus, **options):
    stream = stream_changes(TOPIC, **options)
    assert next(stream) == "event: look\ndata: \n\n"
    return stream


def test_what_happens_together_is_told_together(bus):
    stream = listening(bus)
    for conversation_id in ("a", "b", "a"):
        bus.publish(TOPIC, {"kind": "conversation", "id": conversation_id})
    assert next(stream) == "event: change-a\ndata: \n\nevent: change-b\ndata: \n\n"


def test_the_list_follows_the_thread_and_waits_for_no_quiet(bus):
    stream = listening(bus)
    told = []
    while "event: change\n" not in "".join(told):
        bus.publish(TOPIC, {"kind": "conversation", "id": "a"})
        told.append(next(stream))
    assert told[0] == "event: change-a\ndata: \n\n"
    assert 1 < len(told) < 20


def test_what_happens_while_it_rests_is_told_after(bus):
    stream = listening(bus)
    bus.publish(TOPIC, {"kind": "conversation", "id": "a"})
    next(stream)
    bus.publish(TOPIC, {"kind": "conversation", "id": "b"})
    assert "change-b" in next(stream)


def test_a_quiet_stream_says_that_it_is_there(bus):
    assert next(listening(bus, heartbeat=0.01)) == ":\n\n"


def test_now_and_then_it_asks_to_look_whatever_was_lost(bus):
    stream = listening(bus, heartbeat=0.02, look_every=0.05)
    assert [next(stream) for _ in range(6)].count("event: look\ndata: \n\n") in (1, 2, 3)


def test_however_busy_it_is_it_asks_to_look(bus):
    stream = listening(bus, look_every=0.1)
    told = ""
    for _ in range(20):
        bus.publish(TOPIC, {"kind": "conversation", "id": "a"})
        told += next(stream)
    assert "event: look\n" in told


def test_it_ends_by_itself_so_that_its_reader_has_to_sign_in_again(bus):
    assert all(line == ":\n\n" for line in listening(bus, heartbeat=0.01, longest=0.05))


def test_it_ends_with_the_server(bus):
    stream = listening(bus)
    threading.Timer(0.05, bus.close).start()
    assert list(stream) == []


def test_a_stream_is_of_its_own_workspace_and_holds_no_connection(app, olga, agent, other_agent):
    with olga.get("/admin/conversations/events", buffered=False) as answer:
        assert answer.mimetype == "text/event-stream"
        assert answer.headers["Cache-Control"] == "no-store"
        lines = answer.iter_encoded()
        assert next(lines) == b"event: look\ndata: \n\n"
        foreign, own = make_conversation(other_agent), make_conversation(agent)
        conversations.ask(foreign, client_id="a", text="Elsewhere", now=utc_now())
        conversations.ask(own, client_id="a", text="Here", now=utc_now())
        told = next(lines).decode()
    assert f"change-{own.id}" in told
    assert str(foreign.id) not in told


def test_a_long_answer_is_told_when_it_is_complete(app, agent, conversation):
    with current_bus().listener(conversations.workspace_topic(agent.workspace_id)) as listener:
        reply = conversations.reply(conversation, text="Long.", details={}, now=utc_now(), announce=False)
        assert list(listener.waiting()) == []
        conversations.announce_message(reply)
        assert list(listener.waiting()) == [{"kind": "conversation", "id": str(conversation.id)}]
