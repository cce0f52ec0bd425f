import threading
import time

import pytest

from core import knowledge, warming
from core.knowledge import serving
from gateways import embeddings, mcp
from models import db
from models.connections import Connection, ConnectionKind, ConnectionTool
from tests.conftest import NOW, keep, make_agent, make_conversation
from tests.core.test_knowledge_index import WordCounter


@pytest.fixture
def embedder(monkeypatch):
    embedder = WordCounter()
    monkeypatch.setattr(embeddings, "load", lambda: embedder)
    return embedder


@pytest.fixture
def built(embedder, monkeypatch):
    """The agents whose index was built, each time that one is; nothing is at hand in the beginning."""
    built, build = [], serving._build

    def noted(engine, agent_id, **named):
        built.append(agent_id)
        return build(engine, agent_id, **named)

    monkeypatch.setattr(serving, "_build", noted)
    return built


def teach(agent, count=1):
    rows = [{"id": str(n), "question": f"Topic{n} word{n}?", "answer": f"Answer {n}."} for n in range(count)]
    knowledge.import_entries(agent, rows, by=None, now=NOW)


def restart(built, monkeypatch):
    built.clear()
    monkeypatch.setattr(serving, "_shelf", serving.Shelf())


def permit_a_tool(agent, *, is_on=True):
    of_both = {"workspace_id": agent.workspace_id, "created_at": NOW}
    row = keep(
        Connection(**of_both, agent_id=agent.id, kind=ConnectionKind.MCP, title="Shop", url="https://shop.example/mcp",
                   updated_at=NOW)
    )  # fmt: skip
    keep(
        ConnectionTool(**of_both, connection_id=row.id, name="orders", title="Orders", description="", input_schema={},
                       fingerprint="0", filled={}, is_on=is_on)
    )  # fmt: skip


def test_after_a_restart_nobody_waits_for_what_was_warmed(agent, built, monkeypatch):
    teach(agent)
    restart(built, monkeypatch)
    assert warming.warm() == 1
    assert built == [agent.id]
    assert knowledge.index_for(agent).search("topic0 word0").entry_id is not None
    assert built == [agent.id]


def test_a_question_that_comes_meanwhile_waits_for_the_same_index(app, agent, built, monkeypatch):
    teach(agent)
    restart(built, monkeypatch)
    has_begun, may_build = threading.Event(), threading.Event()
    read = serving.read

    def held_back(*arguments, **named):
        has_begun.set()
        assert may_build.wait(30)
        return read(*arguments, **named)

    monkeypatch.setattr(serving, "read", held_back)

    def warm():
        with app.app_context():
            warming.warm()
            db.session.remove()

    warmer = threading.Thread(target=warm)
    warmer.start()
    assert has_begun.wait(30)
    threading.Timer(0.1, may_build.set).start()
    assert len(knowledge.index_for(agent)) == 1
    warmer.join(30)
    assert built == [agent.id]


def test_who_was_talked_to_last_comes_first(workspace, agent, other_agent, built, monkeypatch):
    newest = make_agent(workspace, name="Newest")
    archived = make_agent(workspace, name="Archived")
    archived.archived_at = NOW
    db.session.commit()
    for each in (agent, other_agent, newest, archived):
        teach(each)
    for each in (other_agent, agent, archived):
        make_conversation(each)
        time.sleep(0.002)  # Identifiers tell milliseconds apart.
    restart(built, monkeypatch)
    assert warming.warm() == 3
    assert built == [agent.id, other_agent.id, newest.id]


def test_agents_and_entries_are_bounded(agent, other_agent, built, monkeypatch):
    teach(agent, 3)
    teach(other_agent, 2)
    monkeypatch.setattr(warming, "_MOST_ENTRIES", 4)
    restart(built, monkeypatch)
    make_conversation(agent)
    warming.warm()
    assert built == [agent.id]
    monkeypatch.setattr(warming, "_MOST_AGENTS", 0)
    restart(built, monkeypatch)
    assert warming.warm() == 0


def test_where_nobody_knows_anything_no_model_is_loaded(agent, monkeypatch):
    make_conversation(agent)
    monkeypatch.setattr(embeddings, "load", lambda: pytest.fail("loaded for nothing"))
    monkeypatch.setattr(mcp, "prepare", lambda: pytest.fail("imported for nothing"))
    permit_a_tool(agent, is_on=False)
    assert warming.warm() == 0


def test_tools_that_may_be_called_are_prepared_for(agent, monkeypatch):
    prepared = []
    monkeypatch.setattr(mcp, "prepare", lambda: prepared.append(1))
    permit_a_tool(agent)
    warming.warm()
    assert prepared == [1]


def test_it_ends_when_the_process_does_and_at_the_first_failure(agent, other_agent, built, monkeypatch):
    teach(agent)
    teach(other_agent)
    restart(built, monkeypatch)
    assert warming.warm(may_go_on=lambda: not built) == 1
    restart(built, monkeypatch)

    def fail(*arguments, **named):
        built.append("failed")
        raise OSError("gone")

    monkeypatch.setattr(serving, "_build", fail)
    with pytest.raises(OSError, match="gone"):
        warming.warm()
    assert built == ["failed"]


def test_no_transaction_is_held_meanwhile(agent, built, monkeypatch):
    teach(agent)
    restart(built, monkeypatch)
    held, read = [], serving.read

    def noted(*arguments, **named):
        held.append(db.session().in_transaction())
        return read(*arguments, **named)

    monkeypatch.setattr(serving, "read", noted)
    warming.warm()
    assert held == [False]
