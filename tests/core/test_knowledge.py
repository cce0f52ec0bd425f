import json
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import exports, knowledge
from core.errors import Conflict, Invalid, NotFound
from models import db
from models.jobs import Job
from models.knowledge import Entry, Source, SourceKind, SourcePage
from tests.conftest import NOW, keep, make_agent

LATER = NOW + timedelta(minutes=5)


def teach(agent, question="Where is my parcel?", answer="On its way.", phrasings=(), **more):
    return knowledge.add(agent, question=question, answer=answer, phrasings=phrasings, by=None, now=NOW, **more)


def questions(agent, **which):
    return [entry.question for entry in knowledge.listed(agent, **which).entries]


def test_a_question_is_kept_as_it_would_be_shown(agent):
    entry = teach(agent, "  Where is \n my parcel? ", " On\r\n\r\n*its way* ", ["Track  it", "track it", "", "Lost?"])
    assert entry.question == "Where is my parcel?"
    assert entry.answer == "On\n\n*its way*"
    assert [phrasing.text for phrasing in entry.phrasings] == ["Track it", "Lost?"]


def test_the_question_itself_is_no_other_way_to_ask(agent):
    assert teach(agent, "Lost?", phrasings=["lost?"]).phrasings == []


def test_characters_that_no_database_takes_are_left_out(agent):
    entry = teach(agent, "A\x00B\ud800", "C\x00\x07D")
    assert (entry.question, entry.answer) == ("AB\ufffd", "CD")


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ({"question": " "}, "The question is empty."),
        ({"question": "q" * 301}, "The question is longer than 300 characters."),
        ({"answer": "\n"}, "The answer is empty."),
        ({"answer": "a" * 10_001}, "The answer is longer than 10,000 characters."),
        ({"phrasings": [f"way {n}" for n in range(51)]}, "There are 51 other ways to ask, more than 50."),
        ({"phrasings": ["p" * 301]}, "Another way to ask is longer than 300 characters."),
    ],
)
def test_texts_that_are_missing_or_too_long_are_refused(agent, texts, words):
    with pytest.raises(Invalid, match=words):
        teach(agent, **texts)
    assert knowledge.count_live(agent) == 0


def test_texts_of_just_the_longest_size_are_taken(agent):
    teach(agent, "q" * 300, "a" * 10_000, [f"{n} {'p' * 297}" for n in range(50)])
    assert knowledge.count_live(agent) == 1


def test_there_is_an_end_to_what_one_agent_can_hold(agent, monkeypatch):
    monkeypatch.setattr("core.knowledge.entries.MOST_ENTRIES", 1)
    teach(agent)
    with pytest.raises(Invalid, match="can hold 1 questions"):
        teach(agent, "One more?")
    assert knowledge.count_live(agent) == 1


def test_each_change_is_counted_and_learned(agent):
    counts = [agent.knowledge_revision]
    entry = teach(agent)
    counts.append(agent.knowledge_revision)
    knowledge.change(agent, entry, question="Q", answer="A", phrasings=["P"], by=None, now=LATER)
    counts.append(agent.knowledge_revision)
    knowledge.archive(agent, entry, by=None, now=LATER)
    counts.append(agent.knowledge_revision)
    knowledge.restore(agent, entry, by=None, now=LATER)
    counts.append(agent.knowledge_revision)
    assert counts == sorted(set(counts))
    assert db.session.scalar(select(func.count()).select_from(Job).where(Job.kind == "index")) == 3


def test_the_newest_question_stands_on_top(agent):
    for question in ("First?", "Second?", "Third?"):
        teach(agent, question)
    assert questions(agent) == ["Third?", "Second?", "First?"]


def test_a_change_replaces_all_texts(agent):
    entry = teach(agent, phrasings=["One", "Two"])
    knowledge.change(agent, entry, question="Q", answer="A", phrasings=["Two", "Three"], by=None, now=LATER)
    db.session.expire_all()
    found = db.session.get(Entry, entry.id)
    assert (found.question, found.answer, found.updated_at) == ("Q", "A", LATER)
    assert [phrasing.text for phrasing in found.phrasings] == ["Two", "Three"]


def test_two_people_do_not_overwrite_each_other_silently(agent):
    entry = teach(agent)
    seen = entry.updated_at
    knowledge.change(agent, entry, question="Mine", answer="A", phrasings=[], by=None, now=LATER, seen=seen)
    with pytest.raises(Conflict, match="Somebody has changed this question"):
        knowledge.change(agent, entry, question="Theirs", answer="A", phrasings=[], by=None, now=LATER, seen=seen)
    assert questions(agent) == ["Mine"]


def test_an_archived_question_is_away_and_comes_back_to_its_place(agent):
    teach(agent, "Last?")
    middle = teach(agent, "Middle?")
    teach(agent, "First?")
    knowledge.archive(agent, middle, by=None, now=LATER)
    assert questions(agent) == ["First?", "Last?"]
    assert questions(agent, archived=True) == ["Middle?"]
    assert (knowledge.count_live(agent), knowledge.count_archived(agent)) == (2, 1)
    knowledge.restore(agent, middle, by=None, now=LATER)
    assert questions(agent) == ["First?", "Middle?", "Last?"]


@pytest.mark.parametrize("search", ["PARCEL", "parcel way", "tracking", "100%", "büro", "BÜRO", "a_b"])
def test_search_finds_words_in_question_answer_and_phrasings(agent, search):
    teach(agent, "Where is my Parcel?", "On its way, 100% sure. a_b", ["Tracking", "Ein Büro"])
    teach(agent, "Do you gift-wrap?", "Yes, axb.")
    assert questions(agent, search=search) == ["Where is my Parcel?"]


def test_search_signs_are_only_signs(agent):
    teach(agent)
    assert questions(agent, search="%") == []
    assert questions(agent, search="_____") == []


def test_pages_hold_25_and_end_where_the_list_ends(agent):
    for number in range(27):
        teach(agent, f"Question {number}?")
    first, second, beyond = (knowledge.listed(agent, page=number) for number in (1, 2, 99))
    assert (len(first.entries), first.total, first.pages) == (25, 27, 2)
    assert [entry.question for entry in second.entries] == ["Question 1?", "Question 0?"]
    assert beyond.number == 2
    assert knowledge.page_of(first.entries[24]) == 1
    assert knowledge.page_of(second.entries[0]) == 2


def test_a_strangers_entry_is_not_found(workspace, agent, other_workspace, other_agent):
    sibling = make_agent(workspace, name="Sibling")
    entry = teach(agent)
    assert knowledge.find(workspace, agent, entry.id) is entry
    for where in ((workspace, sibling), (other_workspace, other_agent), (other_workspace, agent)):
        with pytest.raises(NotFound):
            knowledge.find(*where, entry.id)
    with pytest.raises(NotFound):
        knowledge.find(workspace, agent, uuid.uuid4())


def test_entries_are_found_in_the_order_of_their_ids_and_only_of_this_agent(agent, other_agent):
    one, two, theirs = teach(agent, "One?"), teach(agent, "Two?"), teach(other_agent, "Theirs?")
    assert knowledge.find_many(agent, [two.id, theirs.id, one.id]) == [two, one]


def test_external_ids_name_entries_as_the_file_did(agent):
    named, unnamed = teach(agent, "One?", external_id="a-1"), teach(agent, "Two?")
    assert knowledge.external_ids(agent) == {str(named.id): "a-1", str(unnamed.id): str(unnamed.id)}


def test_entries_move_before_and_after_others(agent):
    c, b, a = (teach(agent, question) for question in ("c", "b", "a"))
    knowledge.move(agent, c, before=a)
    assert questions(agent) == ["c", "a", "b"]
    knowledge.move(agent, c, after=a)
    assert questions(agent) == ["a", "c", "b"]
    knowledge.move(agent, a, after=b)
    assert questions(agent) == ["c", "b", "a"]
    knowledge.move(agent, a, after=a)
    assert questions(agent) == ["c", "b", "a"]


def test_entries_move_one_step_past_archived_ones_and_stop_at_the_ends(agent):
    entry = {question: teach(agent, question) for question in "dcba"}
    knowledge.archive(agent, entry["b"], by=None, now=LATER)
    knowledge.move_down(agent, entry["a"])
    assert questions(agent) == ["c", "a", "d"]
    knowledge.move_up(agent, entry["a"])
    knowledge.move_up(agent, entry["a"])
    assert questions(agent) == ["a", "c", "d"]
    knowledge.move_down(agent, entry["d"])
    assert questions(agent) == ["a", "c", "d"]


def test_moving_goes_on_when_there_is_no_room_left_between_two(agent):
    for question in "edcba":
        keep(
            Entry(
                workspace_id=agent.workspace_id,
                agent_id=agent.id,
                question=question,
                answer=".",
                position=0,
                created_at=NOW,
                updated_at=NOW,
            )
        )
    e, d, c, b, a = knowledge.listed(agent).entries
    knowledge.move(agent, a, before=d)
    knowledge.move(agent, b, before=d)
    assert questions(agent) == ["e", "a", "b", "d", "c"]
    for _ in range(15):
        knowledge.move(agent, a, before=d)
        knowledge.move(agent, b, before=d)
    assert questions(agent) == ["e", "a", "b", "d", "c"]
    assert c.position > d.position > e.position


def test_moving_needs_one_place_of_the_same_agent(agent, other_agent):
    entry, theirs = teach(agent), teach(other_agent)
    for place in ({}, {"before": entry, "after": entry}, {"before": theirs}):
        with pytest.raises(Invalid):
            knowledge.move(agent, entry, **place)


def of_page(agent):
    """An entry that was read in a source."""
    source = keep(
        Source(
            workspace_id=agent.workspace_id,
            agent_id=agent.id,
            kind=SourceKind.TEXT,
            title="Notes",
            settings={},
            created_at=NOW,
        )
    )
    page = keep(SourcePage(workspace_id=agent.workspace_id, source_id=source.id, address_hash="0", excluded_parts=[]))
    entry = teach(agent, "Read?", "Yes.")
    entry.page_id = page.id
    return keep(entry)


def test_what_was_read_in_a_source_is_told_apart_from_what_was_written(agent):
    of_page(agent)
    teach(agent, "Written?")
    assert questions(agent, only_written=True) == ["Written?"]
    assert questions(agent) == ["Written?", "Read?"]
    assert (knowledge.count_live(agent), knowledge.count_written(agent)) == (2, 1)
    assert [row["question"] for row in json.loads(exports.as_json(agent))] == ["Written?"]


def test_the_words_of_a_source_can_only_be_changed_there(agent):
    entry = of_page(agent)
    with pytest.raises(Conflict, match="only be changed there"):
        knowledge.change(agent, entry, question="Read?", answer="No.", phrasings=(), by=None, now=LATER)
    for put_away in (knowledge.archive, knowledge.restore):
        with pytest.raises(Conflict, match="on the page of that source"):
            put_away(agent, entry, by=None, now=LATER)


def test_other_ways_to_ask_for_what_was_read_can_be_added(agent):
    entry = of_page(agent)
    knowledge.change(agent, entry, question="Read?", answer="Yes.", phrasings=("Seen?",), by=None, now=LATER)
    assert [phrasing.text for phrasing in entry.phrasings] == ["Seen?"]
