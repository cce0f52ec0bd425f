"""Settings → Targets, and the clock beside conversations."""

from datetime import timedelta

import pytest

from core import conversations, targets
from core.clock import utc_now
from models.conversations import Priority
from tests.conftest import make_conversation

PAGE = "/admin/settings/targets/"
HTMX = {"HX-Request": "true"}


def form(**changes):
    numbers = {
        f"{what}_{priority.value}{end}": value
        for what in ("answer", "resolution")
        for priority in Priority
        for end, value in (("", "1"), ("_unit", "60"))
    }
    return {"is_on": "y", "counted": "always", **numbers, **changes}


@pytest.fixture
def switched_on(olga):
    olga.post(PAGE, data=form())


def test_an_admin_sets_targets(adam, workspace):
    page = adam.get(PAGE).text
    assert "Only your business hours" in page
    sent = adam.post(PAGE, data=form(answer_urgent="15", answer_urgent_unit="1", resolution_low=""), headers=HTMX)
    assert sent.status_code == 200
    assert "Saved" in sent.text
    assert "<html" not in sent.text
    kept = targets.of(workspace.id)
    assert (kept.is_on, kept.in_business_hours) == (True, False)
    assert (kept.answer[Priority.URGENT], kept.answer[Priority.LOW]) == (15, 60)
    assert kept.resolution[Priority.LOW] is None
    assert 'value="15"' in adam.get(PAGE).text


def test_a_plain_form_leads_back_to_the_page(adam):
    sent = adam.post(PAGE, data=form())
    assert (sent.status_code, sent.headers["Location"]) == (303, PAGE)


@pytest.mark.parametrize(
    "wrong",
    [
        {"answer_low": "soon"},
        {"answer_low": "0"},
        {"answer_low": "61", "answer_low_unit": "1440"},
        {"answer_low_unit": "7"},
        {"counted": "never"},
    ],
)
def test_what_cannot_be_meant_is_refused(adam, workspace, wrong):
    assert adam.post(PAGE, data=form(**wrong), headers=HTMX).status_code == 422
    assert not targets.of(workspace.id).is_on


def test_only_who_manages_the_team_may(sue, eddy, rita, vera):
    for client in (sue, eddy, rita):
        assert client.get(PAGE).status_code == 403
        assert client.post(PAGE, data=form()).status_code == 403
    assert vera.get(PAGE).status_code == 303


@pytest.mark.parametrize(
    ("since", "words", "mark"),
    [
        (timedelta(minutes=0), "Answer within 60 minutes", 'class="target-clock"'),
        (timedelta(minutes=50), "Answer within 10 minutes", "is-close"),
        (timedelta(hours=4), "Answer 3 hours late", "is-late"),
    ],
)
def test_the_clock_stands_in_the_list_and_above_the_thread(olga, agent, switched_on, since, words, mark):
    conversation = make_conversation(agent)
    conversations.request_person(conversation, reason="asked", now=utc_now() - since)
    for address in ("/admin/conversations/?view=waiting", f"/admin/conversations/{conversation.id}/messages"):
        page = olga.get(address, headers=HTMX).text
        assert words in page
        assert mark in page


def test_without_targets_there_is_no_clock(olga, agent):
    conversation = make_conversation(agent)
    conversations.request_person(conversation, reason="asked", now=utc_now())
    assert "target-clock" not in olga.get(f"/admin/conversations/{conversation.id}").text
