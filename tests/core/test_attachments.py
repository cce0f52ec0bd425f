"""Files that somebody hands in, where a store, a scanner or a customer goes meanwhile."""

import threading

import pytest

from core import attachments, erasures
from core.attachments import checking, taking
from core.clock import utc_now
from core.errors import NotFound, TooMany, Unavailable
from core.file_kinds import kind_of
from gateways.files import FileStore, current_files
from models import db
from models.customers import Customer
from models.files import Attachment
from tests.core.test_answers import elsewhere

pytestmark = pytest.mark.usefixtures("files")

WORDS = b"Two lamps, please."


def hand_in(conversation, **changes):
    told = {"name": "order.txt", "content": WORDS, "by": None, "now": utc_now()} | changes
    return attachments.add(conversation, **told)


def meanwhile(monkeypatch, action):
    """Something happens while a file is being checked."""
    checked = checking.checked

    def slow(content, kind):
        monkeypatch.setattr(taking, "checked", checked)
        action()
        return checked(content, kind)

    monkeypatch.setattr(taking, "checked", slow)


def test_who_is_erased_while_their_file_is_checked_leaves_none(app, conversation, monkeypatch):
    customer_id = conversation.customer_id

    def erase():
        erasures.erase(db.session.get_one(Customer, customer_id), by=None, now=utc_now())

    meanwhile(monkeypatch, lambda: elsewhere(app, erase))
    with pytest.raises(NotFound):
        hand_in(conversation)
    assert current_files().keys("attachments") == []
    assert db.session.query(Attachment).count() == 0


def test_files_that_are_checked_at_once_are_counted_together(conversation, monkeypatch):
    monkeypatch.setattr(taking, "MOST_UNSENT", 1)
    meanwhile(monkeypatch, lambda: hand_in(conversation))
    with pytest.raises(TooMany):
        hand_in(conversation)
    [row] = db.session.query(Attachment).all()
    assert current_files().keys("attachments") == [f"attachments/{row.id}"]


def test_when_many_are_being_checked_the_next_is_asked_to_come_again(conversation, monkeypatch):
    hands = threading.BoundedSemaphore(1)
    monkeypatch.setattr(checking, "_hands", hands)
    monkeypatch.setattr(checking, "_PATIENCE", 0.01)
    with hands, pytest.raises(Unavailable) as busy:
        hand_in(conversation)
    assert busy.value.retry_after
    assert current_files().keys("attachments") == []
    assert hand_in(conversation).size == len(WORDS)


def test_a_file_that_is_refused_gives_its_place_back(monkeypatch):
    monkeypatch.setattr(checking, "_hands", threading.BoundedSemaphore(1))
    monkeypatch.setattr(checking, "_PATIENCE", 0.01)

    def broken(*_arguments, **_named):
        raise MemoryError

    monkeypatch.setattr(checking.images, "encode", broken)
    png = kind_of(b"\x89PNG\r\n\x1a\n" + b"\x00" * 30, "a.png")
    for _ in range(2):
        with pytest.raises(MemoryError):
            checking.checked(b"", png)


def test_a_store_that_fails_keeps_nobody_from_going_on(conversation, monkeypatch):
    row = hand_in(conversation)

    def gone(*_arguments):
        raise OSError("the store does not answer")

    monkeypatch.setattr(FileStore, "delete", gone)
    attachments.discard_unsent([row])
    assert db.session.query(Attachment).count() == 0


def test_what_an_archive_brings_is_measured_anew(conversation):
    row = hand_in(conversation, name="order.txt")
    row.name, row.size, row.width = "../order\u202etxt.exe", 5, 7
    attachments.put_back(row, WORDS + b" Or three.")
    assert (row.size, row.width, row.media_type) == (len(WORDS) + 10, None, "text/plain")
    assert "/" not in row.name
    assert "\u202e" not in row.name
    assert attachments.content_of(row) == WORDS + b" Or three."
