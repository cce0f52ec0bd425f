"""The event stream of a session, and how soon it ends with it."""

import time

import pytest

from core import conversations, refresh_secrets, sessions, signing
from core.clock import utc_now
from gateways.bus import current_bus
from models import db
from models.customers import Customer, RefreshFamily, WidgetSession
from models.teammates import Workspace
from tests.blueprints.widget.test_api import open_chat

pytestmark = pytest.mark.both_databases


def opened(vera, agent):
    token = open_chat(vera, agent).json["token"]
    answer = vera.get("/api/v1/widget/events", headers={"X-Widget-Token": token}, buffered=False)
    pieces = iter(answer.response)
    # The first pieces are sent at once, before anything is waited for.
    assert b"retry" in bytes(next(pieces))
    assert b"event: state" in bytes(next(pieces))
    return db.session.get(WidgetSession, signing.session_of(token)), pieces


def sign_visitor_out(session, workspace):
    sessions.end_of_customer(db.session.get(Customer, session.customer_id), by=None, now=utc_now())


def sign_everyone_out(session, workspace):
    sessions.end_all(workspace, by=None, now=utc_now())


def find_theft(session, workspace):
    refresh_secrets.revoke(db.session.get(RefreshFamily, session.family_id), because="reuse", now=utc_now())


@pytest.mark.parametrize("end", [sign_visitor_out, sign_everyone_out, find_theft])
def test_a_stream_ends_as_soon_as_its_session_does(vera, agent, end):
    session, pieces = opened(vera, agent)
    began = time.monotonic()
    end(session, db.session.get(Workspace, agent.workspace_id))
    told = b"".join(bytes(piece) for piece in pieces)
    assert b'event: session\ndata: {"code":"token_revoked"}' in told
    assert time.monotonic() - began < 5


def test_a_note_without_truth_behind_it_ends_nothing(vera, agent):
    session, pieces = opened(vera, agent)
    current_bus().publish(sessions.topics(session)[0], {"kind": "session"})
    current_bus().publish(conversations.topic(session.conversation_id), {"kind": "typing", "typing": {"on": True}})
    told = b""
    while b"typing" not in told:
        told += bytes(next(pieces))
    assert b"event: session" not in told
    assert db.session.get(WidgetSession, session.id).revoked_at is None
