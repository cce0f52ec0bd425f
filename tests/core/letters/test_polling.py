"""Mailboxes that are read: what is found is taken once, and how far it was read is kept."""

import pytest

from core import letters
from core.clock import utc_now
from core.letters import mailboxes, polling
from core.letters.mailboxes import Wanted
from core.letters.marks import answer_address
from gateways.outgoing.imap import Found, ImapFailed, Place
from models import db
from models.conversations import Message
from models.letters import Letter, Mailbox, MailboxKind
from models.teammates import Role
from tests.conftest import make_conversation, make_customer, make_teammate

NOW = utc_now()
SERVER = {"host": "imap.in.example", "port": 993, "user": "help", "folder": "INBOX"}


@pytest.fixture
def mailbox(workspace):
    owner = make_teammate(workspace, "Olga", Role.OWNER)
    wanted = Wanted(MailboxKind.IMAP, "help@in.example", "pw", SERVER)
    return mailboxes.add(workspace, wanted, by=owner, now=NOW)[0]


@pytest.fixture
def talk(agent):
    return make_conversation(agent, make_customer(agent.workspace_id, "Marta", email="marta@mail.example"))


def mail(talk, number):
    to = answer_address("help@in.example", talk.id)
    return f"From: marta@mail.example\r\nTo: {to}\r\nMessage-ID: <{number}@x>\r\n\r\nHello {number}\r\n".encode()


def test_each_mail_is_taken_once_and_the_place_is_kept(mailbox, talk):
    asked = []

    def reader(account, since):
        asked.append((account.password, since))
        yield Found(Place(7, 4), mail(talk, 4))
        yield Found(Place(7, 5), None)

    polling.read(mailbox.id, reader)
    polling.read(mailbox.id, reader)
    assert asked == [("pw", Place()), ("pw", Place(7, 5))]
    assert [message.text for message in db.session.query(Message).filter_by(sender="customer")] == ["Hello 4"]
    assert db.session.query(Letter).count() == 1
    assert letters.of(talk)[0].mail_id == "<4@x>"


def test_what_went_wrong_is_told_and_what_came_before_it_is_kept(mailbox, talk):
    def reader(_account, _since):
        yield Found(Place(7, 4), mail(talk, 4))
        raise ImapFailed("The server ended the connection.")

    polling.read(mailbox.id, reader)
    row = db.session.get_one(Mailbox, mailbox.id, populate_existing=True)
    assert row.problem == "The server ended the connection."
    assert row.settings == {**SERVER, "validity": 7, "last": 4}
    polling.read(mailbox.id, lambda _account, _since: iter(()))
    assert db.session.get_one(Mailbox, mailbox.id, populate_existing=True).problem is None


def nested(depth):
    parts = (f'Content-Type: multipart/mixed; boundary="b{place}"\r\n\r\n--b{place}\r\n' for place in range(depth))
    return "From: marta@mail.example\r\n" + "".join(parts) + "\r\nHello"


@pytest.mark.parametrize(
    "hostile",
    [
        nested(3_000),
        "Content-Type: message/rfc822\r\n\r\n" * 3_000,
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + "--b\r\n\r\nx\r\n" * 20_000,
        "From: " + "(" * 20_000 + "\r\n\r\nHello",
    ],
)
def test_one_that_was_made_to_be_unreadable_holds_up_nobody(mailbox, talk, hostile):
    def reader(_account, _since):
        yield Found(Place(7, 4), hostile.encode())
        yield Found(Place(7, 5), mail(talk, 5))

    polling.read(mailbox.id, reader)
    assert [message.text for message in db.session.query(Message).filter_by(sender="customer")] == ["Hello 5"]
    row = db.session.get_one(Mailbox, mailbox.id, populate_existing=True)
    assert (row.settings["last"], row.problem) == (5, None)


@pytest.mark.parametrize("charset", ['"\x00"', "idna", "undefined", "rot13", "no-such"])
def test_an_encoding_that_is_none_loses_no_mail(mailbox, talk, charset):
    strange = mail(talk, 4).replace(b"\r\n\r\n", f"\r\nContent-Type: text/plain; charset={charset}\r\n\r\n".encode(), 1)
    polling.read(mailbox.id, lambda _account, _since: iter([Found(Place(7, 4), strange)]))
    assert [message.text for message in db.session.query(Message).filter_by(sender="customer")] == ["Hello 4"]
