"""Statements that go to the driver at once find, store, refuse and tell what the session's own would."""

import gc
import weakref
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import (
    BigInteger,
    Double,
    Numeric,
    bindparam,
    cast,
    event,
    func,
    insert,
    literal,
    select,
    union_all,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, PendingRollbackError

from core.clock import utc_now
from models import Prepared, columns_of, db, new_id, transaction
from models.agents import Agent, Event, EventKind
from models.conversations import Conversation
from models.prepared import connection
from models.teammates import Workspace
from tests.conftest import make_conversation

SAID_AT = datetime(2026, 11, 23, 15, 4, 5, 678, UTC)
EVENT = ("id", "workspace_id", "agent_id", "kind", "origin", "details", "created_at")
ADDING = Prepared(insert(Event).inline(), EVENT)
FINDING = Prepared(
    select(Event.id, Event.kind, Event.details, Event.created_at)
    .where(Event.agent_id == bindparam("agent_id"), Event.kind != bindparam("unsaid", EventKind.ERROR))
    .order_by(Event.created_at)
    .limit(2)
)
RENAMING = Prepared(update(Workspace).where(Workspace.id == bindparam("renamed")), ("name",))


def add(agent, **values):
    known = {
        "id": new_id(),
        "workspace_id": agent.workspace_id,
        "agent_id": agent.id,
        "kind": EventKind.MESSAGE,
        "origin": "https://example.com",
        "details": {"channel": "web", "words": ["ä", "日本"]},
        "created_at": SAID_AT,
    }
    ADDING.run(**known | values)


def test_every_kind_of_value_comes_back_as_it_was(agent):
    with transaction():
        add(agent)
        add(agent, kind=EventKind.ERROR)
    [(event_id, kind, details, created_at)] = FINDING.all(agent_id=agent.id)
    assert (kind, details, created_at) == (EventKind.MESSAGE, {"channel": "web", "words": ["ä", "日本"]}, SAID_AT)
    assert created_at.tzinfo is UTC
    assert db.session.get_one(Event, event_id).details == details


def test_a_moment_of_another_zone_is_the_same_moment(agent):
    with transaction():
        add(agent, created_at=SAID_AT.astimezone(timezone(timedelta(hours=9))))
    assert FINDING.all(agent_id=agent.id)[0][3] == SAID_AT


def test_what_the_statement_says_itself_counts(agent):
    with transaction():
        for seconds in (3, 1, 2):
            add(agent, created_at=SAID_AT + timedelta(seconds=seconds))
    found = [created_at.second for _id, _kind, _details, created_at in FINDING.all(agent_id=agent.id)]
    assert found == [6, 7]


def test_where_nothing_is_there_is_nothing(agent):
    assert FINDING.all(agent_id=new_id()) == []
    assert FINDING.first(agent_id=new_id()) is None
    assert FINDING.scalar(agent_id=new_id()) is None


def test_only_the_columns_that_were_named_are_changed(workspace, other_workspace):
    was = workspace.created_at
    with transaction():
        RENAMING.run(renamed=workspace.id, name="Loom & Lantern")
    db.session.expire_all()
    assert (workspace.name, workspace.created_at) == ("Loom & Lantern", was)
    assert other_workspace.name == "Somebody Else"


def test_what_is_refused_is_told_as_the_session_tells_it_and_without_the_values(agent):
    event_id = new_id()

    def add_twice():
        with transaction():
            add(agent, id=event_id)
            add(agent, id=event_id, origin="https://secret.example")

    with pytest.raises(IntegrityError) as refused:
        add_twice()
    assert "INSERT INTO events" in str(refused.value)
    assert "secret.example" not in str(refused.value.statement)
    assert refused.value.params is None
    assert FINDING.all(agent_id=agent.id) == []


def test_a_value_that_is_missing_is_no_null(agent):
    with pytest.raises(KeyError, match="renamed"):
        RENAMING.run(name="Loom & Lantern")


def test_whoever_listens_to_statements_is_told(agent):
    told = []

    def note(_connection, _cursor, statement, *_more):
        told.append(statement.split()[0])

    for moment in ("before_cursor_execute", "after_cursor_execute"):
        event.listen(db.engine, moment, note)
    try:
        with transaction():
            add(agent)
        FINDING.all(agent_id=agent.id)
    finally:
        for moment in ("before_cursor_execute", "after_cursor_execute"):
            event.remove(db.engine, moment, note)
    assert told == ["INSERT", "INSERT", "SELECT", "SELECT"]


def test_each_transaction_has_its_own_connection(agent):
    with transaction():
        first = connection()
        assert connection() is first is db.session.connection()
    with transaction():
        assert connection() is not first
        assert connection() is db.session.connection()


def test_nothing_is_done_in_a_transaction_that_has_failed(agent, workspace):
    agent_id, twice = agent.id, Workspace(id=workspace.id, name="Twice", created_at=utc_now())

    def go_on_all_the_same():
        with transaction():
            assert connection() is db.session.connection()
            db.session.expunge(workspace)
            db.session.add(twice)
            with pytest.raises(IntegrityError):
                db.session.flush()
            RENAMING.run(renamed=twice.id, name="Outside of any")

    with pytest.raises(PendingRollbackError):
        go_on_all_the_same()
    assert db.session.get(Workspace, twice.id).name == "Lantern & Loom"
    assert FINDING.all(agent_id=agent_id) == []


def test_all_columns_of_tables_side_by_side_are_read(agent):
    given = make_conversation(agent)
    both = Prepared(
        select(*columns_of(Conversation), *columns_of(Agent))
        .join(Agent, Agent.id == Conversation.agent_id)
        .where(Conversation.id == bindparam("id"))
    )
    found = both.first(id=given.id)
    assert found[: len(columns_of(Conversation))] == tuple(
        getattr(given, column.key) for column in columns_of(Conversation)
    )
    assert found[len(columns_of(Conversation)) :] == tuple(getattr(agent, column.key) for column in columns_of(Agent))


def test_what_is_done_in_a_savepoint_is_undone_with_it_alone(agent, workspace):
    with transaction():
        add(agent)
        nested = db.session.begin_nested()
        RENAMING.run(renamed=workspace.id, name="Never")
        nested.rollback()
        add(agent)
    db.session.expire_all()
    assert workspace.name == "Lantern & Loom"
    assert len(FINDING.all(agent_id=agent.id)) == 2


def test_a_session_goes_with_its_request(app):
    gc.disable()
    try:
        with app.app_context():
            with transaction():
                assert connection() is connection()
            session = weakref.ref(db.session())
        assert session() is None
    finally:
        gc.enable()


def test_numbers_are_read_as_the_session_reads_them(app):
    statement = select(
        cast(literal(1.5), Double), cast(literal(1.5), Numeric(10, 2)), literal(True), cast(func.nullif(1, 1), Double)
    )
    found, expected = Prepared(statement).first(), tuple(db.session.execute(statement).one())
    assert found == expected
    assert [type(value) for value in found] == [type(value) for value in expected]


def test_a_lost_connection_is_told_as_such_and_nobody_has_it_again(app, agent):
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no connection to lose.")
    agent_id = agent.id

    def lose():
        with transaction():
            with db.engine.connect() as other:
                other.execute(select(func.pg_terminate_backend(connection().scalar(select(func.pg_backend_pid())))))
            FINDING.all(agent_id=agent_id)

    with pytest.raises(OperationalError) as lost:
        lose()
    assert lost.value.connection_invalidated
    assert "FROM events" in str(lost.value)
    assert FINDING.all(agent_id=agent_id) == []


def test_after_a_lost_connection_nothing_is_done_until_the_transaction_is_given_up(app, agent):
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no connection to lose.")
    agent_id = agent.id
    connection().connection.dbapi_connection.close()
    with pytest.raises(OperationalError, match="FROM events"):
        FINDING.all(agent_id=agent_id)
    with pytest.raises(PendingRollbackError):
        FINDING.all(agent_id=agent_id)
    db.session.rollback()
    assert FINDING.all(agent_id=agent_id) == []


def test_what_goes_wrong_at_a_later_row_is_told_alike(app):
    rows = union_all(select(literal(1, BigInteger).label("size")), select(literal(-(2**63), BigInteger))).subquery()
    with pytest.raises(DBAPIError, match="SELECT abs"):
        Prepared(select(func.abs(rows.c.size))).all()
