"""Files by the widget's API: taken, sent with a message, and fetched by nobody but their own conversation."""

import io
import threading
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import attachments, conversations, unanswered
from core.attachments import taking
from core.clock import utc_now
from gateways.files import current_files
from gateways.scanner import Scanner, use_scanner
from models import db, new_id
from models.agents import WidgetVersion
from models.conversations import Conversation, Message
from models.files import Attachment
from models.teammates import Role, Teammate
from tests.blueprints.widget.test_own_data import Chat
from tests.clamd import MARK, running_clamd
from tests.core.test_file_kinds import office
from tests.core.test_images import drawn


@pytest.fixture
def chat(vera, agent):
    return Chat(vera, agent)


@pytest.fixture
def clamd():
    with running_clamd() as server:
        use_scanner(server.scanner())
        yield server
    use_scanner(None)


def hand_in(chat, content=b"Two lamps, please.", name="order.txt"):
    # Put together here: the test client would leave a temporary file of each large body behind.
    head = f'--line\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + b"\r\n--line--\r\n"
    return chat.call("POST", "/attachments", data=body, content_type="multipart/form-data; boundary=line")


def send(chat, ids, text="", client_id="one"):
    return chat.call("POST", "/messages", json={"clientId": client_id, "text": text, "attachments": ids})


def said(chat):
    return chat.call("GET", "/messages?after=0").json["messages"]


def stored():
    return set(current_files().keys("attachments"))


def rows():
    return db.session.scalars(select(Attachment)).all()


def test_a_picture_is_taken_sent_and_fetched(chat):
    answer = hand_in(chat, drawn((3000, 1500), "JPEG") + b"<script>alert(1)</script>", "Lamp é.jpg")
    assert answer.status_code == 201
    told = answer.json
    assert {key: told[key] for key in ("name", "mediaType", "width", "height")} == {
        "name": "Lamp é.webp",
        "mediaType": "image/webp",
        "width": 2048,
        "height": 1024,
    }
    assert told["url"] == f"/api/v1/widget/attachments/{told['id']}"
    assert send(chat, [told["id"]]).status_code == 201
    message, reply = said(chat)
    assert message["attachments"] == [told]
    assert message["text"] == ""
    assert "cannot look into files" in reply["text"]
    assert reply["offerPerson"] is True
    fetched = chat.call("GET", f"/attachments/{told['id']}")
    assert fetched.status_code == 200
    assert b"script" not in fetched.data
    assert len(fetched.data) == told["size"]
    assert fetched.headers["Content-Type"] == "image/webp"
    assert fetched.headers["Content-Disposition"].startswith("inline;")
    assert fetched.headers["X-Content-Type-Options"] == "nosniff"
    assert fetched.headers["Cache-Control"] == "private, no-store"
    assert fetched.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "sandbox" in fetched.headers["Content-Security-Policy"]


def test_words_that_only_point_at_a_file_are_no_question(chat, agent):
    for words in ("Here it is.", "Do you sell submarines?"):
        told = hand_in(chat, b"a;b\n1;2\n", "list.csv").json
        assert send(chat, [told["id"]], text=words, client_id=told["id"]).status_code == 201
    replies = [message["text"] for message in said(chat) if message["from"] == "agent"]
    assert ["cannot look into files" in text for text in replies] == [True, False]
    assert [question.text for question in unanswered.listed(agent)] == ["Do you sell submarines?"]


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (b"%PDF-1.7 <html><script>alert(1)</script>", "x.html", "application/pdf"),
        (b"a;b\n1;2\n", "x.csv", "text/csv; charset=utf-8"),
        (office(), "x.png", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_what_is_no_picture_is_only_saved(chat, content, name, media_type):
    told = hand_in(chat, content, name).json
    assert "width" not in told
    fetched = chat.call("GET", f"/attachments/{told['id']}")
    assert fetched.headers["Content-Type"] == media_type
    assert fetched.headers["Content-Disposition"].startswith("attachment;")
    assert fetched.data == content


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "x.png", "file_refused"),
        (b"<!doctype html>", "x.txt", "file_refused"),
        (b"", "x.txt", "file_refused"),
        (drawn()[:60], "cut.png", "picture_refused"),
        (b"GIF89a" + b"<script>alert(1)</script>" * 9, "x.gif", "picture_refused"),
        (b"a" * (attachments.MOST_BYTES + 1), "x.txt", "file_too_large"),
    ],
)
def test_what_may_not_be_sent_is_refused_and_not_kept(chat, content, name, code):
    before = stored()
    answer = hand_in(chat, content, name)
    assert (answer.status_code, answer.json["error"]["code"]) == (422, code)
    assert stored() == before
    assert not rows()


def test_a_request_that_is_far_too_large_is_not_read(chat):
    answer = hand_in(chat, b"a" * (attachments.MOST_BYTES + 400_000))
    assert (answer.status_code, answer.json["error"]["code"]) == (413, "too_large")


def test_only_the_upload_may_be_large(chat):
    answer = chat.call("POST", "/messages", data=b"x" * (9 * 1024 * 1024), content_type="application/json")
    assert answer.status_code == 413


def test_who_has_no_session_hands_in_nothing(vera):
    answer = vera.post("/api/v1/widget/attachments", data={"file": (io.BytesIO(b"x"), "x.txt")})
    assert (answer.status_code, answer.json["error"]["code"]) == (401, "token_required")


def test_a_form_without_a_file_is_refused(chat):
    assert chat.call("POST", "/attachments", data={"other": "x"}).status_code == 422
    assert chat.call("POST", "/attachments", json={"file": "x"}).status_code == 422


def test_where_files_are_switched_off_none_is_taken(chat, agent):
    settings = {"features": {"attachments": False}}
    db.session.add(WidgetVersion(agent_id=agent.id, number=9, settings=settings, published_at=utc_now()))
    db.session.commit()
    answer = hand_in(chat)
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "files_off")


def test_the_same_message_twice_is_one(chat):
    told = hand_in(chat).json
    first, again = (send(chat, [told["id"]], "Here it is.") for _ in range(2))
    assert first.json == again.json
    assert [message["text"] for message in said(chat) if message["from"] == "customer"] == ["Here it is."]


def test_a_file_is_sent_once(chat):
    told = hand_in(chat).json
    send(chat, [told["id"]])
    answer = send(chat, [told["id"]], client_id="two")
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "file_gone")


@pytest.mark.parametrize(
    "ids", [["not an id"], "no list", [str(uuid.uuid4())] * 6, {"a": 1}, [None], [str(uuid.uuid4())]]
)
def test_ids_that_are_none_are_refused(chat, ids):
    answer = send(chat, ids, "And a text")
    assert answer.status_code == 422
    assert said(chat) == []


def test_a_message_has_words_or_files(chat):
    assert send(chat, []).status_code == 422
    assert chat.call("POST", "/messages", json={"clientId": "a", "text": 5, "attachments": []}).status_code == 422


def test_files_of_another_conversation_are_unknown(chat, app, agent, other_agent):
    told = hand_in(chat).json
    for other in (Chat(app.test_client(), agent), Chat(app.test_client(), other_agent)):
        assert other.call("GET", f"/attachments/{told['id']}").status_code == 404
        assert send(other, [told["id"]]).json["error"]["code"] == "file_gone"
    assert chat.call("GET", f"/attachments/{told['id']}").status_code == 200


def test_what_a_teammate_has_not_sent_yet_is_not_the_customers(chat, workspace):
    hand_in(chat)
    conversation = db.session.scalars(select(Conversation)).one()
    sue = Teammate(
        workspace_id=workspace.id, name="Sue", email="sue@x.example", password_hash="x", role=Role.SUPPORT,
        created_at=utc_now(),
    )  # fmt: skip
    db.session.add(sue)
    db.session.commit()
    row = attachments.add(conversation, name="offer.txt", content=b"Cheap", by=sue, now=utc_now())
    assert chat.call("GET", f"/attachments/{row.id}").status_code == 404
    assert send(chat, [str(row.id)]).json["error"]["code"] == "file_gone"
    conversations.write_as_person(conversation, sue, text="", files=[row.id], now=utc_now())
    assert chat.call("GET", f"/attachments/{row.id}").data == b"Cheap"


def test_a_session_that_was_ended_fetches_nothing(chat):
    told = hand_in(chat).json
    chat.call("DELETE", "/sessions")
    assert chat.call("GET", f"/attachments/{told['id']}").status_code == 401


def test_an_infected_file_is_refused_and_never_stored(chat, clamd):
    before = stored()
    answer = hand_in(chat, b"an invoice " + MARK)
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "file_infected")
    assert stored() == before
    assert not rows()
    assert hand_in(chat, b"clean").status_code == 201
    # What came is what is scanned, not what becomes of it.
    picture = drawn() + MARK
    assert hand_in(chat, picture, "x.png").json["error"]["code"] == "file_infected"
    assert clamd.seen[-1] == picture


def test_without_its_scanner_nothing_is_taken(chat):
    use_scanner(Scanner("127.0.0.1", 9, seconds=1))
    try:
        answer = hand_in(chat)
    finally:
        use_scanner(None)
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "scanner_unavailable")
    assert answer.json["error"]["retryAfter"] == 60
    assert not rows()


def test_too_many_that_wait_unsent_are_refused(chat, monkeypatch):
    monkeypatch.setattr(taking, "MOST_UNSENT", 2)
    first = [hand_in(chat).json["id"] for _ in range(2)]
    assert hand_in(chat).status_code == 429
    send(chat, first)
    assert hand_in(chat).status_code == 201


def test_what_is_not_sent_within_a_day_is_swept(chat):
    kept, sent = hand_in(chat).json["id"], hand_in(chat).json["id"]
    send(chat, [sent])
    attachments.clear_unsent(now=utc_now() + timedelta(hours=23))
    assert len(rows()) == 2
    attachments.clear_unsent(now=utc_now() + timedelta(hours=25))
    assert [str(row.id) for row in rows()] == [sent]
    assert f"attachments/{kept}" not in stored()
    assert f"attachments/{sent}" in stored()
    assert send(chat, [kept], client_id="two").json["error"]["code"] == "file_gone"


def test_bytes_that_nobody_refers_to_are_swept(chat):
    told = hand_in(chat).json
    orphan = f"attachments/{new_id()}"
    current_files().write(orphan, b"left behind")
    current_files().write("attachments/no-number", b"somebody else's")
    attachments.clear_files_without_rows(now=utc_now())
    assert orphan in stored()
    attachments.clear_files_without_rows(now=utc_now() + timedelta(hours=25))
    assert orphan not in stored()
    assert "attachments/no-number" in stored()
    assert f"attachments/{told['id']}" in stored()


def test_who_is_erased_leaves_no_file(chat):
    told = hand_in(chat).json
    send(chat, [told["id"]])
    chat.forget()
    assert not rows()
    assert f"attachments/{told['id']}" not in stored()


def test_two_messages_that_bring_the_same_file_at_once_do_not_share_it(app, chat):
    told = hand_in(chat).json["id"]
    conversation_id = db.session.scalars(select(Conversation.id)).one()
    db.session.commit()
    outcomes = []

    def ask(number):
        with app.app_context():
            conversation = db.session.get_one(Conversation, conversation_id)
            try:
                conversations.ask(
                    conversation, client_id=f"c{number}", text="x", files=[uuid.UUID(told)], now=utc_now()
                )
                outcomes.append("sent")
            except Exception as refusal:
                outcomes.append(getattr(refusal, "code", repr(refusal)))
            db.session.remove()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["file_gone", "file_gone", "file_gone", "sent"]
    assert db.session.query(Message).count() == 1


def test_the_page_without_scripts_names_the_files(chat, vera, agent):
    told = hand_in(chat, name="order.txt").json
    send(chat, [told["id"]])
    page = vera.get(f"/widget/{agent.public_id}", headers={"Referer": "https://example.com/"}).text
    assert "order.txt" in page


@pytest.mark.parametrize("bound", ["MOST_OF_A_CONVERSATION", "MOST_OF_A_DAY"])
def test_customers_cannot_fill_the_disk(chat, monkeypatch, bound):
    monkeypatch.setattr(taking, bound, 30)
    assert hand_in(chat).status_code == 201
    assert hand_in(chat).status_code == 201
    answer = hand_in(chat)
    assert answer.status_code == 429
    assert "in words" in answer.json["error"]["message"]
    assert len(rows()) == 2
