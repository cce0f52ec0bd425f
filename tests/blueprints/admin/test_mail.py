"""Settings → E-mail."""

import base64
import re

import pytest

from core import return_links
from core.clock import utc_now
from core.letters import mailboxes, settings
from models import db
from models.audits import AuditEntry
from models.letters import Mailbox, MailboxKind
from tests.conftest import make_conversation

PAGE = "/admin/settings/mail/"
HTMX = {"HX-Request": "true"}
POSTMARK = {"kind": "postmark", "address": "Help@in.example"}
IMAP = {"kind": "imap", "address": "help@in.example", "host": "imap.in.example", "user": "help", "password": "pw"}


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr("core.letters.polling.new_mails", lambda *_a, **_k: iter(()))


def test_the_page_and_who_may_see_it(olga, eddy, vera):
    page = olga.get(PAGE)
    assert page.status_code == 200
    assert "To customers who have left" in page.text
    assert olga.get(PAGE, headers=HTMX).status_code == 200
    assert eddy.get(PAGE).status_code == 403
    assert vera.get(PAGE).status_code in (302, 303, 401)


def test_a_workspace_decides_when_mails_leave(olga, workspace):
    assert olga.post(f"{PAGE}leaving", data={"is_on": "y", "minutes": "20"}).status_code == 303
    assert settings.of(workspace.id).minutes == 20
    assert "Saved" in olga.post(f"{PAGE}leaving", data={"minutes": "20"}, headers=HTMX).text
    assert not settings.of(workspace.id).is_on
    for wrong in ("0", "5000", "soon", ""):
        assert olga.post(f"{PAGE}leaving", data={"minutes": wrong}, headers=HTMX).status_code == 422


def test_an_address_is_added_and_its_secret_shown_once(olga, vera, workspace):
    page = olga.post(f"{PAGE}mailboxes", data=POSTMARK, headers=HTMX)
    path = re.search(r"/inbound/mail/[\w-]+", page.text)[0]
    assert path not in olga.get(PAGE).text
    assert mailboxes.first_of(workspace.id).address == "help@in.example"
    assert vera.post(path, json={"From": "a@b.example"}).status_code == 200


def test_another_secret_takes_the_place_of_the_first(olga, vera):
    first = re.search(r"/inbound/mail/[\w-]+", olga.post(f"{PAGE}mailboxes", data=POSTMARK).text)[0]
    mailbox = db.session.query(Mailbox).one()
    second = re.search(r"/inbound/mail/[\w-]+", olga.post(f"{PAGE}mailboxes/{mailbox.id}/hook").text)[0]
    assert vera.post(first, json={"From": "a@b.example"}).status_code == 404
    assert vera.post(second, json={"From": "a@b.example"}).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"address": "nobody"},
        {"address": "help+more@in.example"},
        {"address": f"{'h' * 25}@in.example"},
        {"kind": "fax"},
        {"kind": "mailgun"},
        {"kind": "sendgrid", "public_key": "no key"},
        {"kind": "sendgrid", "public_key": base64.b64encode(bytes(91)).decode()},
        {"kind": "imap"},
        {**IMAP, "host": ""},
        {**IMAP, "port": "70000"},
    ],
)
def test_what_cannot_work_is_refused_in_words(olga, change):
    answer = olga.post(f"{PAGE}mailboxes", data=POSTMARK | change, headers=HTMX)
    assert answer.status_code == 422
    assert "problem" in answer.text
    assert db.session.query(Mailbox).count() == 0


def test_the_same_address_twice_and_too_many_are_refused(olga):
    for number in range(mailboxes.MOST):
        olga.post(f"{PAGE}mailboxes", data=POSTMARK | {"address": f"h{number}@in.example"})
    for address in ("h1@in.example", "another@in.example"):
        again = olga.post(f"{PAGE}mailboxes", data=POSTMARK | {"address": address}, headers=HTMX)
        assert again.status_code == 422
    assert db.session.query(Mailbox).count() == mailboxes.MOST


def test_a_mailbox_is_read_from_now_on_and_its_password_is_sealed(olga):
    page = olga.post(f"{PAGE}mailboxes", data=IMAP, headers=HTMX).text
    assert "read every two minutes" in page
    mailbox = db.session.query(Mailbox).one()
    assert (mailbox.kind, mailbox.hook_hash) == (MailboxKind.IMAP, None)
    assert b"pw" not in mailbox.sealed_secret
    assert mailboxes.secret_of(mailbox) == "pw"
    assert olga.post(f"{PAGE}mailboxes/{mailbox.id}/reading", headers=HTMX).status_code == 200
    assert olga.post(f"{PAGE}mailboxes/{mailbox.id}/hook").status_code == 409


def test_an_address_is_removed_and_nobody_elses(olga, stan):
    olga.post(f"{PAGE}mailboxes", data=POSTMARK)
    mailbox = db.session.query(Mailbox).one()
    for action in ("removal", "hook", "reading"):
        assert stan.post(f"{PAGE}mailboxes/{mailbox.id}/{action}").status_code == 404
    assert "was removed" in olga.post(f"{PAGE}mailboxes/{mailbox.id}/removal", headers=HTMX).text
    assert db.session.query(Mailbox).count() == 0
    actions = {entry.action for entry in db.session.query(AuditEntry)}
    assert {"mailbox.add", "mailbox.remove"} <= actions


def test_all_links_are_taken_back(olga, agent, workspace):
    return_links.make(make_conversation(agent), now=utc_now())
    assert "Take all links back" in olga.get(PAGE).text
    olga.post(f"{PAGE}links/end")
    assert return_links.count(workspace, now=utc_now()) == 0
