import json
import random
import uuid
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from core import exports, imports, knowledge, sheets
from core.errors import Conflict, Invalid, NotFound
from core.knowledge.rows import join_phrasings, split_phrasings
from core.knowledge.wording import worded
from models import db
from models.knowledge import KnowledgeImport
from tests.conftest import NOW, make_agent

LATER = NOW + timedelta(minutes=5)
TABLE = "question,answer,phrasings,id\nWhere?,Here.,Whither? | Where to?,a\nWhen?,Now.,,b\n"
CELLS = st.text(st.sampled_from("ab =+-@'\"|\\\n\t,;%{}#é日＝\u2028"), max_size=30)


def take(agent, content):
    kept = imports.keep(agent, content, filename="list.csv", now=NOW)
    agreed = imports.plan(agent, kept).fingerprint
    return imports.finish(agent, kept, expected=agreed, only_good=False, by=None, now=NOW)


def texts(rows):
    return [(row.external_id, row.wording.question, row.wording.answer, row.wording.phrasings) for row in rows]


EXPECTED = [("a", "Where?", "Here.", ("Whither?", "Where to?")), ("b", "When?", "Now.", ())]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_tables_of_every_usual_kind_are_read(delimiter, encoding, line_end):
    table = TABLE.replace(",", delimiter).replace("\n", line_end).replace("Here.", "Hére.")
    rows = imports.read_file(table.encode(encoding))
    assert texts(rows) == [("a", "Where?", "Hére.", ("Whither?", "Where to?")), EXPECTED[1]]


def test_a_table_between_pipes_is_read():
    assert texts(imports.read_file(b"q|a\nWhere?|Here.\n")) == [(None, "Where?", "Here.", ())]


def test_names_of_columns_in_any_order_and_spelling():
    rows = imports.read_file(b" ID ,Other Ways To Ask,notes,ANSWER,Title\nx,Lost?,ignored,Here.,Where?\n")
    assert texts(rows) == [("x", "Where?", "Here.", ("Lost?",))]


def test_a_pasted_table_without_names_is_read():
    rows = imports.read_file(b"Do you ship abroad?\tYes.\tForeign orders\nIs it gift-wrapped?\tNo.\n")
    assert texts(rows) == [
        (None, "Do you ship abroad?", "Yes.", ("Foreign orders",)),
        (None, "Is it gift-wrapped?", "No.", ()),
    ]
    assert [row.number for row in rows] == [1, 2]


def test_quoted_line_breaks_quotes_and_delimiters_stay():
    [row] = imports.read_file(b'question,answer\n"Where, ""exactly""?","One;\r\n\r\n- two"\n')
    assert (row.wording.question, row.wording.answer) == ('Where, "exactly"?', "One;\n\n- two")


def test_a_stated_delimiter_is_believed():
    rows = imports.read_file(b"sep=;\r\nquestion;answer\r\nWhere, exactly?;Here.\r\n")
    assert texts(rows) == [(None, "Where, exactly?", "Here.", ())]
    assert rows[0].number == 3


def test_rows_are_numbered_as_a_spreadsheet_shows_them():
    rows = imports.read_file(b'question,answer\n,\nWhere?,"a\nb"\n\nWhen?,\n')
    assert [(row.number, row.problems) for row in rows] == [(3, ()), (5, ("the answer is empty",))]


def test_a_row_with_too_many_cells_says_why():
    [row] = imports.read_file(b"question,answer\nWhere?,Here, there,\n")
    assert row.problems[0].startswith("it has more cells than there are columns")
    assert imports.read_file(b"question,answer\nWhere?,Here.,,\n")[0].problems == ()


def test_json_lists_are_read():
    listing = [{"id": 7, "question": "Where?", "answer": "Here.", "alt": ["Whither?", "a|b"]}, {"q": "When?", "a": ""}]
    rows = imports.read_file(b"\xef\xbb\xbf " + json.dumps(listing).encode())
    assert texts(rows)[0] == ("7", "Where?", "Here.", ("Whither?", "a|b"))
    assert [row.number for row in rows] == [1, 2]
    assert rows[1].problems == ("the answer is empty",)


def test_json_texts_that_no_database_takes_are_cleaned():
    [row] = imports.read_file(b'[{"question": "A\\u0000?", "answer": "\\ud800"}]')
    assert (row.wording.question, row.wording.answer) == ("A?", "\ufffd")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf \n\n", "The file is empty"),
        (b"question,answer\n", "no questions"),
        (b",\n,\n", "no questions"),
        (b"question\nWhere?\n", "No column is named “answer”"),
        (b"answer,notes\nHere.,x\n", "No column is named “question”"),
        (b"Just one line of text\nand another", "one column only"),
        (b"PK\x03\x04\x14\x00", "This is a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1", "Excel workbook"),
        (b"%PDF-1.7", "This is a PDF"),
        (b"GIF89a" + bytes(range(256)) * 4, "not a text file"),
        (b"[1,", "there is a mistake in line 1"),
        (b'{"question": "Where?"}', "has to hold a list"),
        (b"[" * 100_000, "not JSON"),
        (b"[" + b"9" * 10_000 + b"]", "not JSON"),
        (b"[]", "no questions"),
        (b"x" * (5 * 1024 * 1024 + 1), "5.0 MB. At most 5 MB"),
        (b'question,answer\nA?,a\nB?,"open' + b"\nrow,row" * 20_000, "cannot be read after row 2"),
        (b"question,answer\n" + b"a,b\n" * 10_001, "10,001 rows"),
    ],
)
def test_files_that_cannot_be_used_are_refused_in_words(content, words):
    with pytest.raises(Invalid, match=words):
        imports.read_file(content)


def test_no_content_makes_reading_fail_in_another_way():
    noise = random.Random(7)
    read = 0
    for _ in range(300):
        content = bytes(noise.choices(b"abc,;\t|\"'\n\r[]{}:\\\x00\xff\xfe\xe9", k=noise.randrange(60)))
        with suppress(Invalid):
            read += bool(imports.read_file(content))
    assert read > 30


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=5))
def test_a_table_reads_as_it_was_written(rows):
    written = sheets.write([("question", "answer", "phrasings", "id"), *rows])
    expected = [dict(zip(("question", "answer", "phrasings", "id"), row, strict=False)) for row in rows]
    try:
        found, _ = sheets.read(written)
    except Invalid:
        found = []
    assert found == [row for row in expected if any(cell.strip() for cell in row.values())]


@given(st.lists(CELLS, max_size=6))
def test_phrasings_share_a_cell_and_come_apart_again(texts):
    phrasings = worded("Q", "A", texts).phrasings
    assert worded("Q", "A", split_phrasings(join_phrasings(phrasings))).phrasings == phrasings


def test_no_cell_of_an_export_is_a_formula(agent):
    for text in ("=1+1", "+49 30", "-5", "@home", "＝HYPERLINK()", "'=x", "''-y"):
        knowledge.add(agent, question=f"{text} is it?", answer=text, phrasings=[f"{text}?"], by=None, now=NOW)
    table = exports.as_csv(agent).decode("utf-8-sig")
    for line in table.splitlines()[1:]:
        cells = line.strip('"').split('","')
        assert len(cells) == 4
        assert all(cell[0].isalnum() or cell[0] == "'" for cell in cells)


@pytest.mark.parametrize("write", [exports.as_csv, exports.as_json])
def test_an_export_imported_again_changes_nothing(agent, write):
    knowledge.import_entries(
        agent,
        [
            {"id": "=cmd|'/c calc'!A1", "question": "=SUM(1;2)", "answer": "- one\n- two\n\n\"three\", four; 'five'"},
            {"id": "b", "question": "'-quoted", "answer": "+1 | 2 \\| 3", "alt": ["a|b", "c\\", "d\\|", "@e", "'=f"]},
        ],
        by=None,
        now=NOW,
    )
    knowledge.add(agent, question="By hand?", answer="Yes\ttabbed", phrasings=["|"], by=None, now=NOW)
    before = write(agent)
    result = take(agent, before)
    assert (result.new, result.changed, result.unchanged) == (0, 0, 3)
    assert write(agent) == before


@pytest.mark.parametrize("write", [exports.as_csv, exports.as_json])
def test_an_export_teaches_another_agent_the_same(agent, workspace, write):
    knowledge.import_entries(
        agent,
        [{"id": f"q{n}", "question": f"Q{n}?", "answer": "A|B", "alt": ["x | y"]} for n in range(3)],
        by=None,
        now=NOW,
    )
    other = make_agent(workspace, name="Twin")
    take(other, write(agent))
    assert write(other) == write(agent)


def test_archived_entries_are_not_exported(agent):
    entry = knowledge.add(agent, question="Old?", answer="Yes.", phrasings=[], by=None, now=NOW)
    knowledge.archive(agent, entry, by=None, now=LATER)
    assert json.loads(exports.as_json(agent)) == []


def test_the_example_can_be_imported(agent):
    result = take(agent, exports.example())
    assert result.new == 2
    assert len(knowledge.listed(agent).entries[0].phrasings) == 2


def test_a_kept_list_waits_and_is_gone_when_it_was_used(agent):
    kept = imports.keep(agent, TABLE.encode(), filename="a\x00 list.csv" + "x" * 200, now=NOW)
    assert kept.filename.startswith("a list.csv")
    assert knowledge.count_live(agent) == 0
    found = imports.find(agent, kept.id)
    imports.finish(agent, found, expected=imports.plan(agent, found).fingerprint, only_good=False, by=None, now=LATER)
    assert knowledge.count_live(agent) == 2
    with pytest.raises(NotFound, match="imported or dropped already"):
        imports.find(agent, kept.id)


def test_a_list_that_was_dropped_changes_nothing(agent):
    kept = imports.keep(agent, TABLE.encode(), filename="list.csv", now=NOW)
    imports.drop(kept)
    with pytest.raises(NotFound):
        imports.find(agent, kept.id)
    assert knowledge.count_live(agent) == 0


def test_a_list_waits_on_after_a_refusal(agent):
    kept = imports.keep(agent, (TABLE + "Why?,,,c\n").encode(), filename="list.csv", now=NOW)
    agreed = imports.plan(agent, kept).fingerprint
    with pytest.raises(Invalid, match="Row 4: the answer is empty"):
        imports.finish(agent, kept, expected=agreed, only_good=False, by=None, now=NOW)
    with pytest.raises(Conflict):
        imports.finish(agent, kept, expected="something else", only_good=True, by=None, now=NOW)
    assert knowledge.count_live(agent) == 0
    result = imports.finish(agent, imports.find(agent, kept.id), expected=agreed, only_good=True, by=None, now=NOW)
    assert (result.imported, result.left_out) == (2, 1)


def test_lists_wait_for_a_day(agent):
    imports.keep(agent, TABLE.encode(), filename="list.csv", now=NOW)
    imports.keep(agent, TABLE.encode(), filename="list.csv", now=NOW + timedelta(hours=25))
    assert db.session.scalar(select(func.count()).select_from(KnowledgeImport)) == 1


def test_a_strangers_list_is_not_found(workspace, agent, other_agent):
    kept = imports.keep(agent, TABLE.encode(), filename="list.csv", now=NOW)
    for stranger in (other_agent, make_agent(workspace, name="Sibling")):
        with pytest.raises(NotFound):
            imports.find(stranger, kept.id)
    with pytest.raises(NotFound):
        imports.find(agent, uuid.uuid4())
