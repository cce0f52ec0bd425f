"""The commands that teach an agent and ask it."""

import json

import pytest
from sqlalchemy import func, select

from core.widget_words import say
from models import db
from models.knowledge import Entry

pytestmark = pytest.mark.usefixtures("words_alone")

ROWS = [
    {"id": "returns", "question": "How do I return something?", "answer": "Send it back within **30 days**."},
    {
        "id": "delivery",
        "question": "How long does delivery take?",
        "answer": "Two days.",
        "alt": ["When will it come?"],
    },
    {"question": "Do you sell gift cards?", "answer": "Yes, from £20."},
]


def lines(*questions):
    return b"\n".join(json.dumps(question).encode() for question in questions)


def test_an_import_counts_its_rows_and_replaces_by_id(run, write, agent):
    assert run("knowledge", "import", agent.public_id, write(ROWS)) == [{"imported": 3}]
    changed = [{"id": "returns", "question": "How do I send something back?", "answer": "By parcel."}]
    assert run("knowledge", "import", agent.public_id, write(changed)) == [{"imported": 1}]
    entries = db.session.scalars(select(Entry).where(Entry.agent_id == agent.id)).all()
    assert len(entries) == 3
    assert {entry.question for entry in entries if entry.external_id == "returns"} == {"How do I send something back?"}


def test_an_import_takes_whole_articles(run, write, agent):
    kb = [
        {"id": f"kb{number}", "question": f"Topic {number} " + "t" * 150, "answer": "word " * 480, "alt": ["a", "b"]}
        for number in range(20)
    ]
    assert run("knowledge", "import", agent.public_id, write(kb)) == [{"imported": 20}]


def test_one_bad_row_keeps_all_out_and_is_named(refused, write, agent):
    said = refused("knowledge", "import", agent.public_id, write([*ROWS, {"id": "x", "question": "", "answer": "A"}]))
    assert "Row 4" in said
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 0


@pytest.mark.parametrize(
    "rows",
    [
        [],
        {},
        "text",
        5,
        [5],
        [[]],
        [{"question": "Q"}],
        [{"question": 1, "answer": 2}],
        [{"question": "Q", "answer": "A", "alt": 9}],
        [{"question": "Q", "answer": "A", "alt": [9]}],
        [{"question": "Q", "answer": "A", "alt": {"a": 1}}],
        [{"id": {"a": 1}, "question": "Q", "answer": "A"}],
        [{"id": "a\x00b", "question": "Q", "answer": "A"}],
        [{"id": "\ud800", "question": "Q", "answer": "A"}],
        [{"id": "x" * 1000, "question": "Q", "answer": "A"}],
        [{"question": "Q" * 1000, "answer": "A"}],
        [{"question": "Q", "answer": "A" * 200_000}],
        [{"id": "a", "question": "Q", "answer": "A"}, {"id": "a", "question": "R", "answer": "B"}],
    ],
)
def test_rows_that_cannot_be_used_are_refused(refused, write, agent, rows):
    refused("knowledge", "import", agent.public_id, write(rows))
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 0


def test_half_characters_and_nuls_in_a_text_do_no_harm(run, write, agent):
    rows = [{"id": "a", "question": "What\x00 is \ud800this?", "answer": "It is\x00 fine \udfff", "alt": ["\x00"]}]
    assert run("knowledge", "import", agent.public_id, write(rows)) == [{"imported": 1}]
    [answer] = run("ask", agent.public_id, "--file", write(lines({"id": 1, "text": "\ud800What is this?\x00"})))
    assert answer["entry_id"] == "a"


def test_each_question_gets_a_line_in_its_order(run, write, agent):
    run("knowledge", "import", agent.public_id, write(ROWS))
    questions = lines(
        {"id": "q1", "text": "How do I return something?"},
        {"id": 2, "text": "hello"},
        {"id": "q3", "text": "Who painted the ceiling of the chapel?"},
        {"id": "q4", "text": ""},
        {"id": "q5", "text": "I want to talk to a human"},
    )
    answers = run("ask", agent.public_id, "--file", write(b"\xef\xbb\xbf" + questions + b"\r\n\n"))
    assert [answer["id"] for answer in answers] == ["q1", 2, "q3", "q4", "q5"]
    for answer in answers:
        assert set(answer) == {"id", "entry_id", "answer", "abstained", "suggestions", "ranking", "score", "ms"}
        assert answer["abstained"] == (answer["entry_id"] is None)
        assert len(answer["suggestions"]) <= 3
        assert answer["answer"]
        assert answer["ms"] >= 0
    returned, hello, unknown, empty, human = answers
    assert returned["entry_id"] == returned["ranking"][0] == "returns"
    assert returned["answer"] == ROWS[0]["answer"]
    assert returned["score"] > 0.5
    assert hello["entry_id"] is None
    assert hello["answer"] not in (say("en", "reply_unknown"), say("en", "reply_unknown_but_person"))
    assert unknown["answer"] == say("en", "reply_unknown_but_person")
    assert empty["answer"] == say("en", "talk_unclear")
    assert human["answer"] == say("en", "reply_fetching")


def test_an_entry_without_a_name_goes_by_its_own_id(run, write, agent):
    run("knowledge", "import", agent.public_id, write(ROWS))
    [answer] = run("ask", agent.public_id, "--file", write(lines({"id": 1, "text": "Do you sell gift cards?"})))
    assert answer["entry_id"] == str(db.session.scalars(select(Entry.id).where(Entry.external_id.is_(None))).one())


def test_an_agent_that_knows_nothing_says_so(run, write, agent):
    [answer] = run("ask", agent.public_id, "--file", write(lines({"id": 1, "text": "Do you sell gift cards?"})))
    assert answer["abstained"]
    assert answer["ranking"] == answer["suggestions"] == []
    assert answer["score"] == 0


def test_line_ends_of_unicode_stay_within_their_line(run, write, agent):
    line = '{"id": "a\u2028b", "text": "one\u2028two\x85three"}'.encode()
    [answer] = run("ask", agent.public_id, "--file", write(line))
    assert answer["id"] == "a\u2028b"


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[]",
        b'"text"',
        b'{"id": 1}',
        b'{"text": "x"}',
        b'{"id": 1, "text": 5}',
        b'{"id": null, "text": "x"}',
        b'{"id": true, "text": "x"}',
        b'{"id": 1e999, "text": "x"}',
        b'{"id": NaN, "text": "x"}',
        b'{"id": ' + b"9" * 5000 + b', "text": "x"}',
        b'{"id": 1, "text": "x", "more": ' + b"[" * 100_000 + b"}",
        b"\xff\xfe",
        b"\x00",
    ],
)
def test_a_bad_line_is_named_before_anything_is_asked(refused, write, agent, line):
    good = lines({"id": 1, "text": "x"})
    said = refused("ask", agent.public_id, "--file", write(good + b"\n" + line))
    assert "line 2" in said or "UTF-8" in said
