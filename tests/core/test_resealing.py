"""After a rotation everything sealed is brought under the newest secret."""

import json
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag

from core import (
    connections,
    conversations,
    identity_keys,
    language_models,
    notices,
    push_subscriptions,
    refresh_secrets,
    resealing,
    rooms,
    signing,
    webhooks,
)
from core.connections import fills
from core.language_models import Draft
from core.letters import mailboxes
from core.letters.mailboxes import Wanted
from core.resealing import Counts
from models import db, new_id
from models.agents import Agent
from models.answering import LanguageModel
from models.connections import CallStatus, ToolCall
from models.customers import IdentityKey
from models.letters import MailboxKind
from models.mails import Mail
from models.privacy import MessageOriginal
from models.second_factors import Authenticator
from models.shop_accounts import ShopLogin, ShopSignIn
from models.teammates import Role
from tests.conftest import NOW, keep, make_teammate
from tests.gateways.test_push import Browser

ROOM = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
NEXT = "the secret after a rotation, long enough"


@pytest.fixture(autouse=True)
def secret():
    before = list(signing._secrets)
    yield
    signing._secrets[:] = before


@pytest.fixture
def sealed(workspace, agent, conversation, monkeypatch):
    """One row of each kind, sealed under the secret of before."""
    monkeypatch.setattr("core.notices.send_mail", refuse)
    identity_keys.configure(workspace, {"alg": "HS256", "secret": "s" * 32}, now=NOW)
    notices.send("invitation", to="ann@shop.example", subject="Hello", text="Hello", html="Hello", now=NOW)
    message = conversations.ask(conversation, client_id="one", text="mail ann@shop.example", now=NOW)
    language_models.add(workspace, Draft("Hosted", "https://models.example/v1", key="sk-1"), by=None, now=NOW)
    olga = make_teammate(workspace, "Olga", Role.OWNER)
    keep(Authenticator(teammate_id=olga.id, sealed_secret=signing.seal(b"JBSWY3DPEHPK3PXP"), created_at=NOW))
    row = connections.add(agent, title="Orders", url="https://shop.example/mcp", secret="abc", by=None, now=NOW)
    call = ToolCall(id=new_id(), workspace_id=workspace.id, connection_id=row.id, conversation_id=conversation.id)
    call.customer_id, call.tool, call.title, call.created_at = conversation.customer_id, "cancel", "Cancel", NOW
    call.status, call.arguments = CallStatus.ASKED, {}
    call.sealed_arguments = signing.seal(b"{}", bound_to=fills.bound_to(call.id))
    keep(call)
    keep_sign_ins(conversation, row.id)
    mailboxes.add(workspace, Wanted(MailboxKind.MAILGUN, "help@in.example", "key"), by=olga, now=NOW)
    hook, _secret = webhooks.add(
        workspace, name="", address="https://shop.example", kinds=["message.sent"], by=None, now=NOW
    )
    webhooks.renew_secret(hook, by=None, now=NOW)
    browser = Browser("https://push.example/one").address
    push_subscriptions.add(olga, browser, browser="Firefox on Linux", allow_private=False, now=NOW)
    rooms.add(workspace, name="Support", address=ROOM, told=[], by=olga, now=NOW)
    return message


def keep_sign_ins(conversation, connection_id):
    """Somebody who has signed in at a shop, and who does."""
    agent = db.session.get(Agent, conversation.agent_id)
    family = refresh_secrets.begin(agent, conversation.customer, lifetime=timedelta(days=1), now=NOW).family
    whose = {"connection_id": connection_id, "customer_id": conversation.customer_id, "family_id": family.id}
    whose |= {"workspace_id": agent.workspace_id, "conversation_id": conversation.id, "created_at": NOW}
    login = ShopLogin(id=new_id(), **whose, secret_hash="0" * 64, expires_at=NOW)
    login.sealed = signing.seal(b"{}", bound_to=login.id.bytes)
    keep(login)
    sign_in = ShopSignIn(id=new_id(), **whose, fresh_until=NOW, expires_at=NOW)
    sign_in.sealed_tokens = signing.seal(b"{}", bound_to=sign_in.id.bytes)
    keep(sign_in)


def refuse(**_mail):
    raise ConnectionRefusedError


def rotate():
    first = signing._secrets[0].decode()
    signing.use_secret(NEXT, previous=[first])


def test_everything_sealed_opens_under_the_newest_secret_alone(sealed):
    rotate()
    assert resealing.reseal_all() == {name: Counts(resealed=1) for name in resealing._PLACES}
    assert resealing.reseal_all() == {name: Counts(unchanged=1) for name in resealing._PLACES}
    signing.use_secret(NEXT)
    db.session.expire_all()
    original = db.session.get(MessageOriginal, sealed.id)
    assert signing.unseal(original.sealed_text, bound_to=sealed.id.bytes) == b"mail ann@shop.example"
    assert json.loads(signing.unseal(db.session.query(IdentityKey).one().sealed_key))["secret"] == "s" * 32
    assert json.loads(signing.unseal(db.session.query(Mail).one().sealed))["to"] == "ann@shop.example"
    [model] = db.session.query(LanguageModel).all()
    assert language_models.endpoint_of(model).model.api_key == "sk-1"
    assert signing.unseal(db.session.query(Authenticator).one().sealed_secret) == b"JBSWY3DPEHPK3PXP"


def test_more_than_a_part_at_once_is_worked_through(workspace, monkeypatch):
    monkeypatch.setattr(resealing, "_AT_ONCE", 2)
    for number in range(5):
        keep(IdentityKey(workspace_id=workspace.id, sealed_key=signing.seal(bytes([number])), created_at=NOW))
    rotate()
    assert resealing.reseal_all()["identity_keys"] == Counts(resealed=5)


def test_what_cannot_be_opened_is_left_and_counted(sealed):
    signing.use_secret(NEXT)
    assert resealing.reseal_all()["message_originals"] == Counts(unreadable=1)
    with pytest.raises(InvalidTag):
        signing.unseal(db.session.get(MessageOriginal, sealed.id).sealed_text, bound_to=sealed.id.bytes)


def test_the_command_prints_the_counts_and_fails_when_something_was_left(app, sealed):
    run = app.test_cli_runner().invoke
    rotate()
    done = run(args=["secrets", "reseal"])
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["mails"] == {"resealed": 1, "unchanged": 0, "unreadable": 0}
    signing.use_secret("some other secret, also long enough to be one")
    failed = run(args=["secrets", "reseal"])
    assert failed.exit_code == 1
    assert json.loads(failed.stdout)["mails"]["unreadable"] == 1
    assert "SECRET_KEY_PREVIOUS" in failed.stderr
