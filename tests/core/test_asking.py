"""Models are asked one after another, and nobody waits long for one that says nothing."""

import time
from contextlib import ExitStack

import pytest

from core import asking
from core.language_models import Endpoint
from core.traces import Trace
from gateways import llm
from gateways.llm import Model
from tests import model_server
from tests.model_server import FAILURES, saying, serving

MESSAGES = [{"role": "user", "content": "When do you ship?"}]


@pytest.fixture
def servers(monkeypatch):
    """Two models; the second one answers."""
    llm.breaker.clear()
    with ExitStack() as stack:
        first, second = (stack.enter_context(serving()) for _ in range(2))
        second.behaviour = saying("On ", "Mondays.")
        yield first, second
    llm.breaker.clear()


def endpoint(server, title, **changes):
    return Endpoint(title, Model(server.base_url, "small", may_be_private=True), **changes)


def asked(*endpoints, waited=0.0):
    trace, heard = Trace(), []
    started = time.monotonic()
    answer = asking.ask(endpoints, MESSAGES, tools=(), hear=heard.append, trace=trace, waited=waited)
    return answer, trace, time.monotonic() - started, heard


def outcomes(trace):
    return [(attempt.model, attempt.failure) for attempt in trace.attempts]


@pytest.mark.parametrize("failure", ["hangs", "status 429", "status 500", "garbage", "a token of 10 MB", "a page"])
def test_when_the_first_fails_the_second_answers(servers, failure):
    first, second = servers
    first.behaviour = FAILURES[failure]
    answer, trace, seconds, heard = asked(endpoint(first, "First"), endpoint(second, "Second"))
    assert answer.text == "On Mondays."
    assert heard[-1] == "On Mondays."
    assert outcomes(trace)[-1] == ("Second", None)
    assert seconds < 2


def test_half_an_answer_is_begun_anew_by_the_next(servers):
    first, second = servers
    first.behaviour = model_server.half_a_stream
    answer, trace, _seconds, heard = asked(endpoint(first, "First"), endpoint(second, "Second"))
    assert answer.text == "On Mondays."
    assert heard == ["We ship on ", "On ", "On Mondays."]
    assert outcomes(trace) == [("First", "cut_off"), ("Second", None)]
    assert trace.attempts[0].is_estimated
    assert trace.attempts[0].output_tokens == 3


def test_when_all_hang_it_is_over_within_three_seconds(servers):
    for server in servers:
        server.behaviour = model_server.hang
    answer, trace, seconds, _heard = asked(endpoint(servers[0], "First"), endpoint(servers[1], "Second"))
    assert answer is None
    assert outcomes(trace) == [("First", "too_slow"), ("Second", "too_slow")]
    assert seconds < 3


def test_one_that_hangs_alone_is_over_within_two_seconds(servers):
    servers[0].behaviour = model_server.hang
    answer, _trace, seconds, _heard = asked(endpoint(servers[0], "First"))
    assert answer is None
    assert seconds < 2


def test_one_that_falls_silent_alone_is_over_within_two_seconds(servers):
    servers[0].behaviour = model_server.hang_after_words
    answer, trace, seconds, heard = asked(endpoint(servers[0], "First"))
    assert answer is None
    assert heard == ["We ship on "]
    assert outcomes(trace) == [("First", "too_slow")]
    assert seconds < 2


def test_a_passing_failure_is_tried_again(servers):
    first, _second = servers

    def once(call):
        first.behaviour = saying("Here I am.")
        FAILURES["status 500"](call)

    first.behaviour = once
    answer, trace, _seconds, _heard = asked(endpoint(first, "First"))
    assert answer.text == "Here I am."
    assert outcomes(trace) == [("First", "busy"), ("First", None)]


def test_a_wrong_key_is_not_tried_again(servers):
    servers[0].behaviour = FAILURES["status 401"]
    _answer, trace, _seconds, _heard = asked(endpoint(servers[0], "First"))
    assert outcomes(trace) == [("First", "refused")]


def test_one_that_failed_again_and_again_is_left_alone(servers):
    first, second = servers
    first.behaviour = FAILURES["garbage"]
    for _ in range(3):
        asked(endpoint(first, "First"))
    answer, trace, _seconds, _heard = asked(endpoint(first, "First"), endpoint(second, "Second"))
    assert answer.text == "On Mondays."
    assert outcomes(trace) == [("Second", None)]
    assert len(first.requests) == 3


def test_a_slow_one_gets_the_patience_that_its_admin_chose(servers, monkeypatch):
    monkeypatch.setattr(asking, "_USUAL_PATIENCE", 0.2)
    first, _second = servers

    def slowly(call):
        call.wait(0.5)
        saying("At last.")(call)

    first.behaviour = slowly
    assert asked(endpoint(first, "First"))[0] is None
    llm.breaker.clear()
    assert asked(endpoint(first, "First", patience=3))[0].text == "At last."


@pytest.mark.parametrize(("waited", "left"), [(0.0, 0.9), (0.2, 0.7), (60.0, 0.6)])
def test_the_time_runs_from_the_question_and_most_of_it_is_the_models(servers, monkeypatch, waited, left):
    patience = []

    def silent(_model, _messages, *, waits, **_how):
        patience.append(waits.first_word)
        raise llm.ModelFailed("too_slow")

    monkeypatch.setattr(asking, "_USUAL_PATIENCE", 0.9)
    monkeypatch.setattr(llm, "stream", silent)
    assert asked(endpoint(servers[0], "First"), waited=waited)[0] is None
    assert patience == [pytest.approx(left)]
    # Who was given seconds of their own keeps them.
    assert asked(endpoint(servers[0], "First", patience=3), waited=waited)[0] is None
    assert patience[1] == 3


def test_tokens_are_as_the_server_counts_them_and_cost_what_they_cost(servers):
    _answer, trace, _seconds, _heard = asked(endpoint(servers[1], "Second", input_price=10**6, output_price=2 * 10**6))
    [attempt] = trace.attempts
    assert (attempt.input_tokens, attempt.output_tokens, attempt.is_estimated) == (9, 9, False)
    assert attempt.cost == 27
    assert attempt.first_word is not None
