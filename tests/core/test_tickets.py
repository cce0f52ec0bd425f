"""Tickets: good for one session, for a minute, and for nothing else."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from itsdangerous import TimestampSigner
from sqlalchemy import select

from core import signing, tickets
from core.clock import utc_now
from core.errors import Unauthenticated
from core.signing import Kind
from core.tickets import Ticket
from models import db
from models.customers import SpentTicket

NOW = utc_now()


@pytest.fixture
def ticket(agent):
    return tickets.issue(agent, origin="https://example.com", channel="web")


def is_refused(attempt):
    with pytest.raises(Unauthenticated) as refused:
        attempt()
    return refused.value.code == "ticket_expired"


def test_a_ticket_says_what_was_known_when_the_frame_was_served(agent, ticket):
    expected = Ticket(agent=agent.public_id, origin="https://example.com", channel="web")
    assert tickets.read(ticket) == expected
    assert tickets.spend(ticket, now=NOW) == expected


def test_a_ticket_is_spent_once(ticket):
    tickets.spend(ticket, now=NOW)
    assert is_refused(lambda: tickets.spend(ticket, now=NOW))


def test_reading_does_not_spend(ticket):
    tickets.read(ticket)
    assert tickets.spend(ticket, now=NOW)


def test_of_many_who_spend_it_at_once_one_succeeds(app, ticket):
    def spend(_):
        with app.app_context():
            try:
                tickets.spend(ticket, now=NOW)
            except Unauthenticated:
                return False
            finally:
                db.session.remove()
            return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(spend, range(6))) == 1


@pytest.mark.parametrize(("age", "is_good"), [(0, True), (60, True), (61, False), (86_400, False)])
def test_a_ticket_is_good_for_a_minute(ticket, monkeypatch, age, is_good):
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: int(time.time()) + age)
    if is_good:
        assert tickets.spend(ticket, now=NOW)
    else:
        assert is_refused(lambda: tickets.spend(ticket, now=NOW))
        assert is_refused(lambda: tickets.read(ticket))


@pytest.mark.parametrize("junk", [None, 7, "", "x", "a.b.c", "\x00", "ä", ["ticket"], "x" * 3000])
def test_what_is_no_ticket_is_refused(app, junk):
    assert is_refused(lambda: tickets.spend(junk, now=NOW))


def test_a_ticket_signed_with_another_secret_is_refused(agent, ticket):
    secret = signing._secrets[0].decode()
    try:
        signing.use_secret("another secret, also long enough to be one")
        assert is_refused(lambda: tickets.spend(ticket, now=NOW))
    finally:
        signing.use_secret(secret)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.TICKET])
def test_a_token_of_another_kind_is_no_ticket(agent, kind):
    content = {"id": "one", "agent": agent.public_id, "origin": None, "channel": "web"}
    assert is_refused(lambda: tickets.spend(signing.sign(kind, content), now=NOW))


def test_spent_tickets_are_kept_longer_than_anybody_could_use_them_again(ticket):
    tickets.spend(ticket, now=NOW)
    tickets.clear_expired(now=NOW + timedelta(seconds=90))
    assert is_refused(lambda: tickets.spend(ticket, now=NOW))
    tickets.clear_expired(now=NOW + timedelta(minutes=3))
    assert db.session.scalars(select(SpentTicket)).all() == []
