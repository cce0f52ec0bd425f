"""Which messages are mailed, when, how often, and what the mail is."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import conversations, identity_keys, inbox_settings, jobs, letters, return_links
from core.clock import utc_now
from core.letters import mailboxes, settings
from core.letters.mailboxes import Wanted
from core.letters.settings import LetterSettings
from models import db
from models.conversations import Conversation
from models.customers import Standing
from models.jobs import Job
from models.letters import MailboxKind, ReturnLink
from models.teammates import Role, Workspace
from tests.conftest import make_conversation, make_customer, make_teammate
from tests.core.customer_token_forge import HS256
from tests.letters import letters as mails
from tests.letters import text_of
from web import letters as web_letters

NOW = utc_now()
WAIT = timedelta(minutes=5)
HOST = "chat.example"


@pytest.fixture(autouse=True)
def moment(monkeypatch):
    """Now is when a test begins: late in a long run, what was now at its start is past by many minutes."""
    monkeypatch.setitem(globals(), "NOW", utc_now())


@pytest.fixture
def owner(workspace):
    inbox_settings.forget(workspace.id)
    yield make_teammate(workspace, "Olga", Role.OWNER)
    inbox_settings.forget(workspace.id)


@pytest.fixture
def talk(agent):
    marta = make_customer(agent.workspace_id, "Marta", email="marta@mail.example", standing=Standing.IDENTIFIED)
    made = make_conversation(agent, marta, origin="https://example.com")
    conversations.ask(made, client_id="one", text="Where is my lamp?", now=NOW)
    return made


def write(talk, owner, text="It left **today**.", *, now=None):
    return conversations.write_as_person(talk, owner, text=text, now=now or NOW)


def take(talk, *, now):
    return letters.take(talk, host=HOST, now=now)


def jobs_of(talk):
    return db.session.scalars(select(Job).where(Job.kind == letters.LEAVE, Job.subject_id == talk.id)).all()


def test_what_a_teammate_writes_is_looked_at_when_the_time_to_wait_is_over(talk, owner):
    write(talk, owner)
    [job] = jobs_of(talk)
    assert job.next_try_at == NOW + WAIT


def test_nobody_is_looked_after_who_has_no_address(talk, owner):
    talk.customer.email = None
    write(talk, owner)
    assert jobs_of(talk) == []


def test_what_the_agent_says_is_not_mailed(talk, owner):
    conversations.reply(talk, text="Hello", details={}, now=NOW)
    assert jobs_of(talk) == []
    assert take(talk, now=NOW + WAIT) is None


def test_it_is_off_where_the_workspace_wants_none(workspace, talk, owner):
    settings.change(workspace, LetterSettings(is_on=False), by=owner, now=NOW)
    write(talk, owner)
    assert jobs_of(talk) == []


def test_messages_in_a_row_are_one_mail(talk, owner):
    write(talk, owner, "First.")
    last = write(talk, owner, "Second.", now=NOW + timedelta(seconds=30))
    outgoing = take(talk, now=NOW + WAIT)
    assert [message.text for message in outgoing.messages] == ["First.", "Second."]
    assert letters.mailed(talk.id) == {last.id: NOW + WAIT}
    assert take(talk, now=NOW + 2 * WAIT) is None


def test_whoever_is_still_writing_is_waited_for_but_not_for_ever(talk, owner):
    write(talk, owner)
    write(talk, owner, now=NOW + WAIT - timedelta(seconds=20))
    with pytest.raises(jobs.Later) as later:
        take(talk, now=NOW + WAIT)
    assert later.value.seconds == 40
    for minute in range(1, 20):
        write(talk, owner, now=NOW + timedelta(minutes=minute))
    assert take(talk, now=NOW + timedelta(minutes=16))


def test_what_was_seen_or_answered_is_not_mailed(talk, owner):
    seen = write(talk, owner)
    talk.seen_seq = seen.seq
    db.session.commit()
    assert take(talk, now=NOW + WAIT) is None
    write(talk, owner)
    conversations.ask(talk, client_id="two", text="Thanks", now=NOW)
    assert take(talk, now=NOW + WAIT) is None


def test_a_customer_who_wants_none_gets_none_until_they_do(talk, owner):
    letters.stop(talk, now=NOW)
    write(talk, owner)
    assert take(talk, now=NOW + WAIT) is None
    letters.go_on(talk)
    assert take(talk, now=NOW + WAIT) is not None


def test_a_conversation_gets_so_many_mails_a_day(talk, owner):
    sent = 0
    for number in range(40):
        write(talk, owner, now=NOW + timedelta(minutes=number * 7))
        sent += take(talk, now=NOW + timedelta(minutes=number * 7 + 5)) is not None
    assert sent == 30


def test_mails_refer_to_each_other(talk, owner):
    write(talk, owner)
    first = take(talk, now=NOW + WAIT)
    assert first.references == []
    write(talk, owner, now=NOW + WAIT)
    second = take(talk, now=NOW + 2 * WAIT)
    assert second.references == [first.mail_id]
    assert first.mail_id.endswith(f"@{HOST}>")


def test_the_link_leads_into_the_conversation(agent, talk, owner):
    write(talk, owner)
    outgoing = take(talk, now=NOW + WAIT)
    assert return_links.find(agent, outgoing.secret, now=NOW + WAIT).conversation_id == talk.id


def test_no_link_is_made_where_it_would_prove_too_little(agent, talk, owner):
    write(talk, owner)
    identity_keys.configure(db.session.get_one(Workspace, agent.workspace_id), {**HS256, "required": True}, now=NOW)
    outgoing = take(talk, now=NOW + WAIT)
    assert outgoing.secret == ""
    assert db.session.scalars(select(ReturnLink)).all() == []


def test_the_mail_itself(app, workspace, agent, talk, owner):
    mailboxes.add(workspace, Wanted(MailboxKind.POSTMARK, "help@in.example"), by=owner, now=NOW)
    write(talk, owner).created_at = NOW - WAIT
    talk.language = "de"
    db.session.commit()
    web_letters.leave(jobs_of(talk)[0])
    [mail] = mails(app)
    assert mail["To"] == "marta@mail.example"
    assert mail["From"].startswith(f"{agent.name} <")
    assert mail["Subject"] == f"Ihr Chat mit {agent.name}"
    assert mail["Reply-To"].startswith("help+")
    assert mail["Reply-To"].endswith("@in.example")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "It left today." in text_of(mail)
    assert f"http://localhost/chat/{agent.public_id}/back/" in text_of(mail)
    html = mail.get_body(("html",)).get_content()
    assert "<strong>today</strong>" in html
    assert 'lang="de"' in html
    web_letters.leave(jobs_of(talk)[0])
    assert mails(app) == []


def test_a_job_of_a_conversation_that_was_erased_does_nothing(app, talk, owner):
    write(talk, owner)
    job = jobs_of(talk)[0]
    db.session.delete(db.session.get_one(Conversation, talk.id))
    db.session.commit()
    web_letters.leave(job)
    assert mails(app) == []
