from datetime import timedelta

import pytest

from core import knowledge
from core.errors import Conflict, Invalid
from core.knowledge import Action
from core.knowledge.bulk import carry_out
from core.knowledge.rows import Row, read_rows
from models import db
from tests.conftest import NOW

LATER = NOW + timedelta(minutes=5)


def row(number, **changes):
    return {"id": f"q{number}", "question": f"Question {number}?", "answer": f"Answer {number}."} | changes


def take(agent, rows):
    return knowledge.import_entries(agent, rows, by=None, now=NOW)


def actions(agent, rows):
    return [planned.action for planned in knowledge.plan_import(agent, read_rows(rows)).rows]


def texts(agent):
    return [(entry.external_id, entry.question, entry.answer) for entry in knowledge.listed(agent).entries]


def test_a_list_is_imported_in_its_order_with_its_names(agent):
    result = take(agent, [row(1, alt=["One?", "Uno?"]), row(2)])
    assert (result.imported, result.new) == (2, 2)
    assert texts(agent) == [("q1", "Question 1?", "Answer 1."), ("q2", "Question 2?", "Answer 2.")]
    first = knowledge.listed(agent).entries[0]
    assert [phrasing.text for phrasing in first.phrasings] == ["One?", "Uno?"]


def test_the_same_names_replace_entries(agent):
    take(agent, [row(1, alt=["One?"]), row(2), row(3)])
    result = take(agent, [row(1), row(2, answer="Better."), row(3), row(4)])
    assert (result.new, result.changed, result.unchanged) == (1, 2, 1)
    assert texts(agent)[1] == ("q2", "Question 2?", "Better.")
    assert knowledge.listed(agent).entries[0].phrasings == []


def test_one_bad_row_keeps_all_out(agent):
    take(agent, [row(1)])
    db.session.refresh(agent)
    before = agent.knowledge_revision
    with pytest.raises(Invalid, match=r"Nothing was imported\. Row 3: the answer is empty\."):
        take(agent, [row(1, answer="Changed."), row(2), row(3, answer="  ")])
    assert texts(agent) == [("q1", "Question 1?", "Answer 1.")]
    db.session.refresh(agent)
    assert agent.knowledge_revision == before


def test_a_failure_in_the_middle_keeps_all_out(agent, monkeypatch):
    take(agent, [row(1)])

    def fail(*arguments, **named):
        raise OSError("The disk is full.")

    monkeypatch.setattr("core.knowledge.bulk.rewrite", fail)
    with pytest.raises(OSError, match="disk"):
        take(agent, [row(1, answer="Changed."), row(2)])
    assert texts(agent) == [("q1", "Question 1?", "Answer 1.")]


def test_too_many_for_one_agent_keeps_all_out(agent, monkeypatch):
    monkeypatch.setattr("core.knowledge.entries.MOST_ENTRIES", 2)
    with pytest.raises(Invalid, match="can hold 2"):
        take(agent, [row(number) for number in range(3)])
    assert texts(agent) == []


def test_only_the_good_rows_when_that_was_chosen(agent):
    rows = read_rows([row(1), row(2, question="")])
    result = carry_out(agent, rows, by=None, now=NOW, only_good=True)
    assert (result.imported, result.left_out) == (1, 1)
    assert [name for name, _, _ in texts(agent)] == ["q1"]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ("a text", "it is not a question with an answer"),
        (row(1, question=5), "the question is not a text"),
        (row(1, question=""), "the question is empty"),
        (row(1, question="q" * 301), "the question is longer than 300 characters"),
        (row(1, answer=None), "the answer is empty"),
        (row(1, answer=["a"]), "the answer is not a text"),
        (row(1, answer="a" * 10_001), "the answer is longer than 10,000 characters"),
        (
            row(1, answer="a" * 100_001),
            "the answer is far too long; perhaps a quotation mark is opened and never closed",
        ),
        (row(1, alt=5), "the other ways to ask are not a list of texts"),
        (row(1, alt=["x", 5]), "another way to ask is not a text"),
        (row(1, alt=[str(n) for n in range(51)]), "there are 51 other ways to ask, more than 50"),
        (row(1, id="x" * 256), "the id is longer than 255 characters"),
        (row(1, id="x\x00"), "the id has characters that cannot be shown"),
        (row(1, id=True), "the id is not a text"),
    ],
)
def test_what_is_wrong_with_a_row_is_said(fields, problem):
    assert read_rows([fields])[0].problems == (problem,)


def test_names_of_columns_are_read_generously():
    [row] = read_rows([{"Q": "Where?", "Reply": "Here.", "External_ID": 7, "Other ways to ask": ["Whither?"], "x": 1}])
    assert (row.external_id, row.wording.question, row.wording.answer) == ("7", "Where?", "Here.")
    assert row.wording.phrasings == ("Whither?",)


def test_repetitions_inside_a_list_are_problems():
    rows = read_rows(
        [row(1), row(1, question="Else?"), row(3, id=None), row(4, id="", question="question  3?"), row(5, question="")]
    )
    assert [entry.problems for entry in rows] == [
        (),
        ("its id “q1” stands in row 1 already",),
        (),
        ("row 3 asks the same",),
        ("the question is empty",),
    ]


def test_entries_with_names_of_their_own_may_ask_the_same(agent):
    assert take(agent, [row(1), row(2, question="Question 1?")]).new == 2


def test_empty_and_endless_lists_are_refused(agent):
    with pytest.raises(Invalid, match="no questions"):
        take(agent, [])
    with pytest.raises(Invalid, match="10,001 rows"):
        take(agent, [row(1)] * 10_001)


def test_a_row_without_a_name_means_the_entry_that_asks_the_same(agent):
    take(agent, [row(1)])
    assert actions(agent, [row(1, id=None)]) == [Action.UNCHANGED]
    assert actions(agent, [row(1, id=None, question="QUESTION 1?")]) == [Action.CHANGED]
    assert actions(agent, [row(1, id=None), row(1)]) == [Action.UNCHANGED, Action.PROBLEM]


def test_a_name_is_given_to_an_entry_that_had_none(agent):
    knowledge.add(agent, question="Question 1?", answer="Answer 1.", phrasings=[], by=None, now=NOW)
    assert take(agent, [row(1)]).changed == 1
    assert texts(agent) == [("q1", "Question 1?", "Answer 1.")]


def test_a_new_name_for_a_known_question_is_told(agent):
    take(agent, [row(1)])
    [planned] = knowledge.plan_import(agent, read_rows([row(2, question="Question 1?")])).rows
    assert (planned.action, planned.note) == (Action.NEW, "Another entry asks the same.")


def test_an_entrys_own_id_means_it_and_becomes_no_name(agent):
    entry = knowledge.add(agent, question="Where?", answer="Here.", phrasings=[], by=None, now=NOW)
    assert take(agent, [{"id": str(entry.id), "question": "Where?", "answer": "There."}]).changed == 1
    assert texts(agent) == [(None, "Where?", "There.")]


def test_another_agents_id_means_nothing_here(agent, other_agent):
    entry = knowledge.add(other_agent, question="Where?", answer="Here.", phrasings=[], by=None, now=NOW)
    assert take(agent, [{"id": str(entry.id), "question": "Where?", "answer": "There."}]).new == 1
    assert texts(other_agent) == [(None, "Where?", "Here.")]


def test_an_archived_entry_comes_back(agent):
    take(agent, [row(1)])
    knowledge.archive(agent, knowledge.listed(agent).entries[0], by=None, now=LATER)
    [planned] = knowledge.plan_import(agent, read_rows([row(1)])).rows
    assert (planned.action, planned.note) == (Action.CHANGED, "It comes back from the archive.")
    take(agent, [row(1)])
    assert knowledge.count_live(agent) == 1


def test_what_was_agreed_to_is_what_happens_or_nothing(agent):
    take(agent, [row(1)])
    rows = read_rows([row(1, answer="From the file."), row(2)])
    agreed = knowledge.plan_import(agent, rows).fingerprint
    entry = knowledge.listed(agent).entries[0]
    knowledge.change(agent, entry, question="Question 1?", answer="By hand.", phrasings=[], by=None, now=LATER)
    with pytest.raises(Conflict, match="Look again"):
        carry_out(agent, rows, by=None, now=LATER, expected=agreed)
    assert texts(agent) == [("q1", "Question 1?", "By hand.")]
    agreed = knowledge.plan_import(agent, rows).fingerprint
    assert carry_out(agent, rows, by=None, now=LATER, expected=agreed).imported == 2


def test_rows_survive_being_kept():
    rows = read_rows([row(1, alt=["x"]), row(2, answer="")])
    assert [Row.from_dict(row.as_dict()) for row in rows] == rows


def test_many_rows_are_told_in_few_words(agent):
    with pytest.raises(Invalid, match=r"Row 10: the answer is empty\. And 15 more\.$"):
        take(agent, [row(number, answer="") for number in range(25)])
