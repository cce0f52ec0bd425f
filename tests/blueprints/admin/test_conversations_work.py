"""What is done with one conversation besides answering."""

import re
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import conversations, tags
from core.clock import utc_now
from models import db
from models.conversations import Conversation, Priority, Sender, State
from models.inbox import Team
from models.letters import Letter, LetterDirection
from models.teammates import Teammate
from tests.conftest import keep, make_conversation, make_customer

pytestmark = pytest.mark.both_databases

HTMX = {"HX-Request": "true"}


@pytest.fixture
def chat(agent) -> Conversation:
    begun = make_conversation(agent, make_customer(agent.workspace_id, "Marta Novak"))
    conversations.ask(begun, client_id="one", text="Hello", now=utc_now())
    return begun


@pytest.fixture
def me(sue) -> Teammate:
    return db.session.scalars(select(Teammate).where(Teammate.name == "Sue")).one()


def at(chat, what):
    return f"/admin/conversations/{chat.id}/{what}"


def fresh(chat) -> Conversation:
    return db.session.get(Conversation, chat.id, populate_existing=True)


def test_the_dialog_and_the_page_offer_the_same(sue, chat):
    make_other(chat)
    page, dialog = sue.get(at(chat, "work")), sue.get(at(chat, "work"), headers=HTMX)
    assert page.text.count("<h1>") == 1
    assert "<dialog" in dialog.text
    forms = re.findall(r'action="[^"]+/(\w+)"', dialog.text)
    assert forms == ["holder", "snooze", "marks", "resolution", "merger"]


def make_other(chat):
    other = make_conversation(chat.agent, chat.customer)
    conversations.ask(other, client_id="two", text="Another thing", now=utc_now())
    return other


def test_a_conversation_is_given_to_a_teammate_and_a_team(sue, olga, chat, me, workspace):
    team = keep(Team(workspace_id=workspace.id, name="Repairs", languages=[], created_at=utc_now()))
    answer = olga.post(at(chat, "holder"), data={"teammate": me.id, "team": team.id}, headers=HTMX)
    assert answer.status_code == 200
    assert "Waiting for Sue" in answer.text
    assert "Team Repairs" in answer.text
    assert "You gave it to Sue in the team Repairs" in answer.text
    assert fresh(chat).teammate_id == me.id
    assert "Waiting for you" in sue.get(f"/admin/conversations/{chat.id}").text


def test_it_is_snoozed_and_woken(sue, chat):
    assert "Snoozed until" in sue.post(at(chat, "snooze"), data={"snooze": "day"}, headers=HTMX).text
    until = (utc_now() + timedelta(days=3)).isoformat()
    sue.post(at(chat, "snooze"), data={"until": until}, headers=HTMX)
    assert fresh(chat).snoozed_until.isoformat() == until
    assert "Snoozed until" not in sue.post(at(chat, "waking"), headers=HTMX).text


def test_headings_follow_one_another_on_the_page_of_all_that_can_be_done(sue, chat):
    assert "<h3" not in sue.get(at(chat, "work")).text


def test_a_row_shows_three_tags_and_how_many_more(sue, chat, me):
    for name in ("one", "two", "three", "more", "most"):
        tags.put_named(chat, name, by=me, now=utc_now())
    page = sue.get("/admin/conversations/", query_string={"view": "all"}).text
    assert (page.count('class="tag '), "<span>2 more</span>" in page) == (3, True)


def test_what_was_mailed_is_not_said_to_be_sent_twice(sue, chat, me):
    said = conversations.write_as_person(chat, me, text="It left today.", now=utc_now())
    page = f"/admin/conversations/{chat.id}"
    assert ">Sent</p>" in sue.get(page).text
    mailed = {"mail_id": "<1@porchlight>", "direction": LetterDirection.OUT, "created_at": utc_now()}
    keep(Letter(workspace_id=chat.workspace_id, conversation_id=chat.id, message_id=said.id, **mailed))
    shown = sue.get(page).text
    assert "Sent by e-mail" in shown
    assert ">Sent</p>" not in shown


@pytest.mark.parametrize("until", ["", "tomorrow", "2026-11-23T10:00", "1999-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_time_that_cannot_be_is_refused_where_it_was_chosen(sue, chat, until):
    answer = sue.post(at(chat, "snooze"), data={"until": until}, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (422, "#work-problem")
    assert fresh(chat).snoozed_until is None
    assert sue.post(at(chat, "snooze"), data={"until": until}).status_code == 422


def test_priority_and_tags_are_set_together(sue, chat, workspace, me):
    kept, gone = (tags.put_named(chat, name, by=me, now=utc_now()) for name in ("kept", "gone"))
    marks = {"priority": "urgent", "tag": [kept.id], "new_tag": "brand new"}
    answer = sue.post(at(chat, "marks"), data=marks, headers=HTMX)
    assert "Urgent priority" in answer.text
    assert [tag.name for tag in tags.of(chat)] == ["brand new", "kept"]
    assert fresh(chat).priority is Priority.URGENT
    assert gone in tags.listed(workspace)
    assert sue.post(at(chat, "marks"), data={"priority": "extreme"}, headers=HTMX).status_code == 422


def test_it_is_resolved_with_a_reason_or_without(sue, chat):
    answer = sue.post(at(chat, "resolution"), data={"reason": "no_reply"}, headers=HTMX)
    assert "No reply from the customer" in answer.text
    assert "You resolved it: no reply from the customer" in answer.text
    assert sue.post(at(chat, "resolution"), data={"reason": "merged"}, headers=HTMX).status_code == 422


def test_it_is_merged_and_says_where_it_goes_on(sue, chat):
    other = make_other(chat)
    answer = sue.post(at(chat, "merger"), data={"into": other.id}, headers=HTMX)
    assert f'href="/admin/conversations/{other.id}"' in answer.text
    assert "Open again" not in answer.text
    page = sue.get(f"/admin/conversations/{other.id}").text
    assert "You merged another conversation into this one" in page
    senders = [said.sender for said in conversations.messages_after(other.id, 0)][-2:]
    assert senders == [Sender.CUSTOMER, Sender.AGENT], "what was owed in the one is answered in the other"
    refused = sue.post(at(other, "merger"), data={"into": chat.id}, headers=HTMX)
    assert refused.status_code in (409, 422)


def test_a_link_to_what_was_merged_away_leads_on_and_the_team_can_still_read_it(sue, chat):
    other = make_other(chat)
    last = make_other(chat)
    sue.post(at(chat, "merger"), data={"into": other.id})
    sue.post(at(other, "merger"), data={"into": last.id})
    answer = sue.get(f"/admin/conversations/{chat.id}")
    assert (answer.status_code, answer.location) == (303, f"/admin/conversations/{last.id}")
    thread = sue.get(f"/admin/conversations/{other.id}?merged=shown").text
    assert f'"/admin/conversations/{chat.id}?merged=shown"' in thread
    assert "See the other one" in thread
    assert "It goes on in" in sue.get(f"/admin/conversations/{chat.id}", headers=HTMX).text


def test_who_only_looks_changes_nothing(rita, stan, chat):
    for what in ("holder", "snooze", "waking", "marks", "resolution", "merger"):
        assert rita.post(at(chat, what)).status_code == 403
        assert stan.post(at(chat, what)).status_code == 404
    assert rita.get(at(chat, "work")).status_code == 403
    assert fresh(chat).state is State.AGENT


# Writing first


def test_a_teammate_writes_first_from_the_customers_page(sue, chat, agent):
    page = f"/admin/customers/{chat.customer_id}"
    assert f'href="{page}/conversations/new"' in sue.get(page).text
    form = {"agent": agent.id, "text": "Your lamp is ready", "client_id": uuid.uuid4().hex}
    assert "under way" in sue.post(f"{page}/conversations", data=form).text
    conversations.resolve(chat, now=utc_now())
    assert sue.post(f"{page}/conversations", data=form | {"text": " "}).status_code == 422
    assert sue.post(f"{page}/conversations", data=form | {"agent": "none"}).status_code == 404
    for _twice in range(2):
        answer = sue.post(f"{page}/conversations", data=form)
        assert answer.status_code == 303
    begun = db.session.get(Conversation, uuid.UUID(answer.location.rpartition("/")[2]))
    assert (begun.state, begun.customer_id) == (State.PERSON, chat.customer_id)
    assert len(db.session.scalars(select(Conversation)).all()) == 2
