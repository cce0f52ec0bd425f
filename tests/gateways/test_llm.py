"""A model is streamed as it comes, and whatever it does wrong ends soon, with a code."""

import threading
import time

import pytest

from gateways import llm, model_streams
from gateways.llm import Call, Model, ModelFailed, Usage, Waits, Words
from gateways.model_streams import Deadline
from tests import model_server
from tests.model_server import FAILURES, calling, saying, serving

SOON = Waits(connect=0.5, first_word=0.3, silence=0.3, whole=2.0)
MESSAGES = [{"role": "user", "content": "Hi"}]


@pytest.fixture
def server():
    llm.breaker.clear()
    with serving() as server:
        yield server
    llm.breaker.clear()


def heard(server, **options):
    model = Model(server.base_url, "small", "key-of-the-operator", may_be_private=True)
    return list(llm.stream(model, MESSAGES, waits=SOON, **options))


def test_words_come_in_their_order(server):
    server.behaviour = saying("One ", "two ", "🏮", " three")
    *words, usage = heard(server)
    assert ("".join(one.text for one in words), usage) == ("One two 🏮 three", Usage(9, 9))
    [asked] = server.requests
    assert asked["headers"]["Authorization"] == "Bearer key-of-the-operator"
    assert asked["body"] == {
        "model": "small",
        "messages": MESSAGES,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_words_come_while_the_rest_is_not_there_yet(server):
    is_heard = threading.Event()

    def behaviour(asked):
        asked.begin()
        asked.say("first")
        is_heard.wait(5)
        asked.say("later")
        asked.end()

    server.behaviour = behaviour
    stream = llm.stream(Model(server.base_url, "small", may_be_private=True), MESSAGES, waits=SOON)
    assert next(stream) == Words("first")
    is_heard.set()
    assert list(stream) == [Words("later"), Usage(9, 9)]


def test_the_first_words_are_not_waited_for_and_further_ones_come_together(monkeypatch):
    waited = []
    monkeypatch.setattr(model_streams.time, "sleep", waited.append)
    deadline = Deadline(first_word=1e12, whole=1e12, silence=1e12)
    pieces = model_streams._pieces(iter([b"one", b"two", b"three" * 10_000]), deadline)
    assert next(pieces) == b"one"
    assert waited == []
    deadline.has_begun = True
    assert len(list(pieces)) == 2
    assert waited == [model_streams._TOGETHER] * 2


def test_a_call_is_put_together_from_its_pieces(server):
    server.behaviour = calling("fetch_person", '{"reason": "angry"}', before="One moment.")
    assert heard(server) == [Words("One moment."), Usage(9, 9), Call("fetch_person", {"reason": "angry"})]


def test_without_a_name_the_first_model_that_is_offered_is_asked(server):
    server.behaviour = saying("Hi")
    model = Model(server.base_url, may_be_private=True)
    # It asks twice, which takes a busy machine its time.
    list(llm.stream(model, MESSAGES))
    assert server.requests[0]["body"]["model"] == "first-model"


def test_a_server_that_refuses_the_model_it_offered_is_asked_what_it_offers_now(server):
    model = Model(server.base_url, may_be_private=True)
    server.behaviour = saying("Hi")
    list(llm.stream(model, MESSAGES))

    def behave(asked):
        is_there = asked.server.requests[-1]["body"]["model"] == asked.server.offers
        (saying("Hello again") if is_there else model_server.status(404))(asked)

    server.behaviour, server.offers = behave, "second-model"
    assert Words("Hello again") in llm.stream(model, MESSAGES)
    server.behaviour = model_server.status(401)
    before = len(server.requests)
    with pytest.raises(ModelFailed, match="refused"):
        list(llm.stream(model, MESSAGES))
    assert len(server.requests) == before + 1, "the same model is not asked twice for nothing"


CODES = {
    "hangs": "too_slow",
    "hangs after words": "too_slow",
    "half a stream": "cut_off",
    "garbage": "garbled",
    "calls that are none": "garbled",
    "a page": "garbled",
    "a token of 10 MB": "too_long",
    "an error in the stream": "busy",
    "endless words": "too_long",
    "status 401": "refused",
    "status 429": "busy",
    "status 500": "busy",
}


@pytest.mark.parametrize("failure", sorted(FAILURES))
def test_a_failure_ends_soon_and_has_a_code(server, failure):
    server.behaviour = FAILURES[failure]
    started = time.monotonic()
    with pytest.raises(ModelFailed) as failed:
        heard(server)
    assert failed.value.code == CODES[failure]
    assert "secret" not in str(failed.value)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    "arguments", ["[1]", "{", '{"a": ' + "[" * 3000, '"text"', '{"a": "' + "b" * 9000 + '"}'], ids=range(5)
)
def test_hostile_arguments_are_refused(server, arguments):
    server.behaviour = calling("fetch_person", arguments)
    with pytest.raises(ModelFailed):
        heard(server)


def test_nobody_is_there():
    llm.breaker.clear()
    with pytest.raises(ModelFailed) as failed:
        list(llm.stream(Model("http://127.0.0.1:9/v1", "small", may_be_private=True), MESSAGES, waits=SOON))
    assert failed.value.code == "unreachable"
    llm.breaker.clear()


def test_after_three_failures_it_rests_and_one_try_brings_it_back(server, monkeypatch):
    server.behaviour = model_server.garbage
    for _ in range(3):
        with pytest.raises(ModelFailed):
            heard(server)
    with pytest.raises(ModelFailed) as failed:
        heard(server)
    assert (failed.value.code, len(server.requests)) == ("resting", 3)
    now = time.monotonic()
    monkeypatch.setattr("gateways.llm.time.monotonic", lambda: now + 31)
    server.behaviour = saying("Back")
    assert heard(server) == [Words("Back"), Usage(9, 9)]
    assert heard(server) == [Words("Back"), Usage(9, 9)]


def test_a_wrong_key_is_told_and_does_not_make_it_rest(server):
    server.behaviour = FAILURES["status 401"]
    for _ in range(4):
        with pytest.raises(ModelFailed) as failed:
            heard(server)
        assert failed.value.code == "refused"
