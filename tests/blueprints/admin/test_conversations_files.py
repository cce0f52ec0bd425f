"""Files in the inbox: shown to who may read, added by who may answer, and nobody else's."""

import pytest
from sqlalchemy import select

from core import attachments, conversations
from core.clock import utc_now
from gateways.files import current_files
from models import db
from models.conversations import Message
from models.files import Attachment
from tests.core.test_images import drawn


@pytest.fixture
def photo(conversation):
    row = attachments.add(conversation, name="Broken lamp.jpg", content=drawn(kind="JPEG"), by=None, now=utc_now())
    conversations.ask(conversation, client_id="one", text="", files=[row.id], now=utc_now())
    return row


def reply(client, conversation, *files, text="", htmx=False, **fields):
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in {"text": text, **fields}.items()]
    parts += [f'name="files"; filename="{name}"\r\n\r\n'.encode() + content for content, name in files]
    # Put together here: the test client would leave a temporary file of each large body behind.
    body = b"".join(b"--line\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts) + b"--line--\r\n"
    return client.post(
        f"/admin/conversations/{conversation.id}/messages",
        data=body,
        content_type="multipart/form-data; boundary=line",
        headers={"HX-Request": "true"} if htmx else {},
        follow_redirects=not htmx,
    )


def address(conversation, row):
    return f"/admin/conversations/{conversation.id}/attachments/{row.id}"


def last_message():
    return db.session.scalars(select(Message).order_by(Message.seq.desc())).first()


def test_a_picture_is_shown_and_fetched(rita, conversation, photo):
    page = rita.get(f"/admin/conversations/{conversation.id}").text
    assert f'<img src="{address(conversation, photo)}" alt="Broken lamp.webp" width="300" height="200"' in page
    answer = rita.get(address(conversation, photo))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_message_without_words_is_called_by_its_files_in_the_list(rita, conversation, photo):
    assert "Broken lamp.webp" in rita.get("/admin/conversations/?view=all").text


def test_a_stranger_and_who_is_not_signed_in_fetch_nothing(stan, vera, conversation, photo):
    assert stan.get(address(conversation, photo)).status_code == 404
    assert vera.get(address(conversation, photo)).status_code == 303


def test_a_file_is_of_its_own_conversation(rita, conversation, photo, agent):
    other = conversations.begin(agent, conversation.customer, origin="", channel="web", now=utc_now())
    assert rita.get(address(other, photo)).status_code == 404


def test_a_reply_brings_files(sue, conversation, photo):
    answer = reply(sue, conversation, (drawn(), "new.png"), (b"%PDF-1.7 x", "offer.pdf"), text="Like this?")
    assert answer.status_code == 200
    message = last_message()
    assert message.text == "Like this?"
    assert [file["name"] for file in message.details["attachments"]] == ["new.webp", "offer.pdf"]
    saved = sue.get(address(conversation, db.session.scalars(select(Attachment).filter_by(name="offer.pdf")).one()))
    assert saved.headers["Content-Disposition"] == "attachment; filename=offer.pdf"


def test_a_reply_may_be_files_alone(sue, conversation, photo):
    assert reply(sue, conversation, (b"hello", "a.txt"), htmx=True).status_code == 200
    assert last_message().text == ""


def test_what_may_not_be_sent_is_told_and_nothing_is_kept(sue, conversation, photo):
    before = set(current_files().keys("attachments"))
    answer = reply(sue, conversation, (b"fine", "a.txt"), (b"<svg/>", "b.svg"), text="Look", htmx=True)
    assert answer.headers["HX-Retarget"] == "#reply-problem"
    assert "cannot be sent here" in answer.text
    assert set(current_files().keys("attachments")) == before
    assert last_message().sender == "customer"


def test_six_files_are_too_many(sue, conversation, photo):
    answer = reply(sue, conversation, *[(b"x", f"{number}.txt") for number in range(6)], htmx=True)
    assert "at most 5 files" in answer.text


def test_a_reply_sent_twice_is_stored_once_with_its_files(sue, conversation, photo):
    for _ in range(2):
        reply(sue, conversation, (b"x", "a.txt"), client_id="abcdef0123456789")
    assert db.session.query(Message).filter_by(sender="person").count() == 1
    assert db.session.query(Attachment).filter_by(name="a.txt").count() == 1


def test_a_reply_may_be_large(sue, conversation, photo):
    large = b"x" * (9 * 1024 * 1024)
    assert reply(sue, conversation, (large, "a.txt"), htmx=True).status_code == 200


def test_a_viewer_brings_nothing(rita, vera, conversation, photo):
    before = db.session.query(Attachment).count()
    assert reply(rita, conversation, (b"x", "a.txt"), htmx=True).status_code == 403
    reply(vera, conversation, (b"x", "a.txt"))
    assert db.session.query(Attachment).count() == before


def test_the_customers_page_lists_their_files(rita, conversation, photo):
    page = rita.get(f"/admin/customers/{conversation.customer_id}").text
    assert "Broken lamp.webp" in page
    assert "from the customer" in page


def test_the_export_names_the_files(olga, conversation, photo):
    from core import customer_exports

    [told] = customer_exports.whole(conversation.customer, now=utc_now())["conversations"][0]["messages"][0]["files"]
    assert told["name"] == "Broken lamp.webp"
