"""Values that are kept for a few seconds."""

import uuid

import pytest

from core import recent_values
from core.recent_values import RecentValues

SHOP, OTHER = uuid.uuid4(), uuid.uuid4()


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(recent_values.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def asked():
    return []


@pytest.fixture
def values(asked):
    def read(owner_id):
        asked.append(owner_id)
        return len(asked)

    return RecentValues(read)


def test_a_value_is_read_once_and_each_owner_has_their_own(values, asked, clock):
    assert [values.of(SHOP), values.of(SHOP), values.of(OTHER)] == [1, 1, 2]
    assert asked == [SHOP, OTHER]


def test_after_five_seconds_it_is_read_again(values, clock):
    values.of(SHOP)
    clock[0] += 4.9
    assert values.of(SHOP) == 1
    clock[0] += 0.1
    assert values.of(SHOP) == 2


def test_a_changed_one_is_read_again_at_once(values, clock):
    values.of(SHOP)
    values.of(OTHER)
    values.forget(SHOP)
    values.forget(SHOP)
    assert [values.of(SHOP), values.of(OTHER)] == [3, 2]


def test_the_memory_of_a_process_has_an_end(values, asked, clock, monkeypatch):
    monkeypatch.setattr(recent_values, "_MOST_KEPT", 2)
    for owner in (SHOP, OTHER, uuid.uuid4(), SHOP):
        values.of(owner)
    assert len(asked) == 4


def test_a_reading_that_fails_is_tried_again(clock):
    there = {}
    values = RecentValues(there.__getitem__)
    with pytest.raises(KeyError):
        values.of(SHOP)
    there[SHOP] = "there"
    assert values.of(SHOP) == "there"


def test_what_is_changed_while_it_is_read_is_not_kept(clock):
    there = {SHOP: "before"}

    def read(owner_id):
        found = there[owner_id]
        if found == "before":
            # As another thread does that saves it in this very moment.
            there[owner_id] = "after"
            values.forget(owner_id)
        return found

    values = RecentValues(read)
    assert [values.of(SHOP), values.of(SHOP)] == ["before", "after"]
