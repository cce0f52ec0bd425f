"""Refresh secrets: one use each, ten seconds of grace, and an end for thieves."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import refresh_secrets, risks
from core.clock import utc_now
from core.errors import Unauthenticated
from core.signing import successor_of
from gateways.bus import current_bus
from models import db
from models.agents import Agent
from models.audits import AuditEntry
from models.customers import Customer, RefreshFamily, RefreshSecret, WidgetSession
from models.protection import Signal
from tests.conftest import keep, make_agent, make_conversation, make_customer

NOW = utc_now()
SECOND = timedelta(seconds=1)


@contextmanager
def listening(*topics):
    with current_bus().listener(*topics) as listener:
        yield lambda: list(listener.waiting())


@pytest.fixture
def customer(agent):
    return make_customer(agent.workspace_id)


@pytest.fixture
def begun(agent, customer):
    return refresh_secrets.begin(agent, customer, lifetime=refresh_secrets.LIFETIME, now=NOW)


def rotate(agent, secret, *, after=timedelta()):
    return refresh_secrets.rotate(agent, secret, now=NOW + after)


def code_of(attempt):
    with pytest.raises(Unauthenticated) as refused:
        attempt()
    return refused.value.code


def test_each_use_brings_another_secret_of_the_same_family(agent, begun):
    second = rotate(agent, begun.secret, after=60 * SECOND)
    third = rotate(agent, second.secret, after=120 * SECOND)
    assert len({begun.secret, second.secret, third.secret}) == 3
    assert begun.family.id == second.family.id == third.family.id


def test_only_hashes_are_kept(begun):
    kept = db.session.scalars(select(RefreshSecret.secret_hash)).all()
    assert len(kept) == 1
    assert begun.secret not in kept[0]


@pytest.mark.parametrize("after", [0, 1, 10])
def test_the_same_secret_within_ten_seconds_gets_the_same_successor(agent, begun, after):
    first = rotate(agent, begun.secret)
    again = rotate(agent, begun.secret, after=after * SECOND)
    assert again.secret == first.secret
    assert rotate(agent, first.secret, after=20 * SECOND).family.id == begun.family.id


def test_the_same_secret_later_ends_the_family_and_its_sessions(agent, customer, begun):
    session = keep(
        WidgetSession(
            workspace_id=agent.workspace_id,
            agent_id=agent.id,
            customer_id=customer.id,
            conversation_id=make_conversation(agent, customer).id,
            family_id=begun.family.id,
            parent_origin="https://example.com",
            context={},
            created_at=NOW,
            expires_at=NOW + timedelta(hours=24),
        )
    )
    second = rotate(agent, begun.secret)
    assert code_of(lambda: rotate(agent, begun.secret, after=11 * SECOND)) == "token_revoked"
    db.session.expire_all()
    assert begun.family.revoked_because == "reuse"
    assert session.revoked_at == NOW + 11 * SECOND
    assert code_of(lambda: rotate(agent, second.secret, after=12 * SECOND)) == "token_revoked"


def test_grace_begins_with_the_first_use_not_with_the_last(agent, begun):
    rotate(agent, begun.secret)
    rotate(agent, begun.secret, after=9 * SECOND)
    assert code_of(lambda: rotate(agent, begun.secret, after=15 * SECOND)) == "token_revoked"


def test_a_late_tab_gets_the_newest_of_the_family(agent, begun):
    second = rotate(agent, begun.secret)
    third = rotate(agent, second.secret, after=SECOND)
    assert rotate(agent, begun.secret, after=2 * SECOND).secret == third.secret
    assert rotate(agent, third.secret, after=3600 * SECOND).family.id == begun.family.id


def test_what_a_changed_server_secret_cannot_tell_any_more_is_not_valid(agent, begun, monkeypatch):
    rotate(agent, begun.secret)
    monkeypatch.setattr(refresh_secrets, "successors_of", lambda secret: ["another"])
    assert code_of(lambda: rotate(agent, begun.secret, after=SECOND)) == "token_invalid"


def test_a_rotation_of_the_servers_secret_keeps_the_grace(agent, begun, monkeypatch):
    second = rotate(agent, begun.secret)
    monkeypatch.setattr(refresh_secrets, "successors_of", lambda secret: ["under the new one", successor_of(secret)])
    assert rotate(agent, begun.secret, after=SECOND).secret == second.secret


def test_reuse_is_noted_once_and_names_nobody(agent, begun):
    customer = db.session.get(Customer, begun.family.customer_id)
    customer.name = "Marta"
    db.session.commit()
    rotate(agent, begun.secret)
    for after in (11, 12):
        assert code_of(lambda after=after: rotate(agent, begun.secret, after=after * SECOND)) == "token_revoked"
    noted = db.session.scalars(select(AuditEntry)).one()
    assert (noted.action, noted.who, noted.subject_kind) == ("session.reuse", "", "customer")
    assert noted.subject_id == str(customer.id)
    assert "Marta" not in noted.subject_name
    score = risks.score_of(agent.workspace_id, risks.of_customer(customer.id), now=NOW + 20 * SECOND)
    assert [reason.signal for reason in score.reasons] == [Signal.TOKEN_REUSE]


@pytest.mark.parametrize("after", [timedelta(days=31), timedelta(hours=1)])
def test_what_is_over_anyway_is_not_called_theft(agent, begun, after):
    rotate(agent, begun.secret)
    refresh_secrets.revoke(begun.family, because="ended", now=NOW + SECOND)
    code_of(lambda: rotate(agent, begun.secret, after=after))
    assert db.session.scalars(select(AuditEntry)).all() == []


def test_a_stranger_agent_cannot_end_a_family_by_showing_its_old_secret(agent, other_agent, begun):
    second = rotate(agent, begun.secret)
    assert code_of(lambda: rotate(other_agent, begun.secret, after=60 * SECOND)) == "token_invalid"
    assert rotate(agent, second.secret, after=61 * SECOND)


def test_all_families_of_a_customer_end_and_nobody_elses(agent, customer, begun):
    other = refresh_secrets.begin(agent, make_customer(agent.workspace_id), lifetime=refresh_secrets.LIFETIME, now=NOW)
    phone = refresh_secrets.begin(agent, customer, lifetime=refresh_secrets.LIFETIME, now=NOW)
    with listening(refresh_secrets.topic(begun.family.id), refresh_secrets.topic(phone.family.id)) as heard:
        ended = refresh_secrets.revoke_all(agent.workspace_id, customer=customer, because="signed out", now=NOW)
    assert ended == 2
    assert heard() == [{"kind": "session"}] * 2
    assert code_of(lambda: rotate(agent, phone.secret)) == "token_revoked"
    assert rotate(agent, other.secret)


def test_all_families_of_a_workspace_end_and_nobody_elses(agent, other_agent, begun):
    elsewhere = refresh_secrets.begin(
        other_agent, make_customer(other_agent.workspace_id), lifetime=refresh_secrets.LIFETIME, now=NOW
    )
    with listening(refresh_secrets.workspace_topic(agent.workspace_id)) as heard:
        assert refresh_secrets.revoke_all(agent.workspace_id, because="everyone", now=NOW) == 1
        assert refresh_secrets.revoke_all(agent.workspace_id, because="everyone", now=NOW) == 0
    assert heard() == [{"kind": "session"}] * 2
    assert code_of(lambda: rotate(agent, begun.secret)) == "token_revoked"
    assert rotate(other_agent, elsewhere.secret)


def test_an_end_is_announced_unless_the_browser_goes_on_by_itself(agent, customer, begun):
    other = refresh_secrets.begin(agent, customer, lifetime=refresh_secrets.LIFETIME, now=NOW)
    with listening(refresh_secrets.topic(begun.family.id), refresh_secrets.topic(other.family.id)) as heard:
        refresh_secrets.revoke(begun.family, because="ended", now=NOW, announce=False)
        assert heard() == []
        refresh_secrets.revoke(other.family, because="ended", now=NOW)
        assert heard() == [{"kind": "session"}]


def test_two_hundred_refreshes_by_two_tabs_lose_nobody(app, agent, begun):
    """One cookie jar, two tabs: each takes what the jar has, and puts back what it gets, in any order."""
    agent_id, jar, refused = agent.id, [begun.secret], []

    def tab(_):
        for _ in range(100):
            with app.app_context():
                try:
                    jar[0] = refresh_secrets.rotate(db.session.get(Agent, agent_id), jar[0], now=utc_now()).secret
                except Unauthenticated as error:
                    refused.append(error.code)
                finally:
                    db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(tab, range(2)))
    assert refused == []
    db.session.expire_all()
    assert begun.family.revoked_at is None
    unused = select(func.count()).select_from(RefreshSecret).where(RefreshSecret.replaced_at.is_(None))
    assert db.session.scalar(unused) == 1


def test_two_tabs_at_once_get_the_same_successor(app, agent, begun):
    agent_id = agent.id

    def use(_):
        with app.app_context():
            try:
                return rotate(db.session.get(Agent, agent_id), begun.secret).secret
            finally:
                db.session.remove()

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(use, range(6)))) == 1
    assert db.session.scalar(select(func.count()).select_from(RefreshSecret)) == 2


def test_a_family_lasts_thirty_days_however_often_it_is_used(agent, begun):
    day = timedelta(days=1)
    second = rotate(agent, begun.secret, after=29 * day)
    assert code_of(lambda: rotate(agent, second.secret, after=30 * day)) == "token_expired"


def test_an_ended_family_is_over(agent, begun):
    refresh_secrets.revoke(begun.family, because="ended", now=NOW)
    assert code_of(lambda: rotate(agent, begun.secret)) == "token_revoked"
    refresh_secrets.revoke(begun.family, because="reuse", now=NOW + SECOND)
    assert (begun.family.revoked_at, begun.family.revoked_because) == (NOW, "ended")


@pytest.mark.parametrize("secret", ["", "never given out", "ä", "x" * 100_000])
def test_a_secret_that_never_was_is_not_valid(agent, begun, secret):
    assert code_of(lambda: rotate(agent, secret)) == "token_invalid"


def test_a_secret_of_another_agent_is_not_valid_and_harms_nobody(agent, workspace, other_agent, begun):
    sibling = make_agent(workspace, name="Sibling")
    for other in (sibling, other_agent):
        assert code_of(lambda other=other: rotate(other, begun.secret)) == "token_invalid"
    assert rotate(agent, begun.secret).family.revoked_at is None


def test_peeking_uses_nothing_up(agent, other_agent, begun):
    assert refresh_secrets.peek(agent, begun.secret, now=NOW) == begun.family
    assert refresh_secrets.peek(other_agent, begun.secret, now=NOW) is None
    assert refresh_secrets.peek(agent, "never given out", now=NOW) is None
    second = rotate(agent, begun.secret)
    assert refresh_secrets.peek(agent, begun.secret, now=NOW + 10 * SECOND) == begun.family
    assert refresh_secrets.peek(agent, begun.secret, now=NOW + 11 * SECOND) is None
    assert refresh_secrets.peek(agent, second.secret, now=NOW + timedelta(days=30)) is None
    refresh_secrets.revoke(begun.family, because="ended", now=NOW)
    assert refresh_secrets.peek(agent, second.secret, now=NOW) is None


def test_families_that_have_run_out_are_forgotten_with_their_secrets(agent, customer, begun):
    short = refresh_secrets.begin(agent, customer, lifetime=refresh_secrets.SHORT_LIFETIME, now=NOW)
    refresh_secrets.clear_expired(now=NOW + timedelta(days=9))
    assert db.session.scalars(select(RefreshFamily.id)).all() == [begun.family.id]
    assert db.session.scalars(select(RefreshSecret.family_id)).all() == [begun.family.id]
    assert code_of(lambda: rotate(agent, short.secret)) == "token_invalid"
