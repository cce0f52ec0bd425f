"""Questions and answers: who may do what, as a page and as a part of one."""

import uuid
from html import unescape

import pytest

from core import knowledge
from core.clock import utc_now
from models import db
from models.jobs import Job, JobStatus
from models.knowledge import Entry
from tests.conftest import NOW, keep, make_agent

HTMX = {"HX-Request": "true"}
FIELDS = {"question": "Where is my parcel?", "answer": "On its *way*.", "phrasings": "Track it\r\nLost?\r\n"}


def teach(agent, question="Where is my parcel?", answer="On its way.", phrasings=()):
    return knowledge.add(agent, question=question, answer=answer, phrasings=phrasings, by=None, now=NOW)


def address(agent, path=""):
    return f"/admin/agents/{agent.id}/knowledge{path}"


def questions(agent, **which):
    return [entry.question for entry in knowledge.listed(agent, **which).entries]


def texts(agent):
    return [
        (entry.question, entry.answer, [phrasing.text for phrasing in entry.phrasings])
        for entry in knowledge.listed(agent).entries
    ]


def test_an_empty_list_says_what_to_do_next(olga, agent):
    page = olga.get(address(agent)).text
    assert "Teach Lumi its first answer" in page
    assert "Add a question" in page
    assert address(agent, "/imports") in page
    assert 'type="search"' not in page


def test_the_list_shows_questions_answers_and_other_ways(rita, agent):
    teach(agent, answer="On *its* way.", phrasings=["Track it", "Lost?", "Gone?"])
    page = unescape(rita.get(address(agent)).text)
    assert "Where is my parcel?" in page
    assert "On its way." in page
    assert "Also: “Track it”, “Lost?” and 1 more" in page
    assert page.count("<h1") == 1


def test_who_only_reads_is_offered_no_change(rita, agent):
    entry, _ = teach(agent), teach(agent, "Another?")
    for path in ("", "/archive", f"/{entry.id}", "/unanswered"):
        page = rita.get(address(agent, path))
        assert page.status_code == 200
        for word in ("Add a question", "Archive:", "Move up", 'method="post" hx-post', "Import a list", "/new"):
            assert word not in page.text, (path, word)


def test_search_answers_with_the_list_alone(rita, agent):
    teach(agent)
    teach(agent, "Do you gift-wrap?", "Yes.")
    part = rita.get(address(agent, "?q=parcel"), headers=HTMX).text
    assert "<html" not in part
    assert 'id="entries"' in part
    assert "Where is my parcel?" in part
    assert "gift-wrap" not in part
    page = unescape(rita.get(address(agent, "?q=nonsense")).text)
    assert "Nothing with “nonsense”" in page
    assert "Show all" in page


@pytest.mark.parametrize(
    "query", ["?page=0", "?page=-3", "?page=99999999999999999999", "?page=x", "?q=%00%25_", "?q=%ud800"]
)
def test_odd_pages_and_searches_are_no_trouble(rita, agent, query):
    teach(agent)
    assert rita.get(address(agent, query)).status_code == 200
    assert rita.get(address(agent, query), headers=HTMX).status_code == 200


def test_long_lists_have_pages(rita, agent):
    rows = [{"question": f"Question {number}?", "answer": "Yes."} for number in range(60)]
    knowledge.import_entries(agent, rows, by=None, now=NOW)
    page = rita.get(address(agent, "?page=2")).text
    assert "Page 2 of 3" in page
    assert "Question 25?" in page
    assert "?page=1" in page
    assert "?page=3" in page
    part = rita.get(address(agent, "?q=question&page=3"), headers=HTMX).text
    assert "q=question&amp;page=2" in part


def test_a_question_is_added_from_the_list(eddy, agent):
    part = eddy.post(address(agent), data=FIELDS, headers=HTMX)
    assert part.status_code == 200
    assert "<html" not in part.text
    assert "Added: <strong>Where is my parcel?</strong>" in part.text
    assert 'hx-swap-oob="true"' in part.text
    assert texts(agent) == [("Where is my parcel?", "On its *way*.", ["Track it", "Lost?"])]
    plain = eddy.post(address(agent), data=FIELDS | {"question": "Another?"})
    assert (plain.status_code, plain.location) == (303, address(agent))
    assert questions(agent) == ["Another?", "Where is my parcel?"]


def test_the_form_is_empty_again_after_adding(eddy, agent):
    part = eddy.post(address(agent), data=FIELDS, headers=HTMX).text
    form = part[: part.index("</form>")]
    assert "parcel" not in form
    assert "autofocus" in form


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"question": ""}, "Write the question."),
        ({"question": " \t "}, "Write the question."),
        ({"question": "\x00"}, "Write the question."),
        ({"question": "q" * 301}, "Keep the question to 300 characters."),
        ({"answer": ""}, "Write the answer."),
        ({"answer": "a" * 10_001}, "Keep the answer to 10,000 characters."),
        ({"phrasings": "\n".join(f"way {n}" for n in range(51))}, "Keep it to 50 other ways to ask; there are 51."),
        ({"phrasings": f"ok\n{'p' * 301}"}, "Keep each to 300 characters; number 2 is longer."),
    ],
)
def test_what_cannot_be_taken_comes_back_with_what_was_typed(eddy, agent, changes, words):
    entry = teach(agent, "Old?", "Old.")
    sent = FIELDS | changes
    for path in ("/new", f"/{entry.id}"):
        for headers in (HTMX, {}):
            answer = eddy.post(address(agent, path), data=sent, headers=headers)
            assert answer.status_code == 422
            assert words in answer.text
            assert ("<html" in answer.text) == (not headers)
            kept = [value for value in sent.values() if value.strip("\x00 \t") and len(value) < 300]
            assert all(line in unescape(answer.text) for value in kept for line in value.split())
    assert texts(agent) == [("Old?", "Old.", [])]


def test_a_quick_question_that_cannot_be_taken_comes_back(eddy, agent):
    teach(agent, "Old?")
    part = eddy.post(address(agent), data=FIELDS | {"answer": ""}, headers=HTMX)
    assert part.status_code == 422
    assert "Write the answer." in part.text
    assert 'value="Where is my parcel?"' in part.text
    assert "Old?" in part.text
    assert questions(agent) == ["Old?"]


def test_line_breaks_count_as_one_character(eddy, agent):
    answer = eddy.post(address(agent, "/new"), data=FIELDS | {"answer": "a\r\n" * 5_000})
    assert answer.status_code == 303


def test_a_question_is_added_on_a_page_of_its_own(eddy, agent):
    page = eddy.get(address(agent, "/new?question=Do+you%0Arepair+lamps%3F")).text
    assert 'value="Do you repair lamps?"' in page
    answer = eddy.post(address(agent, "/new"), data=FIELDS)
    assert (answer.status_code, answer.location) == (303, address(agent))
    part = eddy.post(address(agent, "/new"), data=FIELDS | {"question": "Two?"}, headers=HTMX)
    assert (part.status_code, part.headers["HX-Redirect"]) == (204, address(agent))
    assert questions(agent) == ["Two?", "Where is my parcel?"]


def test_a_question_is_changed(eddy, agent):
    entry = teach(agent, "Old?", "Old.", ["Older?"])
    page = eddy.get(address(agent, f"/{entry.id}")).text
    assert 'value="Old?"' in page
    assert "Older?" in page
    answer = eddy.post(address(agent, f"/{entry.id}"), data=FIELDS)
    assert (answer.status_code, answer.location) == (303, address(agent, "?page=1"))
    assert texts(agent) == [("Where is my parcel?", "On its *way*.", ["Track it", "Lost?"])]
    assert "Saved." in eddy.get(address(agent)).text


def test_a_change_made_meanwhile_is_shown_and_can_be_replaced(eddy, agent):
    entry = teach(agent, "Old?", "Old.")
    seen = entry.updated_at.isoformat()
    knowledge.change(agent, entry, question="Theirs?", answer="Theirs.", phrasings=[], by=None, now=utc_now())
    answer = eddy.post(address(agent, f"/{entry.id}"), data=FIELDS | {"seen": seen}, headers=HTMX)
    assert answer.status_code == 422
    assert "Somebody has changed this question" in answer.text
    assert "Theirs." in answer.text
    assert 'value="Where is my parcel?"' in answer.text
    assert questions(agent) == ["Theirs?"]
    now_seen = unescape(answer.text).split('name="seen" type="hidden" value="')[1].split('"')[0]
    assert eddy.post(address(agent, f"/{entry.id}"), data=FIELDS | {"seen": now_seen}).status_code == 303
    assert questions(agent) == ["Where is my parcel?"]


@pytest.mark.parametrize("seen", ["yesterday", "2026-13-01", "0001-01-01T00:00:00+14:00", "2026-01-01"])
def test_an_odd_mark_of_what_was_seen_is_refused(eddy, agent, seen):
    entry = teach(agent)
    assert eddy.post(address(agent, f"/{entry.id}"), data=FIELDS | {"seen": seen}).status_code == 422


def test_a_question_is_archived_and_brought_back(eddy, agent):
    entry = teach(agent)
    part = eddy.post(address(agent, f"/{entry.id}/archive"), headers=HTMX).text
    assert "Archived: <strong>Where is my parcel?</strong>" in part
    assert "Undo" in part
    assert questions(agent) == []
    assert "Where is my parcel?" in eddy.get(address(agent, "/archive")).text
    part = eddy.post(address(agent, f"/{entry.id}/restoration"), headers=HTMX).text
    assert "Nothing is archived" in part
    assert questions(agent) == ["Where is my parcel?"]
    plain = eddy.post(address(agent, f"/{entry.id}/archive"))
    assert (plain.status_code, plain.location) == (303, address(agent, f"?put_away={entry.id}"))
    assert "Undo" in eddy.get(plain.location).text
    plain = eddy.post(address(agent, f"/{entry.id}/restoration"))
    assert (plain.status_code, plain.location) == (303, address(agent, "?page=1"))


def test_undo_shows_the_list_again(eddy, agent):
    entry = teach(agent)
    knowledge.archive(agent, entry, by=None, now=NOW)
    part = eddy.post(address(agent, f"/{entry.id}/restoration?undo=1"), headers=HTMX).text
    assert "Back in its old place" in part
    assert "1 question" in part


def test_questions_move_by_buttons_and_by_dragging(eddy, agent):
    c, b, a = (teach(agent, question) for question in ("c?", "b?", "a?"))
    part = eddy.post(address(agent, "/order"), data={"down": str(a.id)}, headers=HTMX)
    assert part.status_code == 200
    assert "Moved: a?" in part.text
    assert questions(agent) == ["b?", "a?", "c?"]
    eddy.post(address(agent, "/order"), data={"up": str(c.id)})
    assert questions(agent) == ["b?", "c?", "a?"]
    eddy.post(address(agent, "/order"), data={"entry": str(a.id), "before": str(b.id), "after": ""})
    assert questions(agent) == ["a?", "b?", "c?"]
    plain = eddy.post(address(agent, "/order"), data={"entry": str(a.id), "before": "", "after": str(c.id)})
    assert (plain.status_code, plain.location) == (303, address(agent, "?page=1"))
    assert questions(agent) == ["b?", "c?", "a?"]


def test_a_move_to_nowhere_is_refused(eddy, agent, other_agent):
    entry, theirs = teach(agent), teach(other_agent)
    for sent, status in (
        ({}, 422),
        ({"up": "x"}, 422),
        ({"entry": str(entry.id)}, 422),
        ({"entry": str(entry.id), "before": str(theirs.id)}, 404),
        ({"up": str(uuid.uuid4())}, 404),
    ):
        assert eddy.post(address(agent, "/order"), data=sent).status_code == status


def test_the_answer_is_shown_as_customers_see_it(eddy, agent):
    part = eddy.post(address(agent, "/preview"), data={"answer": "**Hi** <script>"}, headers=HTMX).text
    assert "<strong>Hi</strong>" in part
    assert "<script>" not in part
    assert "appears here" in eddy.post(address(agent, "/preview"), headers=HTMX).text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Where is my parcel?", "It would answer with"),
        ("hello", "Small talk"),
        ("I want to talk to a human", "fetches one"),
        ("What is the boiling point of nitrogen?", "Does not know"),
        ("", "See which answer"),
        ("x" * 5_000, "Does not know"),
    ],
)
def test_a_question_can_be_tried(rita, agent, text, words):
    teach(agent, answer="On its **way**.")
    teach(agent, "Do you gift-wrap presents?", "Yes, for 3 €.")
    part = rita.get(address(agent, "/trial"), query_string={"text": text}, headers=HTMX)
    assert part.status_code == 200
    assert words in part.text
    assert "<html" not in part.text
    assert words in rita.get(address(agent, "/trial"), query_string={"text": text}).text


def test_a_question_nobody_taught_can_be_answered_from_the_trial(eddy, rita, agent):
    asked = address(agent, "/trial?text=What+is+the+boiling+point+of+nitrogen%3F")
    assert "/new?question=What" in eddy.get(asked).text
    assert "/new?question=What" not in rita.get(asked).text


def make_job(agent, **state):
    db.session.query(Job).delete()
    return keep(
        Job(
            workspace_id=agent.workspace_id,
            kind="index",
            subject_id=agent.id,
            created_at=utc_now(),
            next_try_at=utc_now(),
            **state,
        )
    )


def test_learning_is_shown_while_it_goes_on_and_gone_when_it_is_over(rita, agent):
    job = make_job(agent, status=JobStatus.RUNNING, done=12, total=40)
    assert "Learning 12 of 40 questions…" in rita.get(address(agent)).text
    part = rita.get(address(agent, "/learning"), headers=HTMX).text
    assert "Learning 12 of 40 questions…" in part
    assert 'hx-trigger="every 1s"' in part
    assert "<html" not in part
    job.status = JobStatus.DONE
    db.session.commit()
    assert "Ready" in rita.get(address(agent, "/learning"), headers=HTMX).text
    gone = rita.get(address(agent, "/learning?seen=1"), headers=HTMX).text
    assert gone.strip() == '<div id="learning"></div>'
    assert "Ready" not in rita.get(address(agent)).text
    assert "<h1>" in rita.get(address(agent, "/learning")).text


def test_learning_can_be_stopped_and_taken_up_again(eddy, agent):
    make_job(agent, status=JobStatus.RUNNING, done=12, total=40)
    part = eddy.post(address(agent, "/learning/end"), headers=HTMX).text
    assert "Stopped by Eddy." in part
    assert "12 of 40 new questions learned." in part
    assert "Learn the rest" in eddy.get(address(agent)).text
    part = eddy.post(address(agent, "/learning"), headers=HTMX).text
    assert "Ready" in part
    for path in ("/learning", "/learning/end"):
        plain = eddy.post(address(agent, path))
        assert (plain.status_code, plain.location) == (303, address(agent))


def test_saving_starts_the_learning(eddy, agent):
    eddy.post(address(agent), data=FIELDS)
    assert knowledge.learning_of(agent).status == JobStatus.DONE


READS = ["", "/archive", "/{entry}", "/trial?text=x", "/learning", "/questions.csv", "/questions.json", "/example.csv"]
READS += ["/unanswered"]
EDITS = ["/new", "/imports"]
WRITES = ["", "/new", "/{entry}", "/{entry}/archive", "/{entry}/restoration", "/order", "/preview", "/learning"]
WRITES += ["/learning/end", "/imports", "/imports/{entry}", "/imports/{entry}/removal"]
WRITES += ["/unanswered/{entry}/dismissal", "/unanswered/{entry}/phrasing"]


def paths(agent, entry, templates):
    return [address(agent, path.format(entry=entry.id)) for path in templates]


def test_readers_and_supporters_see_and_change_nothing(rita, sue, agent):
    entry = teach(agent)
    for client in (rita, sue):
        assert {client.get(path).status_code for path in paths(agent, entry, READS)} == {200}
        assert {client.get(path).status_code for path in paths(agent, entry, EDITS)} == {403}
        assert {client.post(path, data=FIELDS).status_code for path in paths(agent, entry, WRITES)} == {403}
    assert texts(agent) == [("Where is my parcel?", "On its way.", [])]


def test_strangers_and_visitors_find_nothing(stan, vera, agent):
    entry = teach(agent)
    for path in paths(agent, entry, READS + EDITS):
        assert stan.get(path).status_code == 404
        assert vera.get(path).status_code == 303
    for path in paths(agent, entry, WRITES):
        assert stan.post(path, data=FIELDS).status_code == 404
        assert vera.post(path, data=FIELDS).status_code == 303
    assert texts(agent) == [("Where is my parcel?", "On its way.", [])]


def test_another_agents_entry_is_not_found_either(olga, workspace, agent):
    sibling = make_agent(workspace, name="Sibling")
    entry = teach(sibling)
    assert olga.get(address(agent, f"/{entry.id}")).status_code == 404
    for path in (f"/{entry.id}", f"/{entry.id}/archive", f"/{entry.id}/restoration"):
        assert olga.post(address(agent, path), data=FIELDS).status_code == 404
    assert olga.post(address(agent, "/order"), data={"up": str(entry.id)}).status_code == 404
    assert db.session.get(Entry, entry.id, populate_existing=True).question == "Where is my parcel?"


def test_hostile_texts_are_shown_as_texts(olga, agent):
    hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    entry = teach(agent, hostile, hostile, [hostile])
    for path in ("", f"/{entry.id}", "/trial?text=alert", f"?q={hostile}", f"/new?question={hostile}"):
        page = olga.get(address(agent, path)).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_trying_a_question_ticks_off_the_step(rita, agent):
    there = f"/admin/agents/{agent.id}/knowledge/trial"
    rita.get(there)
    assert agent.tried_at is None
    rita.get(there, query_string={"text": "hello"})
    assert agent.tried_at is not None


def test_after_archiving_the_focus_goes_to_the_next_row(eddy, agent):
    first, second = sorted((teach(agent, "Second?"), teach(agent, "First?")), key=lambda entry: entry.position)
    there = f"/admin/agents/{agent.id}/knowledge/{{}}/archive"
    answer = eddy.post(there.format(first.id), headers={"HX-Request": "true"}).text
    assert f"autofocus>{second.question}</a>" in answer
    assert f"{first.question}</strong> {agent.name} no longer" in unescape(answer)
    last = eddy.post(there.format(second.id), headers={"HX-Request": "true"}).text
    assert "autofocus>Undo" in last
