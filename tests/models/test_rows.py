"""Rows that are stored and read by their connection are known to the session as if it had done that itself."""

import pytest
from sqlalchemy import event, select

from core.clock import utc_now
from models import columns_of, copied, db, new_id, note_read, row_of, store_row, transaction
from models.conversations import Conversation, Message, Sender, State
from models.search_texts import SearchText
from models.teammates import Role
from tests.conftest import make_conversation, make_teammate


@pytest.fixture
def conversation(app, agent):
    return make_conversation(agent)


def message_of(conversation):
    return Message(
        id=new_id(),
        workspace_id=conversation.workspace_id,
        conversation_id=conversation.id,
        seq=7,
        sender=Sender.CUSTOMER,
        text="Hello there",
        details={},
        created_at=utc_now(),
    )


def test_a_stored_row_is_there_and_the_session_does_not_store_it_again(conversation):
    with transaction():
        message = message_of(conversation)
        store_row(message)
        assert db.session.get(Message, message.id) is message
        assert message not in db.session.new
        assert not db.session.is_modified(message)
    db.session.expunge_all()
    found = db.session.get(Message, message.id)
    assert (found.text, found.client_id, found.teammate) == ("Hello there", None, None)


def test_whoever_listens_to_added_rows_is_told(conversation):
    with transaction():
        message = message_of(conversation)
        store_row(message)
    words = db.session.scalars(select(SearchText.words).where(SearchText.message_id == message.id)).one()
    assert "hello" in words.split()


def test_what_is_changed_afterwards_is_stored_by_the_session(conversation):
    with transaction():
        message = message_of(conversation)
        store_row(message)
        message.text = "Good evening"
    db.session.expunge_all()
    assert db.session.get(Message, message.id).text == "Good evening"


def test_what_a_row_refers_to_is_stored_before_it(agent, conversation):
    with transaction():
        fresh = Conversation(
            id=new_id(),
            workspace_id=agent.workspace_id,
            agent_id=agent.id,
            customer_id=conversation.customer_id,
            created_at=utc_now(),
        )
        db.session.add(fresh)
        message = message_of(fresh)
        store_row(message)
    assert db.session.get(Message, message.id).conversation_id == fresh.id


def test_a_transaction_that_fails_stores_nothing(conversation):
    message = message_of(conversation)
    message_id = message.id

    def store_and_fail():
        with transaction():
            store_row(message)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        store_and_fail()
    assert db.session.get(Message, message_id) is None


def read(conversation):
    return db.session.connection().execute(select(*columns_of(Conversation)).where(Conversation.id == conversation.id))


def test_a_row_is_known_as_it_was_read(conversation, workspace):
    sue = make_teammate(workspace, "Sue", Role.SUPPORT)
    assert conversation.teammate is None
    changed = {"language": "de", "teammate_id": sue.id}
    db.session.connection().execute(
        Conversation.__table__.update().where(Conversation.id == conversation.id).values(**changed)
    )
    note_read(conversation, read(conversation).one())
    assert (conversation.language, conversation.teammate.id) == ("de", sue.id)
    assert conversation not in db.session.dirty
    db.session.rollback()


def test_a_row_that_has_not_changed_keeps_what_was_loaded_with_it(conversation):
    customer, statements = conversation.customer, []
    found = read(conversation).one()

    def note(_connection, _cursor, statement, *_more):
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        note_read(conversation, found)
        assert conversation.customer is customer
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert statements == []


def test_a_row_that_was_read_is_known_to_the_session_as_if_it_had_read_it(conversation, workspace):
    sue = make_teammate(workspace, "Sue", Role.SUPPORT)
    conversation.teammate = sue
    db.session.commit()
    found = tuple(read(conversation).one())
    db.session.expunge_all()
    row = row_of(Conversation, found)
    assert db.session.get(Conversation, conversation.id) is row
    assert not db.session.is_modified(row)
    assert (row.id, row.state, row.created_at) == (conversation.id, conversation.state, conversation.created_at)
    assert (row.teammate.id, row.customer.id) == (sue.id, conversation.customer_id)
    row.language = "ja"
    db.session.commit()
    db.session.expunge_all()
    assert db.session.get(Conversation, conversation.id).language == "ja"


def test_a_row_that_the_session_knows_already_is_brought_up_to_date(conversation):
    found = list(read(conversation).one())
    found[[column.key for column in columns_of(Conversation)].index("language")] = "pl"
    assert row_of(Conversation, found) is conversation
    assert conversation.language == "pl"


def test_a_copy_belongs_to_the_session_that_asks_for_it(conversation):
    db.session.expunge_all()
    row = copied(conversation)
    assert row is not conversation
    assert row in db.session
    assert (row.id, row.state, row.customer.id) == (conversation.id, conversation.state, conversation.customer_id)


def test_what_the_other_session_does_not_know_any_more_is_read_again(conversation):
    db.session.commit()
    db.session.expire(conversation, ["language", "state"])
    db.session.expunge_all()
    row = copied(conversation)
    assert row.state is State.AGENT
