"""Sessions: who may chat as whom, on which website, and for how long."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import agents, conversations, erasures, identity_keys, refresh_secrets, sessions, signing, tickets, websites
from core.clock import utc_now
from core.errors import Forbidden, Invalid, Unauthenticated
from core.sessions import Visit
from core.signing import Kind
from models import db
from models.audits import AuditEntry
from models.conversations import Conversation, Message
from models.customers import Customer, RefreshFamily, Standing, WidgetSession
from models.teammates import Role, Workspace
from tests.conftest import make_teammate
from tests.core.customer_token_forge import HS256, hs256

OWN = "http://localhost"
SITE = Visit(parent_origin="https://example.com", own_origin=OWN)
NOW = utc_now()


def start(agent, visit=SITE, *, channel="web", origin=None, now=NOW, **changes):
    ticket = tickets.issue(agent, origin=origin, channel=channel)
    return sessions.start(agent, ticket, replace(visit, **changes), now=now)


def conversation_of(started):
    return db.session.get(Conversation, started.session.conversation_id)


def ask(started, text="Where is my lamp?"):
    return conversations.ask(conversation_of(started), client_id="one", text=text, now=NOW)


def token_of(sub, **claims):
    return hs256({"sub": sub, "exp": NOW.timestamp() + 600, **claims})


def add_key(agent, **changes):
    workspace = db.session.get(Workspace, agent.workspace_id)
    return identity_keys.configure(workspace, {**HS256, **changes}, now=NOW)


@pytest.fixture
def key(agent):
    return add_key(agent)


def next_request():
    """What one request has read, the next one reads again."""
    db.session.expire_all()


def refusal(refused, code):
    assert refused.value.code == code


# Starting


def test_a_new_visitor_gets_a_session_that_its_token_finds(agent):
    started = start(agent, context={"page": "/lamps"})
    found = sessions.find(started.token, now=NOW)
    assert found.id == started.session.id
    assert found.customer.standing is Standing.ANONYMOUS
    assert found.parent_origin == "https://example.com"
    assert found.context == {"page": "/lamps"}
    assert found.expires_at == NOW + timedelta(hours=24)
    assert conversation_of(started).origin == "https://example.com"


def test_a_live_secret_brings_customer_and_conversation_back(agent):
    first = start(agent)
    ask(first)
    second = start(agent, refresh_secret=first.refresh_secret)
    assert second.session.customer_id == first.session.customer_id
    assert second.session.conversation_id == first.session.conversation_id
    assert second.session.id != first.session.id
    assert second.refresh_secret != first.refresh_secret


@pytest.mark.parametrize("secret", ["", "never given out", "x" * 5000])
def test_a_secret_that_is_none_begins_anew(agent, secret):
    assert start(agent, refresh_secret=secret).session.customer.standing is Standing.ANONYMOUS


def test_a_secret_of_another_agent_begins_anew(agent, other_agent):
    elsewhere = start(other_agent)
    here = start(agent, refresh_secret=elsewhere.refresh_secret)
    assert here.session.customer_id != elsewhere.session.customer_id
    assert sessions.find(elsewhere.token, now=NOW)


def test_a_browser_without_cookies_may_come_back_for_a_shorter_time(agent):
    assert start(agent).refresh_expires_at == NOW + timedelta(days=30)
    assert start(agent, keeps_in_frame=True).refresh_expires_at == NOW + timedelta(days=7)


def test_a_ticket_of_another_agent_opens_nothing(agent, other_agent):
    ticket = tickets.issue(other_agent, origin=None, channel="web")
    with pytest.raises(Unauthenticated) as refused:
        sessions.start(agent, ticket, SITE, now=NOW)
    refusal(refused, "token_invalid")


# Websites


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "https://example.com.evil.example", "https://sub.example.com", "null", "", OWN]
)
def test_a_website_that_is_not_allowed_gets_nothing(agent, origin):
    with pytest.raises(Forbidden) as refused:
        start(agent, parent_origin=origin)
    refusal(refused, "website_not_allowed")
    assert db.session.scalar(select(func.count()).select_from(WidgetSession)) == 0


def test_a_page_cannot_claim_to_be_another_than_the_browser_named(agent):
    websites.replace(agent, ["example.com", "example.org"], by=None, now=NOW)
    with pytest.raises(Forbidden):
        start(agent, origin="https://example.org")
    assert start(agent, origin="https://example.com")


def test_a_website_that_is_taken_off_the_list_ends_what_it_began(agent):
    started = start(agent)
    websites.replace(agent, ["example.org"], by=None, now=NOW)
    for attempt in (
        lambda: sessions.find(started.token, now=NOW),
        lambda: sessions.refresh(agent, started.refresh_secret, now=NOW),
    ):
        with pytest.raises(Forbidden) as refused:
            attempt()
        refusal(refused, "website_not_allowed")


@pytest.mark.parametrize("channel", ["link", "preview"])
def test_our_own_pages_need_not_be_allowed(agent, channel):
    started = start(agent, parent_origin=OWN, channel=channel)
    assert conversation_of(started).channel == channel
    assert sessions.find(started.token, now=NOW)
    assert sessions.refresh(agent, started.refresh_secret, now=NOW)


def test_a_link_that_is_switched_off_opens_nothing_and_ends_what_it_began(agent):
    begun = start(agent, parent_origin=OWN, channel="link")
    agent.allows_link = False
    db.session.commit()
    for attempt in (
        lambda: start(agent, parent_origin=OWN, channel="link"),
        lambda: sessions.find(begun.token, now=NOW),
        lambda: sessions.refresh(agent, begun.refresh_secret, now=NOW),
    ):
        with pytest.raises(Forbidden) as refused:
            attempt()
        refusal(refused, "website_not_allowed")
    assert start(agent)
    assert start(agent, parent_origin=OWN, channel="preview")


def test_a_ticket_of_the_direct_link_is_good_on_no_other_page(agent):
    with pytest.raises(Forbidden):
        start(agent, parent_origin="https://evil.example", channel="link")


def test_trying_the_agent_never_mixes_with_what_customers_say(agent):
    first = start(agent)
    ask(first)
    preview = start(agent, parent_origin=OWN, channel="preview", refresh_secret=first.refresh_secret)
    assert preview.session.conversation_id != first.session.conversation_id


# Going on


def test_refreshing_goes_on_with_everything_else_new(agent):
    first = start(agent, context={"page": "/"})
    later = NOW + timedelta(hours=23)
    second = sessions.refresh(agent, first.refresh_secret, now=later)
    assert second.session.customer_id == first.session.customer_id
    assert second.session.conversation_id == first.session.conversation_id
    assert second.session.context == {"page": "/"}
    assert second.session.expires_at == later + timedelta(hours=24)
    assert len({first.token, second.token, first.refresh_secret, second.refresh_secret}) == 4


def test_a_preview_is_not_kept_alive_beyond_a_day(agent):
    visit = replace(SITE, parent_origin=OWN)
    first = start(agent, visit, channel=conversations.PREVIEW)
    second = sessions.refresh(agent, first.refresh_secret, now=NOW + timedelta(hours=23))
    with pytest.raises(Unauthenticated) as refused:
        sessions.refresh(agent, second.refresh_secret, now=NOW + timedelta(hours=24))
    assert refused.value.code == "token_revoked"


def test_a_session_ends_after_a_day_however_active(agent):
    started = start(agent)
    assert sessions.find(started.token, now=NOW + timedelta(hours=23, minutes=59))
    with pytest.raises(Unauthenticated) as refused:
        sessions.find(started.token, now=NOW + timedelta(hours=24))
    refusal(refused, "token_expired")


def test_an_archived_agent_ends_its_sessions(agent):
    started = start(agent)
    agents.archive(agent, by=None, now=NOW)
    for attempt in (
        lambda: sessions.find(started.token, now=NOW),
        lambda: sessions.refresh(agent, started.refresh_secret, now=NOW),
    ):
        with pytest.raises(Unauthenticated) as refused:
            attempt()
        refusal(refused, "token_revoked")


def test_who_is_refused_for_now_may_come_back_later(agent):
    started = start(agent)
    websites.replace(agent, ["example.org"], by=None, now=NOW)
    with pytest.raises(Forbidden):
        sessions.refresh(agent, started.refresh_secret, now=NOW)
    websites.replace(agent, ["example.com"], by=None, now=NOW)
    later = NOW + timedelta(minutes=1)
    assert sessions.refresh(agent, started.refresh_secret, now=later)


def test_an_ended_session_is_revoked_with_its_way_back(agent):
    started = start(agent)
    sessions.end(started.session, now=NOW)
    next_request()
    with pytest.raises(Unauthenticated) as refused:
        sessions.find(started.token, now=NOW)
    refusal(refused, "token_revoked")
    with pytest.raises(Unauthenticated):
        sessions.refresh(agent, started.refresh_secret, now=NOW)


@pytest.mark.parametrize("token", [None, ""])
def test_without_a_token_the_chat_has_to_be_opened(app, token):
    with pytest.raises(Unauthenticated) as refused:
        sessions.find(token, now=NOW)
    refusal(refused, "token_required")


@pytest.mark.parametrize(
    "forge", [lambda token: token[:-20] + token[:-21:-1], lambda token: "x" + token, lambda token: "a.b.c"]
)
def test_a_changed_token_is_not_valid(agent, forge):
    with pytest.raises(Unauthenticated) as refused:
        sessions.find(forge(start(agent).token), now=NOW)
    refusal(refused, "token_invalid")


@pytest.mark.parametrize("changes", [{"origin": "https://evil.example"}, {"agent": "0" * 32}])
def test_a_token_is_bound_to_website_and_agent(agent, changes):
    session = start(agent).session
    content = {"session": session.id.hex, "agent": agent.id.hex, "origin": session.parent_origin}
    with pytest.raises(Unauthenticated) as refused:
        sessions.find(signing.sign(Kind.SESSION, content | changes), now=NOW)
    refusal(refused, "token_invalid")


# Who it is


def test_what_the_site_tells_identifies_without_proof(agent):
    started = start(agent, customer={"id": "c-1", "name": "Marta"})
    assert started.session.customer.standing is Standing.IDENTIFIED
    other = start(agent, customer={"id": "c-1", "name": "Marta"})
    assert other.session.customer_id != started.session.customer_id


def test_what_is_told_has_to_be_an_object_and_leaves_nothing_behind(agent):
    with pytest.raises(Invalid):
        start(agent, customer="Marta")
    assert db.session.scalar(select(func.count()).select_from(Customer)) == 0


def test_a_signed_customer_is_the_same_in_every_browser(agent, key):
    desk, phone = (start(agent, customer_token=token_of("c-1", name="Marta")) for _ in range(2))
    assert desk.session.customer_id == phone.session.customer_id
    assert desk.session.conversation_id == phone.session.conversation_id
    assert desk.session.customer.standing is Standing.VERIFIED


def test_who_signs_in_keeps_what_they_asked_before(agent, key):
    before = start(agent)
    ask(before)
    after = sessions.identify(before.session, agent, replace(SITE, customer_token=token_of("c-1")), now=NOW)
    assert after.session.conversation_id == before.session.conversation_id
    assert conversation_of(after).customer_id == after.session.customer_id != before.session.customer_id
    assert after.session.id != before.session.id
    next_request()
    assert "signed in" in db.session.scalars(select(Message).order_by(Message.seq.desc())).first().text
    with pytest.raises(Unauthenticated):
        sessions.find(before.token, now=NOW)


def test_what_was_told_to_be_another_customers_is_not_carried_over(agent, key):
    jonas = start(agent, customer={"id": "c-2"})
    ask(jonas, "A question of Jonas")
    marta = sessions.identify(jonas.session, agent, replace(SITE, customer_token=token_of("c-1")), now=NOW)
    assert conversations.latest_messages(conversation_of(marta)) == []
    same = start(agent, customer={"id": "c-3", "name": "Told"})
    ask(same)
    signed = start(agent, refresh_secret=same.refresh_secret, customer_token=token_of("c-3"))
    assert signed.session.conversation_id == same.session.conversation_id
    assert signed.session.customer.name is None


def test_nobody_reads_on_as_the_visitor_who_has_signed_in(agent, key):
    before = start(agent)
    ask(before)
    start(agent, refresh_secret=before.refresh_secret, customer_token=token_of("c-1"))
    next_request()
    for attempt in (
        lambda: sessions.find(before.token, now=NOW),
        lambda: sessions.refresh(agent, before.refresh_secret, now=NOW),
        lambda: sessions.identify(before.session, agent, SITE, now=NOW),
    ):
        with pytest.raises(Unauthenticated) as refused:
            attempt()
        refusal(refused, "token_revoked")


def test_a_silent_chat_is_not_carried_over(agent, key):
    first = start(agent, customer_token=token_of("c-1"))
    ask(first)
    silent = start(agent)
    signed_in = sessions.identify(silent.session, agent, replace(SITE, customer_token=token_of("c-1")), now=NOW)
    assert signed_in.session.conversation_id == first.session.conversation_id


def test_nothing_of_a_verified_customer_ever_moves_to_another(agent, key):
    marta = start(agent, customer_token=token_of("c-1"))
    ask(marta, "My address is …")
    jonas = sessions.identify(marta.session, agent, replace(SITE, customer_token=token_of("c-2")), now=NOW)
    assert jonas.session.customer_id != marta.session.customer_id
    assert jonas.session.conversation_id != marta.session.conversation_id
    assert conversation_of(marta).customer_id == marta.session.customer_id


def test_another_customer_in_the_same_browser_ends_the_way_back_of_the_first(agent, key):
    marta = start(agent, customer_token=token_of("c-1"))
    jonas = start(agent, customer_token=token_of("c-2"), refresh_secret=marta.refresh_secret)
    assert jonas.session.conversation_id != marta.session.conversation_id
    assert start(agent, refresh_secret=jonas.refresh_secret).session.customer_id == jonas.session.customer_id
    assert start(agent, refresh_secret=marta.refresh_secret).session.customer_id not in (
        marta.session.customer_id,
        jonas.session.customer_id,
    )


def test_what_is_told_never_changes_a_verified_customer(agent, key):
    marta = start(agent, customer_token=token_of("c-1", name="Marta"))
    told = sessions.identify(marta.session, agent, replace(SITE, customer={"id": "c-1", "name": "Jonas"}), now=NOW)
    assert told.session.customer_id == marta.session.customer_id
    assert (told.session.customer.name, told.session.customer.external_id) == ("Marta", "c-1")


@pytest.mark.parametrize("first", [{"customer": {"id": "c-1"}}, {"customer_token": token_of("c-1")}])
def test_who_is_told_to_be_somebody_else_sees_nothing_of_the_first(agent, key, first):
    marta = start(agent, **first)
    ask(marta)
    here = sessions.identify(marta.session, agent, replace(SITE, customer={"id": "c-2"}), now=NOW)
    # As well when the browser comes back later, with the right of the first.
    marta = start(agent, **first)
    ask(marta)
    back = start(agent, refresh_secret=marta.refresh_secret, customer={"id": "c-2"})
    for other in (here, back):
        assert other.session.customer.told_id == "c-2"
        assert other.session.customer.standing is Standing.IDENTIFIED
        assert conversations.latest_messages(conversation_of(other)) == []


def test_logging_out_leaves_nobody_and_nothing_behind(agent, key):
    marta = start(agent, customer_token=token_of("c-1"))
    ask(marta)
    nobody = sessions.identify(marta.session, agent, SITE, now=NOW)
    assert nobody.session.customer.standing is Standing.ANONYMOUS
    assert nobody.session.conversation_id != marta.session.conversation_id
    assert conversations.latest_messages(conversation_of(nobody)) == []
    next_request()
    with pytest.raises(Unauthenticated):
        sessions.find(marta.token, now=NOW)


@pytest.mark.parametrize("token", ["", "a.b.c", 7, [], hs256({"sub": "c-1", "exp": 1})])
def test_a_refused_token_shows_no_earlier_history(agent, key, token):
    first = start(agent)
    ask(first)
    with pytest.raises(Unauthenticated) as refused:
        start(agent, refresh_secret=first.refresh_secret, customer_token=token)
    refusal(refused, "customer_token_refused")
    with pytest.raises(Unauthenticated):
        sessions.identify(first.session, agent, replace(SITE, customer_token=token), now=NOW)
    assert sessions.find(first.token, now=NOW)


def test_a_refused_token_does_not_use_the_way_back_up(agent, key):
    first = start(agent)
    with pytest.raises(Unauthenticated):
        start(agent, refresh_secret=first.refresh_secret, customer_token="broken")
    later = NOW + timedelta(minutes=1)
    assert sessions.refresh(agent, first.refresh_secret, now=later).session.customer_id == first.session.customer_id


def test_with_signing_required_only_verified_customers_chat(agent):
    visitor = start(agent)
    add_key(agent, required=True)
    for changes in ({}, {"refresh_secret": visitor.refresh_secret}, {"customer": {"id": "c-1"}}):
        with pytest.raises(Unauthenticated) as refused:
            start(agent, **changes)
        refusal(refused, "token_required")
    with pytest.raises(Unauthenticated) as refused:
        sessions.refresh(agent, visitor.refresh_secret, now=NOW)
    refusal(refused, "token_required")
    with pytest.raises(Unauthenticated) as refused:
        sessions.find(visitor.token, now=NOW)
    refusal(refused, "token_required")
    assert start(agent, parent_origin=OWN, channel="preview")
    marta = start(agent, customer_token=token_of("c-1"))
    again = start(agent, refresh_secret=marta.refresh_secret)
    assert again.session.customer_id == marta.session.customer_id


# Ending


def test_a_session_keeps_which_browser_it_is_and_from_where(agent):
    first = start(agent, browser="Firefox on Linux", address="203.0.113.7")
    assert (first.session.browser, first.session.address) == ("Firefox on Linux", "203.0.113.7")
    second = sessions.refresh(agent, first.refresh_secret, now=NOW, address="2001:db8::7")
    assert (second.session.browser, second.session.address) == ("Firefox on Linux", "2001:db8::7")
    assert start(agent, browser="x" * 500, address="y" * 500).session.browser == "x" * 120


def test_signing_a_visitor_out_ends_all_their_browsers_and_is_noted(agent, key):
    olga = make_teammate(db.session.get(Workspace, agent.workspace_id), "Olga", Role.OWNER)
    desk, phone = (start(agent, customer_token=token_of("c-1", name="Marta")) for _ in range(2))
    other = start(agent)
    assert sessions.end_of_customer(desk.session.customer, by=olga, now=NOW) == 2
    next_request()
    for ended in (desk, phone):
        with pytest.raises(Unauthenticated) as refused:
            sessions.find(ended.token, now=NOW)
        refusal(refused, "token_revoked")
        with pytest.raises(Unauthenticated):
            sessions.refresh(agent, ended.refresh_secret, now=NOW)
    assert sessions.find(other.token, now=NOW)
    noted = db.session.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "customer")).one()
    assert (noted.action, noted.who, noted.after) == ("session.end", "Olga", {"browsers": 2})
    assert "Marta" not in noted.subject_name
    assert start(agent, customer_token=token_of("c-1")).session.customer_id == desk.session.customer_id


def test_signing_everyone_out_stops_at_the_workspace(agent, other_agent):
    workspace = db.session.get(Workspace, agent.workspace_id)
    olga = make_teammate(workspace, "Olga", Role.OWNER)
    here, elsewhere = [start(agent) for _ in range(3)], start(other_agent)
    assert sessions.end_all(workspace, by=olga, now=NOW) == 3
    next_request()
    for ended in here:
        with pytest.raises(Unauthenticated):
            sessions.find(ended.token, now=NOW)
    assert sessions.find(elsewhere.token, now=NOW)
    noted = db.session.scalars(select(AuditEntry)).one()
    assert (noted.action, noted.workspace_id) == ("session.end_all", workspace.id)


def test_reuse_stays_noted_even_when_the_visit_is_refused(agent):
    stolen = start(agent)
    sessions.refresh(agent, stolen.refresh_secret, now=NOW)
    add_key(agent, required=True)
    with pytest.raises(Unauthenticated) as refused:
        start(agent, refresh_secret=stolen.refresh_secret, now=NOW + timedelta(minutes=1))
    refusal(refused, "token_required")
    next_request()
    assert db.session.get(RefreshFamily, stolen.session.family_id).revoked_because == "reuse"
    assert "session.reuse" in set(db.session.scalars(select(AuditEntry.action)))


# Forgetting


def test_forgetting_erases_the_customer_with_all_that_is_kept(agent):
    started, other = start(agent), start(agent)
    ask(started)
    erasures.erase(started.session.customer, by=None, now=NOW)
    next_request()
    assert db.session.scalars(select(Customer.id)).all() == [other.session.customer_id]
    assert db.session.scalars(select(Conversation.id)).all() == [other.session.conversation_id]
    assert db.session.scalar(select(func.count()).select_from(Message)) == 0
    assert db.session.scalars(select(WidgetSession.id)).all() == [other.session.id]
    assert db.session.scalars(select(RefreshFamily.id)).all() == [other.session.family_id]
    assert refresh_secrets.peek(agent, started.refresh_secret, now=NOW) is None


def test_what_has_run_out_is_cleared_and_what_has_not_stays(agent):
    talked, _silent, fresh = start(agent), start(agent), start(agent, now=NOW + timedelta(days=31))
    ask(talked)
    kept = {one.session.conversation_id for one in (talked, fresh)}
    family, customers = fresh.session.family_id, {one.session.customer_id for one in (talked, fresh)}
    sessions.clear_expired(now=NOW + timedelta(days=32))
    next_request()
    assert set(db.session.scalars(select(Conversation.id))) == kept
    assert db.session.scalars(select(RefreshFamily.id)).all() == [family]
    assert set(db.session.scalars(select(Customer.id))) == customers
