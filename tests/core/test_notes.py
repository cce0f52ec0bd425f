import pytest
from sqlalchemy import func, select

from core import conversations, customer_exports, erasures, notes, occurrences
from core.errors import Forbidden, Invalid, NotFound
from core.occurrences import Kind
from models import db
from models.inbox import Mention, Note
from models.teammates import Role
from tests.conftest import NOW, make_conversation, make_teammate


@pytest.fixture
def sue(workspace):
    return make_teammate(workspace, "Sue", Role.SUPPORT)


@pytest.fixture
def ellen(workspace):
    return make_teammate(workspace, "Sue Ellen", Role.EDITOR)


@pytest.fixture
def told(monkeypatch):
    heard = []
    monkeypatch.setattr(occurrences, "_listeners", {})
    occurrences.listen("test", frozenset({Kind.NOTED}), heard.append)
    return heard


def mentioned(note):
    return set(db.session.scalars(select(Mention.teammate_id).where(Mention.note_id == note.id)))


def test_a_note_stands_below_what_was_said_last_and_changes_nothing_else(conversation, sue):
    conversations.ask(conversation, client_id="client-1", text="Where is my lamp?", now=NOW)
    state = conversation.state
    note = notes.add(conversation, text="Sent on Monday.", by=sue, now=NOW)
    assert (note.after_seq, conversation.last_seq, conversation.state) == (1, 1, state)
    assert [shown.text for shown in notes.of(conversation)] == ["Sent on Monday."]


def test_the_same_note_sent_twice_is_one(conversation, sue):
    first = notes.add(conversation, text="Once.", by=sue, now=NOW, client_id="note-1234")
    assert notes.add(conversation, text="Once.", by=sue, now=NOW, client_id="note-1234").id == first.id
    assert len(notes.of(conversation)) == 1


def test_who_is_called_is_told_once_by_the_longest_name_that_fits(conversation, sue, ellen, told):
    olga = make_teammate(sue.workspace, "Olga", Role.OWNER)
    note = notes.add(conversation, text="@sue ellen, look. Mail a@olga.example, not @Olgas.", by=olga, now=NOW)
    assert mentioned(note) == {ellen.id}
    assert told[0].details == {"note_id": str(note.id), "mentioned": [str(ellen.id)]}
    notes.change(note, text="@Sue Ellen and @Sue, look.", by=olga, now=NOW)
    assert mentioned(note) == {ellen.id, sue.id}
    assert told[1].details["mentioned"] == [str(sue.id)]
    notes.change(note, text="Nobody.", by=olga, now=NOW)
    assert not mentioned(note)
    assert len(told) == 2


def test_nobody_calls_themselves_or_somebody_of_another_workspace(conversation, sue, other_workspace):
    make_teammate(other_workspace, "Stan", Role.OWNER)
    assert not mentioned(notes.add(conversation, text="@Sue @Stan", by=sue, now=NOW))


def test_personal_data_is_masked_as_in_messages(conversation, sue):
    note = notes.add(conversation, text="Paid with 4111 1111 1111 1111.", by=sue, now=NOW)
    assert "4111" not in note.text
    notes.change(note, text="It was 4111 1111 1111 1111.", by=sue, now=NOW)
    assert "4111" not in note.text


def test_only_who_wrote_it_changes_or_deletes_it(conversation, sue, ellen):
    note = notes.add(conversation, text="Mine.", by=sue, now=NOW)
    with pytest.raises(Forbidden):
        notes.change(note, text="Not yours.", by=ellen, now=NOW)
    with pytest.raises(Forbidden):
        notes.remove(note, by=ellen)
    notes.remove(note, by=sue)
    assert not notes.of(conversation)


@pytest.mark.parametrize("text", ["", "  \n", "x" * (notes.LIMIT + 1)])
def test_an_empty_or_endless_note_is_refused(conversation, sue, text):
    with pytest.raises(Invalid):
        notes.add(conversation, text=text, by=sue, now=NOW)


def test_a_note_of_another_conversation_is_not_found(agent, conversation, sue):
    note = notes.add(conversation, text="Here.", by=sue, now=NOW)
    with pytest.raises(NotFound):
        notes.find(make_conversation(agent), note.id)


def test_names_are_offered_by_their_beginnings(workspace, sue, ellen):
    assert notes.who_can_be_called(workspace, "su") == [sue, ellen]
    assert notes.who_can_be_called(workspace, "ELL") == [ellen]
    assert not notes.who_can_be_called(workspace, "x")


def test_a_note_goes_with_its_customer(conversation, sue, ellen):
    notes.add(conversation, text="@Sue Ellen: is angry.", by=sue, now=NOW)
    erasures.erase(conversation.customer, by=sue, now=NOW)
    assert db.session.scalar(select(func.count()).select_from(Note)) == 0
    assert db.session.scalar(select(func.count()).select_from(Mention)) == 0


def test_the_workspace_can_hand_a_note_out_and_the_customer_never_sees_it(conversation, sue):
    notes.add(conversation, text="A difficult one.", by=sue, now=NOW)
    customer = conversation.customer
    assert "A difficult one." not in str(customer_exports.own(customer, now=NOW))
    assert "A difficult one." in str(customer_exports.whole(customer, now=NOW)["notes"])
