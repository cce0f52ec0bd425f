from datetime import timedelta
from unittest.mock import Mock

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from core import notices
from core.clock import utc_now
from models import db, transaction
from models.mails import Mail, MailStatus
from models.teammates import Workspace
from tests.letters import letters

SECRET = "https://example.com/reset-password/very-secret"


@pytest.fixture
def broken_server(monkeypatch):
    def refuse(**_):
        raise OSError(f"no route to the host, and this stood in the mail: {SECRET}")

    monkeypatch.setattr(notices, "send_mail", refuse)


def send() -> Mail:
    return notices.send(
        "test", to="una@example.com", subject="Hello", text=SECRET, html=f"<p>{SECRET}</p>", now=utc_now()
    )


def only_mail() -> Mail:
    return db.session.scalars(select(Mail).execution_options(populate_existing=True)).one()


def test_a_mail_is_sent_with_text_and_html_and_its_words_are_forgotten(app):
    letters(app)
    send()
    [letter] = letters(app)
    assert letter["To"] == "una@example.com"
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    assert (only_mail().status, only_mail().sealed) == (MailStatus.SENT, None)


def test_a_mail_waits_for_its_transaction(app):
    letters(app)
    with transaction():
        send()
        assert letters(app) == []
    assert len(letters(app)) == 1


def test_a_mail_of_something_that_did_not_happen_is_not_sent(app, workspace):
    letters(app)
    with pytest.raises(IntegrityError):
        send_and_fail(workspace)
    assert letters(app) == []
    assert db.session.scalars(select(Mail)).all() == []


def send_and_fail(workspace) -> None:
    with transaction():
        send()
        db.session.execute(insert(Workspace).values(id=workspace.id, name="Twice", created_at=utc_now()))


def test_nothing_of_a_mail_can_be_read_in_the_database_or_the_log(app, broken_server, monkeypatch):
    log = Mock()
    monkeypatch.setattr(notices, "log", log)
    mail = send()
    assert b"secret" not in mail.sealed
    assert b"una@" not in mail.sealed
    shown = str(log.mock_calls)
    assert "mail_not_sent" in shown
    assert "secret" not in shown
    assert "una@" not in shown


def test_what_was_not_sent_goes_when_the_server_is_back(app, broken_server, monkeypatch):
    letters(app)
    send()
    waiting = only_mail()
    assert (waiting.status, waiting.attempts, waiting.problem) == (MailStatus.WAITING, 1, "OSError")
    assert waiting.next_try_at > utc_now()
    monkeypatch.undo()
    notices.requeue_overdue(now=utc_now())
    assert letters(app) == []
    make_due()
    notices.requeue_overdue(now=utc_now())
    assert len(letters(app)) == 1
    notices.deliver(waiting.id.hex)
    assert letters(app) == []


def test_a_mail_that_a_crash_lost_is_sent_by_the_sweeper(app, monkeypatch):
    letters(app)
    monkeypatch.setattr(notices, "after_commit", lambda action: None)
    send()
    make_due()
    notices.requeue_overdue(now=utc_now())
    assert len(letters(app)) == 1


def test_a_mail_is_given_up_at_last_and_forgotten(app, broken_server):
    send()
    for _ in range(9):
        make_due()
        notices.requeue_overdue(now=utc_now())
    assert (only_mail().status, only_mail().attempts, only_mail().sealed) == (MailStatus.FAILED, 6, None)
    notices.clear_old(now=utc_now() + timedelta(days=6))
    assert only_mail().status is MailStatus.FAILED
    notices.clear_old(now=utc_now() + timedelta(days=8))
    assert db.session.scalars(select(Mail)).all() == []


def make_due() -> None:
    with transaction():
        db.session.execute(update(Mail).values(next_try_at=utc_now() - timedelta(seconds=1)))
