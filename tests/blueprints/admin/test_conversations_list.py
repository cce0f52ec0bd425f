"""The list of the inbox: filters, saved views, and many conversations at once."""

import re
from datetime import timedelta

import pytest

from core import conversations, tags, teams
from core.clock import utc_now
from models import db
from models.conversations import Conversation, Priority, State
from models.inbox import ConversationTag, SavedView
from models.teammates import Teammate
from tests.conftest import make_conversation, make_customer

pytestmark = pytest.mark.both_databases

HTMX = {"HX-Request": "true"}
INDEX = "/admin/conversations/"
CHANGES = "/admin/conversations/changes"
VIEWS = "/admin/conversations/views"


def asked(agent, name, **changes) -> Conversation:
    conversation = make_conversation(agent, make_customer(agent.workspace_id, name), **changes)
    conversations.ask(conversation, client_id="one", text=f"{name} asks", now=utc_now())
    return conversation


@pytest.fixture
def german(agent) -> Conversation:
    return asked(agent, "Greta", language="de")


@pytest.fixture
def english(agent) -> Conversation:
    return asked(agent, "Enid")


def listed(page):
    return re.findall(r"<strong>(\w+)</strong>", page)


def one_named(name) -> Teammate:
    return db.session.query(Teammate).filter_by(name=name).one()


def fresh(conversation) -> Conversation:
    db.session.expire_all()
    return db.session.get(Conversation, conversation.id)


def test_a_filter_leaves_what_is_like_it_and_can_be_taken_off(rita, german, english):
    page = rita.get(INDEX, query_string={"view": "all", "language": "de"}).text
    assert listed(page) == ["Greta"]
    assert "Language: German" in page
    assert 'href="/admin/conversations/?view=all"' in page
    fragment = rita.get(INDEX, query_string={"view": "all", "language": "de"}, headers=HTMX).text
    assert listed(fragment) == ["Greta"]
    assert 'id="inbox-views"' in fragment
    assert 'hx-swap-oob="morph"' in fragment


def test_filters_that_leave_nothing_say_so(rita, english):
    page = rita.get(INDEX, query_string={"view": "all", "mood": "upset"}).text
    assert "No conversation is like that" in page
    assert "Take the filters off" in page


def test_what_was_searched_for_is_marked_in_the_row(rita, english):
    assert "<mark>asks</mark>" in rita.get(INDEX, query_string={"search": "asks"}).text


def test_news_are_marked_and_the_marks_are_of_the_list(sue, english):
    conversations.request_person(english, reason="asked", now=utc_now())
    page = sue.get(INDEX, query_string={"view": "waiting"}).text
    assert "is-unread" in page
    assert '2<span class="visually-hidden"> unread</span>' in page


def test_a_view_is_saved_shown_changed_and_removed(sue, german, english):
    saved = sue.post(VIEWS, data={"name": "German", "view": "all", "language": "de", "is_shared": "1"})
    assert saved.status_code == 303
    page = sue.get(saved.location).text
    assert listed(page) == ["Greta"]
    assert "Save this view" not in page
    view = db.session.query(SavedView).one()
    assert f'saved={view.id}" aria-current="page"' in page
    row = re.search(r'class="inbox-row" href="([^"]+)"', page).group(1).replace("&amp;", "&")
    assert f"saved={view.id}" in row
    assert "German" in sue.get(VIEWS).text
    assert sue.post(f"{VIEWS}/{view.id}", data={"name": "Deutsch"}).status_code == 303
    db.session.expire_all()
    assert (view.name, view.is_shared) == ("Deutsch", False)
    assert sue.post(f"{VIEWS}/{view.id}/removal").status_code == 303
    assert "No saved views yet" in sue.get(VIEWS).text


def test_a_saved_view_needs_a_name(sue, english):
    answer = sue.post(VIEWS, data={"name": "  ", "view": "all"})
    assert answer.status_code == 422
    assert "The name is empty." in answer.text


def test_somebody_else_s_own_view_is_not_there_and_their_shared_one_is_not_changed(sue, rita, stan, english):
    sue.post(VIEWS, data={"name": "Own", "view": "all"})
    sue.post(VIEWS, data={"name": "Shared", "view": "all", "is_shared": "1"})
    own = db.session.query(SavedView).filter_by(name="Own").one().id
    shared = db.session.query(SavedView).filter_by(name="Shared").one().id
    assert rita.get(INDEX, query_string={"saved": own}).status_code == 404
    assert rita.post(f"{VIEWS}/{own}/removal").status_code == 404
    assert rita.get(INDEX, query_string={"saved": shared}).status_code == 200
    assert rita.post(f"{VIEWS}/{shared}/removal").status_code == 403
    assert stan.get(INDEX, query_string={"saved": shared}).status_code == 404
    assert rita.post(VIEWS, data={"name": "Mine", "view": "all", "is_shared": "1"}).status_code == 403


def test_many_are_resolved_and_what_was_done_is_told(sue, german, english):
    answer = sue.post(CHANGES, data={"act": "resolve", "conversation": [german.id, english.id]}, headers=HTMX)
    assert answer.text.strip() == "2 conversations resolved."
    assert answer.headers["HX-Trigger"] == "inbox:refresh"
    assert {fresh(one).state for one in (german, english)} == {State.RESOLVED}


def test_without_script_the_list_says_what_was_done(sue, german):
    answer = sue.post(CHANGES, data={"act": "resolve", "conversation": german.id, "view": "all"})
    assert answer.location == "/admin/conversations/?view=all"
    assert "1 conversation resolved." in sue.get(answer.location).text


def test_many_are_given_tagged_pressed_put_off_and_read(sue, workspace, german, english):
    me, now = one_named("Sue"), utc_now()
    tag = tags.create(workspace, name="refund", by=me, now=now)
    team = teams.add(workspace, name="Sales", languages=[], members=[me.id], by=me, now=now)
    both = {"conversation": [german.id, english.id]}
    for act, field, value in (
        ("assign", "whom", f"team:{team.id}"),
        ("assign", "whom", f"teammate:{me.id}"),
        ("tag", "tag", tag.id),
        ("priority", "priority", "urgent"),
        ("snooze", "snooze", "day"),
        ("read", "act", "read"),
    ):
        answer = sue.post(CHANGES, data=both | {"act": act, field: value}, headers=HTMX)
        assert answer.text.strip().startswith("2 conversations"), act
    for one in (fresh(german), fresh(english)):
        assert (one.teammate_id, one.team_id, one.priority) == (me.id, team.id, Priority.URGENT)
        assert one.snoozed_until > utc_now() + timedelta(hours=23)
    assert db.session.query(ConversationTag).count() == 2
    assert "refund" in sue.get(INDEX, query_string={"view": "snoozed"}).text
    sue.post(CHANGES, data=both | {"act": "untag", "tag": tag.id})
    sue.post(CHANGES, data=both | {"act": "assign", "whom": "nobody"})
    assert db.session.query(ConversationTag).count() == 0
    assert fresh(german).teammate_id is None


def test_what_could_not_be_done_is_told_with_its_reason(sue, german, english):
    conversations.resolve(english, now=utc_now())
    data = {"act": "snooze", "snooze": "day", "conversation": [german.id, english.id]}
    said = sue.post(CHANGES, data=data, headers=HTMX).text
    assert "1 conversation snoozed. 1 left as they were: This conversation is resolved" in said


@pytest.mark.parametrize(
    "data",
    [
        {"act": "resolve"},
        {"act": "dance", "conversation": True},
        {"act": "resolve", "conversation": "1"},
        {"act": "priority", "priority": "huge", "conversation": True},
        {"act": "snooze", "snooze": "century", "conversation": True},
        {"act": "tag", "conversation": True},
        {"act": "assign", "whom": "team:x", "conversation": True},
    ],
)
def test_what_cannot_be_meant_is_refused(sue, german, data):
    sent = data | ({"conversation": german.id} if data.get("conversation") is True else {})
    assert sue.post(CHANGES, data=sent, headers=HTMX).status_code == 422
    assert fresh(german).state is State.AGENT


def test_only_who_may_answer_changes_many_and_only_their_own(rita, sue, stan, german, other_agent):
    data = {"act": "resolve", "conversation": german.id}
    assert rita.post(CHANGES, data=data).status_code == 403
    assert stan.post(CHANGES, data=data).status_code == 404
    theirs = asked(other_agent, "Else")
    assert sue.post(CHANGES, data=data | {"conversation": [german.id, theirs.id]}).status_code == 404
    assert fresh(german).state is State.AGENT
    assert 'name="conversation"' not in rita.get(INDEX).text
