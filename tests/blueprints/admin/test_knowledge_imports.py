"""Lists come in only after somebody has seen what they do, and go out as files."""

import json
import re
import uuid

import pytest
from sqlalchemy import select

from core import knowledge
from core.clock import utc_now
from models import db
from models.knowledge import KnowledgeImport
from tests.conftest import NOW, make_agent

HTMX = {"HX-Request": "true"}
TABLE = b"id,question,answer,phrasings\na,Where?,Here.,Whither?\nb,When?,Now.,\n"


def address(agent, path=""):
    return f"/admin/agents/{agent.id}/knowledge{path}"


def send(client, agent, content=TABLE, name="faq.csv", **options):
    # Written by hand: for a large file the test client would open one of its own and never close it.
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + b"\r\n--x--\r\n"
    return client.post(address(agent, "/imports"), data=body, content_type="multipart/form-data; boundary=x", **options)


def agree(client, preview, **fields):
    page = client.get(preview).text
    return client.post(preview, data={"expected": re.search(r'name="expected" value="(\w+)"', page)[1]} | fields)


def questions(agent):
    return [entry.question for entry in knowledge.listed(agent).entries]


def summary(page):
    numbers = page[page.index('class="import-summary"') :]
    return re.sub(r"<[^>]+>|\s+", " ", numbers[: numbers.index("</p>")]).replace('class="import-summary"> ', "").split()


def test_a_list_is_looked_at_and_then_imported(eddy, agent):
    answer = send(eddy, agent)
    assert answer.status_code == 303
    assert questions(agent) == []
    page = eddy.get(answer.location).text
    assert "Before faq.csv is imported" in page
    assert summary(page) == ["2", "new"]
    assert "Import 2 questions" in page
    done = agree(eddy, answer.location)
    assert (done.status_code, done.location) == (303, address(agent))
    assert questions(agent) == ["Where?", "When?"]
    assert "Imported: 2 questions added." in eddy.get(address(agent)).text


def test_htmx_is_sent_on_to_the_preview(eddy, agent):
    answer = send(eddy, agent, headers=HTMX)
    assert answer.status_code == 204
    assert "/imports/" in answer.headers["HX-Redirect"]


def test_a_pasted_list_is_as_good(eddy, agent):
    answer = eddy.post(address(agent, "/imports"), data={"pasted": "Where?\tHere.\r\nWhen?\tNow.\r\n"})
    agree(eddy, answer.location)
    assert questions(agent) == ["Where?", "When?"]


def test_the_preview_says_row_by_row_what_happens(eddy, agent):
    rows = [{"id": n, "question": f"Q{n}?", "answer": f"A{n}."} for n in "abc"]
    knowledge.import_entries(agent, rows, by=None, now=NOW)
    table = b"id,question,answer\na,Qa?,Aa.\nb,Qb?,Better.\nd,Qd?,Ad.\ne,Qe?,\nd,Other?,X.\n"
    preview = send(eddy, agent, table).location
    page = eddy.get(preview).text
    assert summary(page) == ["1", "new", "1", "changed", "1", "unchanged", "2", "with", "problems"]
    assert "Row 5" in page
    assert "The answer is empty." in page
    assert "Its id “d” stands in row 4 already." in page
    changed = eddy.get(f"{preview}?show=changed", headers=HTMX).text
    assert "<html" not in changed
    assert "Better." in changed
    assert "Before: Ab." in changed
    assert "Qd?" in eddy.get(f"{preview}?show=new&page=7").text
    assert eddy.get(f"{preview}?show=nonsense&page=x").status_code == 200


def test_rows_with_problems_are_left_out_only_by_choice(eddy, agent):
    preview = send(eddy, agent, TABLE + b"c,Why?,,\n").location
    page = eddy.get(preview).text
    assert "Import 2 good rows, leave 1 row out" in page
    refused = agree(eddy, preview)
    assert refused.status_code == 422
    assert "Nothing was imported. Row 4: the answer is empty." in refused.text
    assert questions(agent) == []
    assert agree(eddy, preview, only_good="1").status_code == 303
    assert questions(agent) == ["Where?", "When?"]
    assert "1 row left out" in eddy.get(address(agent)).text


def test_a_list_without_a_good_row_cannot_be_imported(eddy, agent):
    page = eddy.get(send(eddy, agent, b"question,answer\nWhy?,\n").location).text
    assert "No row of it can be imported." in page
    assert "only_good" not in page


def test_a_list_that_is_known_already_has_nothing_to_import(eddy, agent):
    agree(eddy, send(eddy, agent).location)
    assert "All of it is known already." in eddy.get(send(eddy, agent).location).text


def test_a_change_made_meanwhile_is_looked_at_first(eddy, agent):
    knowledge.import_entries(agent, [{"id": "a", "question": "Where?", "answer": "Old."}], by=None, now=NOW)
    preview = send(eddy, agent).location
    agreed = re.search(r'name="expected" value="(\w+)"', eddy.get(preview).text)[1]
    entry = knowledge.listed(agent).entries[0]
    knowledge.change(agent, entry, question="Where?", answer="By hand.", phrasings=[], by=None, now=utc_now())
    refused = eddy.post(preview, data={"expected": agreed})
    assert refused.status_code == 422
    assert "Look again." in refused.text
    assert "Before: By hand." in refused.text
    assert questions(agent) == ["Where?"]
    assert agree(eddy, preview).status_code == 303


def test_a_list_is_used_once(eddy, agent):
    preview = send(eddy, agent).location
    agree(eddy, preview)
    assert eddy.get(preview).status_code == 404
    assert "imported or dropped already" in eddy.post(preview).text
    assert questions(agent) == ["Where?", "When?"]


def test_a_list_can_be_dropped(eddy, agent):
    preview = send(eddy, agent).location
    answer = eddy.post(f"{preview}/removal")
    assert (answer.status_code, answer.location) == (303, address(agent, "/imports"))
    assert questions(agent) == []
    assert eddy.get(preview).status_code == 404


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Choose a file, or paste a list."),
        (b"question\nWhere?\n", "No column is named “answer”"),
        (b"PK\x03\x04", "This is a workbook"),
        (b"[1,", "The file is not JSON"),
        (b"x" * (5 * 1024 * 1024 + 1), "At most 5 MB"),
    ],
)
def test_files_that_cannot_be_used_come_back_with_the_reason(eddy, agent, content, words):
    for headers in (HTMX, {}):
        answer = send(eddy, agent, content, headers=headers)
        assert answer.status_code == 422
        assert words in answer.text
        assert ("<html" in answer.text) == (not headers)
    assert db.session.scalars(select(KnowledgeImport)).all() == []


def test_a_pasted_text_that_cannot_be_used_is_not_lost(eddy, agent):
    answer = eddy.post(address(agent, "/imports"), data={"pasted": "just one column"}, headers=HTMX)
    assert answer.status_code == 422
    assert "just one column</textarea>" in answer.text


def test_what_is_far_too_large_is_refused_as_such(eddy, agent):
    assert send(eddy, agent, b"x" * (9 * 1024 * 1024)).status_code == 413


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_an_export_is_a_file_that_can_come_back(eddy, rita, agent, kind):
    agree(eddy, send(eddy, agent).location)
    answer = rita.get(address(agent, f"/questions.{kind}"))
    assert re.fullmatch(
        rf'attachment; filename="lumi-questions-\d{{4}}-\d\d-\d\d\.{kind}"', answer.headers["Content-Disposition"]
    )
    page = eddy.get(send(eddy, agent, answer.data, f"x.{kind}").location).text
    assert summary(page) == ["2", "unchanged"]


def test_a_json_export_is_what_the_command_takes(rita, agent):
    rows = [{"id": "a", "question": "Where?", "answer": "Here.", "alt": ["Whither?"]}]
    knowledge.import_entries(agent, rows, by=None, now=NOW)
    assert json.loads(rita.get(address(agent, "/questions.json")).data) == rows


def test_other_kinds_are_not_found(rita, agent):
    assert rita.get(address(agent, "/questions.xlsx")).status_code == 404


def test_an_agent_with_an_odd_name_can_be_exported(olga, workspace):
    agent = make_agent(workspace, name='"; \r\n日本')
    assert 'filename="agent-questions-' in olga.get(address(agent, "/questions.csv")).headers["Content-Disposition"]


def test_strangers_find_no_list_and_readers_may_not(stan, rita, eddy, workspace, agent, other_agent):
    preview = send(eddy, agent).location
    elsewhere = preview.replace(str(agent.id), str(other_agent.id))
    sibling = preview.replace(str(agent.id), str(make_agent(workspace, name="Sibling").id))
    for client, path, status in (
        (stan, preview, 404),
        (stan, elsewhere, 404),
        (eddy, sibling, 404),
        (rita, preview, 403),
    ):
        assert client.get(path).status_code == status
        assert client.post(path).status_code == status
        assert client.post(f"{path}/removal").status_code == status
    assert eddy.get(address(agent, f"/imports/{uuid.uuid4()}")).status_code == 404
    assert questions(agent) == []


def test_long_lists_are_previewed_in_pages(eddy, agent):
    table = b"question,answer\n" + b"".join(b"Question %d?,Yes.\n" % number for number in range(120))
    preview = send(eddy, agent, table).location
    part = eddy.get(f"{preview}?show=new&page=3", headers=HTMX).text
    assert "Page 3 of 3" in part
    assert "Row 121" in part
