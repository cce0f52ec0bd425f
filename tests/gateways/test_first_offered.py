"""Which model a server offers first: known for a while, looked at again, and kept while the server does not say."""

import pytest

from gateways import first_offered
from gateways.first_offered import FirstOffered
from gateways.model_streams import ModelFailed

SERVER = ("https://models.example/v1", "key")


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 1000.0

        def monotonic(self):
            return self.now

    made = Clock()
    monkeypatch.setattr(first_offered, "time", made)
    return made


@pytest.fixture
def looked():
    return []


@pytest.fixture
def ask(looked):
    first = FirstOffered()

    def ask(*offers):
        def look(seconds):
            looked.append(seconds)
            if not offers:
                raise ModelFailed("busy")
            return offers

        return first.name(SERVER, look, seconds=2.5)

    ask.forget = lambda: first.forget(SERVER)
    return ask


def test_it_is_looked_at_again_after_some_minutes(clock, ask, looked):
    assert ask("small", "large") == "small"
    clock.now += 599
    assert ask("large") == "small"
    clock.now += 2
    assert ask("large") == "large"
    assert looked == [2.5, 0.5], "somebody waits while it is looked at again"


def test_what_is_known_is_kept_while_the_server_does_not_say(clock, ask, looked):
    ask("small")
    clock.now += 601
    assert [ask(), ask()] == ["small", "small"]
    assert len(looked) == 2


def test_what_is_forgotten_is_looked_at_anew(clock, ask):
    with pytest.raises(ModelFailed):
        ask()
    ask("small")
    ask.forget()
    assert ask("large") == "large"
