"""What happens very often is counted, and written down seldom."""

import pytest

from core import tallies
from core.tallies import Tally


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(tallies.time, "monotonic", lambda: now[0])
    return now


def test_the_first_is_written_at_once_and_then_what_came_together(clock):
    tally = Tally()
    assert [tally.add("tries") for _ in range(4)] == [1, 0, 0, 0]
    clock[0] += 4.9
    assert tally.add("tries") == 0
    clock[0] += 0.1
    assert tally.add("tries") == 5


def test_each_thing_is_counted_by_itself(clock):
    tally = Tally()
    assert [tally.add(key) for key in ("one", "two", "one")] == [1, 1, 0]
    assert tally.take_all() == {"one": 1}


def test_what_was_taken_counts_as_written(clock):
    tally = Tally()
    tally.add("tries")
    tally.add("tries")
    assert tally.take_all() == {"tries": 1}
    assert tally.take_all() == {}
    assert tally.add("tries") == 1


def test_the_memory_of_a_process_has_an_end(clock, monkeypatch):
    monkeypatch.setattr(tallies, "_MOST", 2)
    tally = Tally()
    for key in ("one", "two"):
        tally.add(key)
        tally.add(key)
    assert tally.add("three") == 0
    assert tally.take_all() == {"one": 1, "two": 1}
