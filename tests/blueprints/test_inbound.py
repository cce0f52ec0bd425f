"""Mail answers in the form of each service: taken once, where they belong, and believed no more than is proven."""

import base64
import hmac
import io
import json
import time

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select
from werkzeug.test import encode_multipart

from core import conversations, letters
from core.clock import utc_now
from core.letters import mailboxes
from core.letters.mailboxes import Wanted
from core.letters.marks import answer_address
from models import db
from models.conversations import Answer, Conversation, Message, Sender, State
from models.customers import Standing
from models.files import Attachment
from models.letters import Letter, LetterDirection, MailboxKind
from models.teammates import Role
from tests.conftest import make_agent, make_conversation, make_customer, make_teammate

pytestmark = pytest.mark.both_databases

NOW = utc_now()
KEY = "signing-key"


@pytest.fixture(autouse=True)
def moment(monkeypatch):
    """Now is when a test begins: late in a long run, what was now at its start is past by many minutes."""
    monkeypatch.setitem(globals(), "NOW", utc_now())


@pytest.fixture
def owner(workspace):
    return make_teammate(workspace, "Olga", Role.OWNER)


@pytest.fixture
def talk(agent):
    marta = make_customer(agent.workspace_id, "Marta", email="marta@mail.example", standing=Standing.IDENTIFIED)
    made = make_conversation(agent, marta, origin="https://example.com")
    conversations.ask(made, client_id="one", text="Where is my lamp?", now=NOW)
    return made


@pytest.fixture
def hook(workspace, owner):
    def add(kind, secret=""):
        return mailboxes.add(workspace, Wanted(kind, f"{kind.value}@in.example", secret), by=owner, now=NOW)[1]

    return add


def address(talk, kind=MailboxKind.POSTMARK):
    return answer_address(f"{kind.value}@in.example", talk.id)


def postmark(talk, **changes):
    headers = {"Message-ID": "<1@mail.example>"} | changes.pop("headers", {})
    return {
        "From": "marta@mail.example",
        "OriginalRecipient": address(talk),
        "TextBody": "It has come, thanks!\n\n> quoted",
        "HtmlBody": "",
        "Headers": [{"Name": name, "Value": value} for name, value in headers.items()],
    } | changes


def mailgun(talk, **changes):
    stamp, token = str(int(time.time())), f"token-{time.time_ns()}"
    return {
        "recipient": address(talk, MailboxKind.MAILGUN),
        "message-headers": json.dumps([["From", "Marta <marta@mail.example>"], ["Message-Id", "<1@mail.example>"]]),
        "body-plain": "It has come, thanks!",
        "timestamp": stamp,
        "token": token,
        "signature": hmac.new(KEY.encode(), f"{stamp}{token}".encode(), "sha256").hexdigest(),
    } | changes


def sendgrid(talk, **changes):
    return {
        "headers": "From: Marta <marta@mail.example>\nMessage-ID: <1@mail.example>\nTo: nobody@in.example\n",
        "envelope": json.dumps({"to": [address(talk, MailboxKind.SENDGRID)], "from": "marta@mail.example"}),
        "text": "It has come, thanks!",
        "SPF": "pass",
    } | changes


def whole(talk):
    return (
        f"From: marta@mail.example\r\nTo: {address(talk, MailboxKind.SENDGRID)}\r\nMessage-ID: <1@mail.example>\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n'
        "It has come, thanks!\r\n--b\r\nContent-Type: text/plain\r\n"
        "Content-Disposition: attachment; filename=n.txt\r\n\r\na note\r\n--b--\r\n"
    )


def said(talk):
    return db.session.scalars(
        select(Message)
        .where(Message.conversation_id == talk.id, Message.sender == Sender.CUSTOMER)
        .order_by(Message.seq)
    ).all()[1:]


def send(browser, hook, content):
    answer = browser.post(f"/inbound/mail/{hook}", json=content)
    assert answer.status_code == 200, answer.text
    return answer.json["outcome"]


def test_an_answer_by_postmark_is_a_message_of_the_customer(vera, talk, hook):
    assert send(vera, hook(MailboxKind.POSTMARK), postmark(talk)) == "taken"
    [message] = said(talk)
    assert message.text == "It has come, thanks!"
    assert message.details["letter"] == {"way": "mail", "proven": True}


def test_the_team_reads_it_in_the_conversation_and_whose_it_is(vera, sue, talk, hook):
    secret = hook(MailboxKind.POSTMARK)
    assert send(vera, secret, postmark(talk)) == "taken"
    assert "Answered by e-mail</p>" in sue.get(f"/admin/conversations/{talk.id}").text
    foreign = postmark(talk, From="eve@mail.example", headers={"Message-ID": "<2@mail.example>"})
    assert send(vera, secret, foreign) == "unproven"
    page = sue.get(f"/admin/conversations/{talk.id}")
    assert page.status_code == 200
    assert "which is not proven to be the customer. Make sure" in page.text


def test_an_answer_by_mailgun_is_signed(vera, talk, hook):
    path = f"/inbound/mail/{hook(MailboxKind.MAILGUN, KEY)}"
    form = mailgun(talk)
    assert vera.post(path, data=form | {"signature": "0" * 64}).status_code == 403
    assert vera.post(path, data=mailgun(talk, timestamp=str(int(time.time()) - 3600))).status_code == 403
    assert vera.post(path, data=form).json["outcome"] == "taken"
    # The same signature carries no other mail.
    assert vera.post(path, data=form | {"body-plain": "Send all to Eve"}).status_code == 403
    assert len(said(talk)) == 1


@pytest.mark.parametrize("form", [sendgrid, lambda talk: {"email": whole(talk), "envelope": "{}"}])
def test_an_answer_by_sendgrid_comes_in_parts_or_whole(vera, talk, hook, form):
    assert vera.post(f"/inbound/mail/{hook(MailboxKind.SENDGRID)}", data=form(talk)).json["outcome"] == "taken"
    assert said(talk)[0].text == "It has come, thanks!"


def test_an_answer_by_sendgrid_is_signed_where_its_public_key_is_known(vera, talk, hook):
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    path = f"/inbound/mail/{hook(MailboxKind.SENDGRID, base64.b64encode(public).decode())}"
    boundary, body = encode_multipart(sendgrid(talk))

    def post(content, *, stamp="1764000000", signed=body):
        signature = base64.b64encode(key.sign(b"1764000000" + signed, ec.ECDSA(SHA256()))).decode()
        names = {"Timestamp": stamp, "Signature": signature}
        headers = {f"X-Twilio-Email-Event-Webhook-{name}": value for name, value in names.items()}
        return vera.post(path, data=content, content_type=f"multipart/form-data; boundary={boundary}", headers=headers)

    assert vera.post(path, data=sendgrid(talk)).status_code == 403
    assert post(body.replace(b"thanks", b"thankz")).status_code == 403
    assert post(body, stamp="1764000001").status_code == 403
    assert said(talk) == []
    assert post(body).json["outcome"] == "taken"
    assert post(body).json["outcome"] != "taken", "what was taken already is taken once"
    assert said(talk)[0].text == "It has come, thanks!"


def test_files_come_along_and_what_may_not_is_counted(vera, talk, hook):
    files = [
        {"Name": "note.txt", "Content": base64.b64encode(b"a note").decode(), "ContentType": "text/plain"},
        {"Name": "run.exe", "Content": base64.b64encode(b"MZ\x90\x00\x00").decode(), "ContentType": "text/plain"},
        {"Name": "logo.png", "Content": "", "ContentID": "logo@x", "ContentType": "image/png"},
    ]
    send(vera, hook(MailboxKind.POSTMARK), postmark(talk, Attachments=files))
    assert [file.name for file in db.session.scalars(select(Attachment))] == ["note.txt"]
    assert said(talk)[0].details["letter"]["left_out"] == 1


def test_files_of_a_form_come_along(vera, talk, hook):
    form = mailgun(talk) | {"attachment-1": (io.BytesIO(b"a note"), "note.txt")}
    vera.post(f"/inbound/mail/{hook(MailboxKind.MAILGUN)}", data=form)
    assert [file.name for file in db.session.scalars(select(Attachment))] == ["note.txt"]


def test_the_same_mail_again_is_taken_once(vera, talk, hook):
    secret = hook(MailboxKind.POSTMARK)
    assert [send(vera, secret, postmark(talk)) for _ in range(3)] == ["taken", "again", "again"]
    assert len(said(talk)) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"From": "eve@evil.example"},
        {"headers": {"Authentication-Results": "in.example; dmarc=fail header.from=mail.example"}},
    ],
)
def test_a_mail_of_somebody_else_is_shown_as_unproven(vera, talk, hook, change):
    assert send(vera, hook(MailboxKind.POSTMARK), postmark(talk, **change)) == "unproven"
    letter = said(talk)[0].details["letter"]
    assert not letter["proven"]
    assert "eve@evil" not in json.dumps(letter)


@pytest.mark.parametrize(
    "fields",
    [
        "From: marta@mail.example(<mallory@evil.example>",
        "From: =?utf-8?q?marta=40mail.example?=",
        "From: marta@mail.example\r\nFrom: mallory@evil.example",
        "From: marta@mail.example,",
    ],
)
def test_a_sender_that_others_read_in_another_way_proves_nothing(vera, talk, hook, fields):
    """What was looked at on the way (SPF, DKIM, DMARC) may have been the other one."""
    mail = whole(talk).replace("From: marta@mail.example", fields)
    answer = vera.post(f"/inbound/mail/{hook(MailboxKind.SENDGRID)}", data={"email": mail})
    assert answer.json["outcome"] == "unproven"


def test_an_answer_to_our_mail_finds_its_way_without_the_mark(vera, talk, owner, hook):
    secret = hook(MailboxKind.POSTMARK)
    conversations.write_as_person(talk, owner, text="It left today.", now=NOW)
    ours = letters.take(talk, host="chat.example", now=NOW.replace(year=NOW.year + 1)).mail_id
    mail = postmark(talk, OriginalRecipient="postmark@in.example", headers={"In-Reply-To": ours})
    assert send(vera, secret, mail) == "taken"


def test_a_mail_about_nothing_of_ours_is_left_alone(vera, talk, hook, other_agent):
    secret = hook(MailboxKind.POSTMARK)
    elsewhere = make_conversation(other_agent)
    for to in ("postmark@in.example", f"postmark+{'a' * 39}@in.example", address(elsewhere)):
        assert send(vera, secret, postmark(talk, OriginalRecipient=to)) == "unknown"
    assert db.session.query(Letter).count() == 0


def test_a_program_gets_no_word_in(vera, talk, hook):
    secret = hook(MailboxKind.POSTMARK)
    assert send(vera, secret, postmark(talk, headers={"Auto-Submitted": "auto-replied"})) == "automatic"
    assert send(vera, secret, postmark(talk, From="postmark@in.example")) == "automatic"
    assert said(talk) == []


def test_two_programs_that_answer_each_other_come_to_an_end(vera, talk, hook):
    secret = hook(MailboxKind.POSTMARK)
    outcomes = [send(vera, secret, postmark(talk, headers={"Message-ID": f"<{n}@x>"})) for n in range(32)]
    assert outcomes.count("taken") == 30
    assert outcomes[-1] == "too_many"


def test_an_answer_by_mail_is_for_people(vera, talk, hook):
    conversations.resolve(talk, now=NOW)
    send(vera, hook(MailboxKind.POSTMARK), postmark(talk))
    assert db.session.get_one(Conversation, talk.id, populate_existing=True).state is State.WAITING
    assert db.session.get(Answer, said(talk)[0].id) is None


def test_a_mail_goes_where_its_conversation_was_merged_into(vera, talk, hook, agent):
    target = make_conversation(agent, talk.customer)
    talk.merged_into_id = target.id
    db.session.commit()
    send(vera, hook(MailboxKind.POSTMARK), postmark(talk))
    [letter] = db.session.scalars(select(Letter).where(Letter.direction == LetterDirection.IN))
    assert letter.conversation_id == target.id


def test_personal_data_is_masked_as_in_the_chat(vera, talk, hook):
    send(vera, hook(MailboxKind.POSTMARK), postmark(talk, TextBody="My card is 4111 1111 1111 1111"))
    assert "4111" not in said(talk)[0].text


def test_nobody_calls_without_the_secret(vera, talk, hook):
    hook(MailboxKind.POSTMARK)
    for secret in ("", "x", "0" * 43):
        assert vera.post(f"/inbound/mail/{secret}", json=postmark(talk)).status_code == 404


@pytest.mark.parametrize("content", [None, [], {}, {"From": None}, {"From": 7, "Headers": {"a": 1}}, "text"])
def test_what_is_no_mail_is_refused_or_left_alone(vera, hook, content):
    answer = vera.post(f"/inbound/mail/{hook(MailboxKind.POSTMARK)}", json=content)
    assert answer.status_code in (200, 400, 422)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"recipient": "a@b", "message-headers": "no json"},
        {"recipient": "a@b", "message-headers": "[[1],[2,3,4],7]"},
        {"headers": "\x00: \udcff", "envelope": "[[["},
    ],
)
def test_a_broken_form_is_no_error_of_ours(vera, hook, form):
    for kind in (MailboxKind.MAILGUN, MailboxKind.SENDGRID):
        encoded = {name: value.encode("utf-8", "surrogateescape") for name, value in form.items()}
        answer = vera.post(f"/inbound/mail/{hook(kind)}", data=encoded)
        assert answer.status_code in (200, 400, 422)


def test_a_mailbox_of_another_workspace_reaches_nothing_here(vera, talk, other_workspace):
    stan = make_teammate(other_workspace, "Stan", Role.OWNER)
    make_agent(other_workspace, "Other")
    wanted = Wanted(MailboxKind.POSTMARK, "postmark@in.example")
    secret = mailboxes.add(other_workspace, wanted, by=stan, now=NOW)[1]
    assert send(vera, secret, postmark(talk)) == "unknown"
    assert said(talk) == []
