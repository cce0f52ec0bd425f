"""How long the inbox takes when there are many conversations: its views, its filters, its search and its counts.

    python -m benchmarks.inbox [--conversations 100000] [--only sqlite] [--rounds 9]

Each conversation has a few messages of words that are as often as in a language; one in fifty waits for a person, one
in fifty is with one, one in five is with the agent. Medians on SQLite and on a PostgreSQL of this run's own, and what
SQLite and PostgreSQL say is the longest; everything is thrown away at the end.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import insert, text

from app import create_app
from benchmarks.customers import databases
from config.settings import Settings
from core import conversations, erasures, inboxes
from core.inboxes import Filters, View
from models import db, new_id
from models.agents import Agent
from models.conversations import Conversation, Message, Priority, Sender, State
from models.customers import Customer, Standing, folded
from models.inbox import ConversationTag, Tag
from models.search_texts import SearchText, search_words
from models.teammates import Role, Teammate, Workspace

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
AT_ONCE = 2_000
COMMON = ("the", "my", "order", "lamp", "please", "when", "where", "is", "it", "late", "refund", "hello", "with", "you")
RARE = [first + second + third for first in "bdfglmprst" for second in "aeiou" for third in ("nk", "rl", "st", "mpo")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=9)
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
                print(f"\n{kind}", flush=True)
                measure(create_app(settings), options.conversations, options.rounds)


def measure(app: Flask, number: int, rounds: int) -> None:
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            # Nothing here outlives the run.
            db.session.execute(text("SET synchronous_commit = off"))
        db.create_all()
        workspace, agent, reader = make_people()
        tag = fill(workspace, agent, reader, number)
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("ANALYZE")
        for name, act in acts(workspace, reader, tag):
            tell(name, act, rounds)
        tell("a message stored", lambda: say(agent, workspace), rounds)
        # Each erases another.
        tell("a customer erased", lambda: erasures.erase(db.session.query(Customer).first(), by=None, now=NOW), 3)  # type: ignore[arg-type]
        db.session.remove()


def acts(workspace: Workspace, reader: Teammate, tag: Tag) -> Iterator[tuple[str, Callable[[], Any]]]:
    def page(view: View = View.ALL, before: str | None = None, limit: int = 30, **wanted: Any) -> inboxes.Page:
        return inboxes.page(
            workspace, view, reader=reader, now=NOW, filters=Filters(**wanted), before=before, limit=limit
        )

    for view in View:
        yield f"view {view.value}", lambda view=view: page(view)
    far = page(View.ALL, limit=300)
    for _ in range(10):
        far = page(View.ALL, before=far.before, limit=300)
    yield "a page after 3,300 others", lambda: page(before=far.before)
    yield "200 rows of waiting", lambda: page(View.WAITING, limit=200)
    yield "counts of all views", lambda: inboxes.counts(workspace, reader)
    yield "count for the menu", lambda: inboxes.waiting_count(workspace)
    yield "filter: unread", lambda: page(unread=True)
    yield "filter: tag of 100", lambda: page(tag=tag.id)
    yield "filter: urgent, 1 in 1,000", lambda: page(priority=Priority.URGENT)
    yield "filter: mood of nobody", lambda: page(mood="upset")
    yield "filter: language, last 30 days", lambda: page(language="de", days=30)
    yield "search: a word in most", lambda: page(search="order")
    yield "search: two words in many", lambda: page(search="lamp refund")
    yield "search: a word in 1 of 200", lambda: page(search="bank")
    yield "search: a beginning", lambda: page(search="lam")
    yield "search: a word in one", lambda: page(search="xylophone")
    yield "search: a word in none", lambda: page(search="zzzzz")
    yield "search: a name", lambda: page(search="Customer 4711")


def say(agent: Agent, workspace: Workspace) -> None:
    conversation = db.session.query(Conversation).filter_by(workspace_id=workspace.id).first()
    assert conversation is not None
    conversations.ask(conversation, client_id=new_id().hex, text=" ".join(sentence(random.Random(1))), now=NOW)


def tell(name: str, act: Callable[[], Any], rounds: int) -> None:
    taken = []
    for _ in range(rounds):
        db.session.rollback()
        db.session.expire_all()
        begun = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begun) * 1000)
    print(f"| {name} | {statistics.median(taken):.1f} ms | {max(taken):.1f} ms |", flush=True)


def make_people() -> tuple[Workspace, Agent, Teammate]:
    workspace = Workspace(id=new_id(), name="Big", created_at=NOW)
    agent = Agent(id=new_id(), workspace_id=workspace.id, name="Lumi", created_at=NOW)
    reader = Teammate(
        id=new_id(),
        workspace_id=workspace.id,
        name="Rhea",
        email="rhea@big.example",
        role=Role.SUPPORT,
        password_hash="unusable",
        created_at=NOW,
    )
    for row in (workspace, agent, reader):
        db.session.add(row)
        db.session.commit()
    return workspace, agent, reader


def fill(workspace: Workspace, agent: Agent, reader: Teammate, number: int) -> Tag:
    chance, begun = random.Random(7), time.perf_counter()
    tag = Tag(id=new_id(), workspace_id=workspace.id, name="refund", colour="red", created_at=NOW)
    db.session.add(tag)
    db.session.commit()
    for first in range(0, number, AT_ONCE):
        rows: dict[Any, list[dict[str, Any]]] = {
            table: [] for table in (Customer, Conversation, Message, SearchText, ConversationTag)
        }
        for place in range(first, min(first + AT_ONCE, number)):
            add_one(rows, workspace, agent, reader, tag, place, number, chance)
        for table, values in rows.items():
            if values:
                db.session.execute(insert(table), values)
        db.session.commit()
    print(f"filled in {time.perf_counter() - begun:.0f} s", flush=True)
    return tag


def add_one(
    rows: dict[Any, list[dict[str, Any]]],
    workspace: Workspace,
    agent: Agent,
    reader: Teammate,
    tag: Tag,
    place: int,
    number: int,
    chance: random.Random,
) -> None:
    at = NOW - timedelta(minutes=5 * (number - place))
    customer_id, conversation_id, name = new_id(), new_id(), f"Customer {place}"
    rows[Customer].append(
        {
            "id": customer_id,
            "workspace_id": workspace.id,
            "standing": Standing.IDENTIFIED,
            "name": name,
            "attributes": {},
            "told": {},
            "search_text": folded(name),
            "created_at": at,
            "last_seen_at": at,
        }
    )
    state = chance.choices((State.WAITING, State.PERSON, State.AGENT, State.RESOLVED), (2, 2, 20, 76))[0]
    is_mine = state is State.PERSON and chance.random() < 0.1
    rows[Conversation].append(
        {
            "id": conversation_id,
            "workspace_id": workspace.id,
            "agent_id": agent.id,
            "customer_id": customer_id,
            "channel": "web",
            "state": state,
            "last_seq": 4,
            "origin": "https://big.example",
            "language": chance.choice(("en", "de", "fr")),
            "created_at": at,
            "last_message_at": at,
            "waiting_since": at if state is State.WAITING else None,
            "teammate_id": reader.id if is_mine else None,
            "priority": Priority.URGENT if place % 1000 == 0 else Priority.NORMAL,
            "snoozed_until": NOW + timedelta(hours=1) if place % 2000 == 1 else None,
        }
    )
    if place % (number // 100 or 1) == 0:
        rows[ConversationTag].append(
            {"conversation_id": conversation_id, "tag_id": tag.id, "workspace_id": workspace.id, "created_at": at}
        )
    for seq in range(1, 5):
        message_id, said = new_id(), " ".join(sentence(chance))
        if place == number // 2 and seq == 1:
            said += " xylophone"
        rows[Message].append(
            {
                "id": message_id,
                "workspace_id": workspace.id,
                "conversation_id": conversation_id,
                "seq": seq,
                "sender": Sender.CUSTOMER if seq % 2 else Sender.AGENT,
                "text": said,
                "details": {},
                "created_at": at,
            }
        )
        rows[SearchText].append(
            {
                "workspace_id": workspace.id,
                "conversation_id": conversation_id,
                "message_id": message_id,
                "words": search_words(said),
            }
        )


def sentence(chance: random.Random) -> list[str]:
    """A dozen words: mostly common ones, and three of two hundred."""
    return [*chance.choices(COMMON, k=9), *chance.choices(RARE, k=1), *(f"n{chance.randrange(100_000)}",)]


if __name__ == "__main__":
    main()
