"""What the agent could not answer, and the three things to do about it."""

import uuid
from urllib.parse import urlencode

import pytest

from blueprints.admin.knowledge import unanswered_routes
from core import knowledge, unanswered
from tests.conftest import NOW, make_agent
from tests.core.test_unanswered import ask

pytestmark = pytest.mark.both_databases

HTMX = {"HX-Request": "true"}


def teach(agent, question="Do you repair lamps?", answer="Yes.", phrasings=()):
    return knowledge.add(agent, question=question, answer=answer, phrasings=phrasings, by=None, now=NOW)


def address(agent, path=""):
    return f"/admin/agents/{agent.id}/knowledge/unanswered{path}"


def open_texts(agent):
    return [question.text for question in unanswered.listed(agent)]


def test_with_no_open_question_that_is_said(rita, agent):
    page = rita.get(address(agent)).text
    assert "No open questions" in page
    assert page.count("<h1") == 1


def test_open_questions_stand_with_how_often_they_were_asked(eddy, agent):
    teach(agent)
    ask(agent, "Is it <b>loud</b>?")
    ask(agent, "is it <b>loud</b>", minutes=5)
    page = eddy.get(address(agent)).text
    assert "is it &lt;b&gt;loud&lt;/b&gt;" in page
    assert "Asked 2 times, last" in page
    for words in ("Add an answer", "Add as another way to ask…", "Not a question for us"):
        assert words in page
    assert "/new?" + urlencode({"question": "is it <b>loud</b>"}).replace("%2F", "/") in page


def test_with_nothing_taught_there_is_no_other_question_to_mean(eddy, agent):
    ask(agent, "Is it loud?")
    assert "Add as another way" not in eddy.get(address(agent)).text


def test_readers_see_the_questions_only(rita, agent):
    teach(agent)
    ask(agent, "Is it loud?")
    page = rita.get(address(agent)).text
    assert "Is it loud?" in page
    assert "Add an answer" not in page
    assert "Not a question for us" not in page


def test_an_answer_settles_the_question(eddy, agent):
    ask(agent, "Is it\nloud?")
    page = eddy.get(f"/admin/agents/{agent.id}/knowledge/new", query_string={"question": "Is it\nloud?"}).text
    assert 'value="Is it loud?"' in page
    fields = {"question": "How loud is it?", "answer": "Quiet.", "phrasings": "", "asked": "Is it\r\nloud?"}
    answer = eddy.post(f"/admin/agents/{agent.id}/knowledge/new", data=fields)
    assert (answer.status_code, answer.location) == (303, address(agent))
    assert open_texts(agent) == []


def test_a_quick_answer_settles_the_question_too(eddy, agent):
    ask(agent, "Is it loud?")
    fields = {"question": "Is it loud?", "answer": "Quiet.", "phrasings": ""}
    assert eddy.post(f"/admin/agents/{agent.id}/knowledge", data=fields, headers=HTMX).status_code == 200
    assert open_texts(agent) == []


def test_a_question_is_waved_away(eddy, agent):
    ask(agent, "Who won the match?")
    message = ask(agent, "Is it loud?")
    part = eddy.post(address(agent, f"/{message.id}/dismissal"), headers=HTMX)
    assert part.status_code == 200
    assert "<html" not in part.text
    assert 'hx-swap-oob="true"' in part.text
    assert open_texts(agent) == ["Who won the match?"]
    assert eddy.post(address(agent, f"/{message.id}/dismissal")).status_code == 404


def test_waving_away_works_without_scripts(eddy, agent):
    message = ask(agent, "Is it loud?")
    answer = eddy.post(address(agent, f"/{message.id}/dismissal"))
    assert (answer.status_code, answer.location) == (303, address(agent))


def test_the_closest_questions_are_offered_and_others_are_found(eddy, agent):
    teach(agent)
    teach(agent, "Which cards do you take?")
    message = ask(agent, "my lamp is broken")
    page = eddy.get(address(agent, f"/{message.id}")).text
    assert "What comes closest" in page
    assert "Do you repair lamps?" in page
    part = eddy.get(address(agent, f"/{message.id}?q=cards"), headers=HTMX).text
    assert "<html" not in part
    assert "Which cards" in part
    assert "repair lamps" not in part
    assert "Add an answer instead" in eddy.get(address(agent, f"/{message.id}?q=nonsense"), headers=HTMX).text


def test_a_question_becomes_another_way_to_ask(eddy, agent):
    entry = teach(agent)
    for number, headers in enumerate((HTMX, {})):
        message = ask(agent, f"my lamp is broken {number}")
        answer = eddy.post(address(agent, f"/{message.id}/phrasing"), data={"entry": str(entry.id)}, headers=headers)
        assert answer.status_code == (204 if headers else 303)
    found = knowledge.listed(agent).entries[0]
    assert [phrasing.text for phrasing in found.phrasings] == ["my lamp is broken 0", "my lamp is broken 1"]
    assert open_texts(agent) == []


def test_a_choice_of_nothing_or_of_a_full_entry_is_refused(eddy, agent):
    full = teach(agent, phrasings=[f"Way {number}" for number in range(50)])
    message = ask(agent, "my lamp is broken")
    for entry, words in (
        ("", "Choose the question"),
        ("x", "Choose the question"),
        (str(full.id), "has 50 other ways"),
    ):
        part = eddy.post(address(agent, f"/{message.id}/phrasing"), data={"entry": entry}, headers=HTMX)
        assert part.status_code == 422
        assert words in part.text
    assert open_texts(agent) == ["my lamp is broken"]


def test_strangers_questions_and_entries_are_not_found(eddy, stan, rita, workspace, agent, other_agent):
    sibling = make_agent(workspace, name="Sibling")
    mine, theirs, of_sibling = ask(agent, "Mine?"), ask(other_agent, "Theirs?"), ask(sibling, "Sibling's?")
    entry, elsewhere = teach(agent), teach(sibling)
    for message in (theirs.id, of_sibling.id, uuid.uuid4()):
        assert eddy.get(address(agent, f"/{message}")).status_code == 404
        assert eddy.post(address(agent, f"/{message}/dismissal")).status_code == 404
        assert eddy.post(address(agent, f"/{message}/phrasing"), data={"entry": str(entry.id)}).status_code == 404
    assert eddy.post(address(agent, f"/{mine.id}/phrasing"), data={"entry": str(elsewhere.id)}).status_code == 404
    for client, status in ((stan, 404), (rita, 403)):
        assert client.get(address(agent, f"/{mine.id}")).status_code == status
        assert client.post(address(agent, f"/{mine.id}/dismissal")).status_code == status
    assert open_texts(agent) == ["Mine?"]
    assert open_texts(sibling) == ["Sibling's?"]


def test_many_open_questions_have_pages(rita, agent, monkeypatch):
    monkeypatch.setattr(unanswered_routes, "_PER_PAGE", 2)
    for number, text in enumerate(("Is it loud?", "Which cards do you take?", "Do you ship to Peru?")):
        ask(agent, text, minutes=number)
    assert "Page 2 of 2" in rita.get(address(agent, "?page=2")).text
    part = rita.get(address(agent, "?page=99"), headers=HTMX).text
    assert "Is it loud?" in part
    assert "Do you ship to Peru?" not in part
