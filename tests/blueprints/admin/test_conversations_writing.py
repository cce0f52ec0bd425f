"""What is at hand for writing: notes, drafts, canned replies, and how it will look."""

import pytest

from core import canned_replies, conversations, notes, reply_drafts
from core.assistance import Suggestion
from core.clock import utc_now
from models import db
from models.conversations import State
from models.teammates import Teammate
from tests.conftest import make_conversation, make_customer

HTMX = {"HX-Request": "true"}


@pytest.fixture
def chat(agent):
    begun = make_conversation(agent, make_customer(agent.workspace_id, "Marta Novak"))
    conversations.ask(begun, client_id="one", text="Where is my lamp?", now=utc_now())
    return begun


def address(chat, *rest):
    return "/".join(("/admin/conversations", str(chat.id), *map(str, rest)))


def named(name):
    return db.session.query(Teammate).filter_by(name=name).one()


def make_reply(workspace, text="Hello {{customer.first_name|there}}.", **changes):
    words = {"shortcut": "hello", "title": "A greeting", "text": text} | changes
    return canned_replies.add(workspace, **words, by=named("Sue"), now=utc_now())


# Notes


def note(client, chat, text="Sent on **Monday**.", **data):
    return client.post(address(chat, "messages"), data={"mode": "note", "text": text, **data}, headers=HTMX)


def test_a_note_stands_in_the_thread_and_nobody_takes_over(sue, chat):
    answered = note(sue, chat)
    assert "Sent on <strong>Monday</strong>." in answered.text
    assert "Note, only for your team" in answered.text
    assert chat.state is State.AGENT
    assert len(conversations.messages_after(chat.id, 0)) == 1


def test_a_note_never_goes_to_the_customer(sue, chat):
    note(sue, chat, "Difficult.")
    assert "Difficult." not in str([conversations.as_json(one) for one in conversations.messages_after(chat.id, 0)])


def test_a_note_takes_no_files_and_no_emptiness(sue, chat, tmp_path):
    (tmp_path / "a.txt").write_text("words")
    with (tmp_path / "a.txt").open("rb") as file:
        refused = note(sue, chat, files=(file, "a.txt"))
    assert refused.status_code == 422
    assert "A note takes no files" in refused.text
    assert note(sue, chat, " ").status_code == 422
    assert not notes.of(chat)


def test_only_its_author_finds_the_way_to_change_a_note(olga, sue, chat):
    written = notes.add(chat, text="Mine.", by=named("Sue"), now=utc_now())
    assert f"notes/{written.id}" in sue.get(address(chat)).text
    assert f"notes/{written.id}" not in olga.get(address(chat)).text
    assert "Mine." in sue.get(address(chat, "notes", written.id), headers=HTMX).text
    assert sue.get(address(chat, "notes", written.id)).text.count("<h1>") == 1
    assert sue.post(address(chat, "notes", written.id), data={"text": "Better."}, headers=HTMX).status_code == 200
    assert olga.post(address(chat, "notes", written.id), data={"text": "Worse."}).status_code == 403
    refused = sue.post(address(chat, "notes", written.id), data={"text": ""}, headers=HTMX)
    assert (refused.status_code, refused.headers["HX-Retarget"]) == (422, "#note-body")
    assert [one.text for one in notes.of(chat)] == ["Better."]


def test_its_author_deletes_a_note(olga, sue, chat):
    written = notes.add(chat, text="Mine.", by=named("Sue"), now=utc_now())
    assert olga.post(address(chat, "notes", written.id, "deletion")).status_code == 403
    assert sue.post(address(chat, "notes", written.id, "deletion")).status_code == 303
    assert not notes.of(chat)


def test_names_are_offered_behind_an_at(olga, sue, stan):
    found = olga.get("/admin/conversations/mentions?typed=su", headers=HTMX).text
    assert 'data-text="@Sue "' in found
    assert "Stan" not in olga.get("/admin/conversations/mentions?typed=", headers=HTMX).text
    assert olga.get("/admin/conversations/mentions").status_code == 303


# Drafts


def test_a_draft_is_there_on_the_next_device_until_it_is_sent(sue, chat):
    kept = sue.post(address(chat, "draft"), data={"text": "Dear Mar", "mode": "note"}, headers=HTMX)
    assert kept.status_code == 204
    page = sue.get(address(chat)).text
    assert "Dear Mar</textarea>" in page
    assert '<input checked class="visually-hidden" id="mode-1"' in page
    sue.post(address(chat, "messages"), data={"text": "Dear Marta"}, headers=HTMX)
    assert reply_drafts.of(chat, named("Sue")) is None


def test_nobody_sees_anothers_draft(olga, sue, chat):
    sue.post(address(chat, "draft"), data={"text": "Dear Mar", "mode": "reply"})
    assert "Dear Mar<" not in olga.get(address(chat)).text


# Canned replies


def test_a_slash_finds_replies_with_the_customers_name_in_them(sue, workspace, chat):
    make_reply(workspace)
    found = sue.get(address(chat, "canned-replies") + "?typed=hel", headers=HTMX).text
    assert 'data-text="Hello Marta."' in found
    assert "No canned reply is like" in sue.get(address(chat, "canned-replies") + "?typed=x", headers=HTMX).text
    assert sue.get(address(chat, "canned-replies") + "?typed=hel").status_code == 303


def test_what_was_sent_is_counted(sue, workspace, chat):
    reply = make_reply(workspace)
    for canned in (reply.id, "none", ""):
        data = {"text": "Hello Marta.", "canned_reply": str(canned)}
        assert sue.post(address(chat, "messages"), data=data, headers=HTMX).status_code == 200
    db.session.expire_all()
    assert canned_replies.find(workspace, reply.id).used_count == 1


def test_a_preview_shows_what_the_customer_will_see(sue):
    shown = sue.post("/admin/conversations/preview", data={"text": "**Hi** <script>"}, headers=HTMX).text
    assert "<strong>Hi</strong> &lt;script&gt;" in shown
    assert sue.post("/admin/conversations/preview", data={"text": " "}, headers=HTMX).text.strip() == ""
    assert sue.post("/admin/conversations/preview", data={"text": "Hi"}).status_code == 303


@pytest.mark.parametrize("rest", [("draft",), ("messages",)])
def test_who_may_not_answer_writes_nothing(rita, stan, chat, rest):
    data = {"text": "Hello", "mode": "note"}
    assert rita.post(address(chat, *rest), data=data).status_code == 403
    assert stan.post(address(chat, *rest), data=data).status_code == 404
    assert not notes.of(chat)


# The agent beside the person


def test_a_suggestion_is_words_to_look_at_and_no_message(sue, chat, monkeypatch):
    made = Suggestion("We <ship> on Mondays.", ["When do you ship?"], is_sure=True)
    monkeypatch.setattr("core.assistance.suggest", lambda _conversation, *, now: made)
    suggested = sue.post(address(chat, "suggestion"), headers=HTMX).text
    assert 'data-text="We &lt;ship&gt; on Mondays."' in suggested
    assert "From “When do you ship?”" in suggested
    assert len(conversations.messages_after(chat.id, 0)) == 1


def test_nothing_known_is_said_so(sue, rita, stan, chat):
    assert "Nothing that Lumi knows fits" in sue.post(address(chat, "suggestion"), headers=HTMX).text
    assert sue.post(address(chat, "suggestion")).status_code == 303
    assert rita.post(address(chat, "suggestion")).status_code == 403
    assert stan.post(address(chat, "suggestion")).status_code == 404


def test_how_a_customer_sounds_and_writes_is_marked_only_where_it_is_known(rita, chat):
    page = rita.get(address(chat)).text
    assert "Sounds" not in page
    assert "Writes in" not in page
    conversations.ask(chat, client_id="two", text="Das ist eine Frechheit, wo ist die Lampe?", now=utc_now())
    conversations.ask(chat, client_id="three", text="Ich warte auf die Lampe und auf das Geld.", now=utc_now())
    page = rita.get(address(chat)).text
    assert "Sounds upset" in page
    assert "Writes in German" in page
