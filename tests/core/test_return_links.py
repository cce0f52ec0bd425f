"""Mailed links into one conversation: what they open, what they do not, and when they end."""

from datetime import timedelta

import pytest

from core import (
    conversations,
    customer_records,
    customers,
    identity_keys,
    merges,
    return_links,
    sessions,
    signing,
    tickets,
)
from core.clock import utc_now
from core.errors import Forbidden, NotFound, Unauthenticated
from core.sessions import Visit
from models import db
from models.conversations import Answer, State
from models.customers import Standing
from models.letters import ReturnLink
from models.teammates import Role, Workspace
from tests.conftest import make_conversation, make_customer, make_teammate
from tests.core.customer_token_forge import HS256, hs256

NOW = utc_now()
OWN = "http://localhost"


@pytest.fixture(autouse=True)
def moment(monkeypatch):
    """Now is when a test begins: late in a long run, what was now at its start is past by many minutes."""
    monkeypatch.setitem(globals(), "NOW", utc_now())


@pytest.fixture
def marta(agent):
    """Somebody who has left, of whom a website has told the address."""
    return make_customer(
        agent.workspace_id, "Marta", email="marta@mail.example", standing=Standing.IDENTIFIED, told_id="42"
    )


@pytest.fixture
def talk(agent, marta):
    made = make_conversation(agent, marta)
    conversations.ask(made, client_id="one", text="Where is my lamp?", now=NOW)
    return made


def come(agent, conversation, *, now=None, **visit):
    """Open the link that was mailed, and begin."""
    now = now or NOW
    link = return_links.find(agent, return_links.make(conversation, now=now), now=now)
    ticket = tickets.issue(agent, origin=None, channel="link", return_link=link.id)
    return sessions.start(agent, ticket, Visit(parent_origin=OWN, own_origin=OWN, **visit), now=now)


def find(started, *, now=None, by_link=True):
    db.session.expire_all()
    return sessions.find(started.token, now=now or NOW, by_link=by_link)


def test_a_link_leads_back_into_the_same_conversation_as_the_same_customer(agent, talk, marta):
    session = find(come(agent, talk))
    assert (session.conversation_id, session.customer_id) == (talk.id, marta.id)


def test_a_link_needs_neither_the_website_nor_the_direct_link(agent, talk):
    agent.allows_link = False
    db.session.commit()
    assert find(come(agent, talk))


def test_what_began_with_a_link_is_refused_all_that_does_not_allow_it(agent, talk):
    with pytest.raises(Forbidden):
        find(come(agent, talk), by_link=False)


def test_a_link_opens_no_other_conversation_of_the_customer(agent, talk, marta):
    started = come(agent, talk)
    newer = make_conversation(agent, marta, last_message_at=NOW + timedelta(minutes=1))
    again = come(agent, talk, refresh_secret=started.refresh_secret)
    assert again.session.conversation_id == talk.id != newer.id


def test_what_the_browser_keeps_of_somebody_else_is_not_used_up(agent, talk):
    ticket = tickets.issue(agent, origin=None, channel="link")
    own = sessions.start(agent, ticket, Visit(parent_origin=OWN, own_origin=OWN), now=NOW)
    come(agent, talk, refresh_secret=own.refresh_secret)
    later = NOW + timedelta(hours=1)
    assert sessions.refresh(agent, own.refresh_secret, now=later).session.customer_id == own.session.customer_id


def test_a_link_leads_on_to_what_its_conversation_was_merged_into_and_proves_no_more(agent, talk, marta, workspace):
    target = make_conversation(agent, marta)
    secret, early = return_links.make(talk, now=NOW), come(agent, talk)
    conversations.merge_into(talk, target, by=make_teammate(workspace, "Sue", Role.SUPPORT), now=NOW)
    with pytest.raises(Unauthenticated):
        find(early)
    link = return_links.find(agent, secret, now=NOW)
    ticket = tickets.issue(agent, origin=None, channel="link", return_link=link.id)
    session = find(sessions.start(agent, ticket, Visit(parent_origin=OWN, own_origin=OWN), now=NOW))
    assert session.conversation_id == target.id
    assert return_links.said_by(session)["person_because"]


def test_who_comes_by_a_link_talks_with_people(agent, talk):
    conversations.resolve(talk, now=NOW)
    session = find(come(agent, talk))
    told = return_links.said_by(session)
    asked = conversations.ask_once(talk, client_id="two", text="Still nothing.", now=NOW, **told)
    assert talk.state is State.WAITING
    assert db.session.get(Answer, asked.message.id) is None
    assert asked.message.details["letter"] == {"way": "link"}


def test_a_link_runs_out_with_the_chat_that_it_opened(agent, talk):
    secret = return_links.make(talk, now=NOW)
    started = come(agent, talk)
    db.session.get_one(ReturnLink, started.session.return_link_id).expires_at = NOW + timedelta(minutes=5)
    db.session.commit()
    with pytest.raises(Unauthenticated) as refused:
        find(started, now=NOW + timedelta(minutes=6))
    assert refused.value.code == "token_revoked"
    with pytest.raises(NotFound):
        return_links.find(agent, secret, now=NOW + return_links.LIFETIME)


def test_an_old_chat_by_a_link_does_not_go_on_as_somebody_else(agent, talk):
    started = come(agent, talk)
    with pytest.raises(Unauthenticated) as refused:
        find(started, now=NOW + timedelta(hours=25))
    assert refused.value.code == "token_revoked"


def test_a_link_of_another_agent_opens_nothing(agent, other_agent, talk):
    secret = return_links.make(talk, now=NOW)
    for wrong_agent, wrong_secret in ((other_agent, secret), (agent, signing.new_secret())):
        with pytest.raises(NotFound):
            return_links.find(wrong_agent, wrong_secret, now=NOW)


def end_by_signing_in(agent, talk, marta):
    workspace = db.session.get_one(Workspace, agent.workspace_id)
    identity_keys.configure(workspace, HS256, now=NOW)
    token = hs256({"sub": "marta-7", "exp": NOW.timestamp() + 600})
    conversations.join(
        talk, customers.verified(workspace, identity_keys.verify(workspace.id, token, now=NOW), now=NOW), now=NOW
    )


def end_by_signing_out(agent, talk, marta):
    sessions.end_of_customer(marta, by=None, now=NOW)


def end_by_signing_all_out(agent, talk, marta):
    sessions.end_all(db.session.get_one(Workspace, agent.workspace_id), by=None, now=NOW)


def end_by_another_address(agent, talk, marta):
    customers.tell(marta, {"email": "new@mail.example"}, now=NOW)


def end_by_another_address_of_the_site(agent, talk, marta):
    customer_records.change(marta, {"email": "new@mail.example"})


def end_by_becoming_somebody_else(agent, talk, marta):
    signed = make_customer(agent.workspace_id, external_id="marta-7", standing=Standing.VERIFIED)
    merges.merge(marta, signed, by=None, now=NOW)


@pytest.mark.parametrize(
    "end",
    [
        end_by_signing_in,
        end_by_signing_out,
        end_by_signing_all_out,
        end_by_another_address,
        end_by_another_address_of_the_site,
        end_by_becoming_somebody_else,
    ],
)
def test_a_link_ends_where_it_may_be_in_the_wrong_hands(agent, talk, marta, end):
    secret = return_links.make(talk, now=NOW)
    started = come(agent, talk)
    end(agent, talk, marta)
    with pytest.raises(NotFound):
        return_links.find(agent, secret, now=NOW)
    with pytest.raises(Unauthenticated) as refused:
        find(started)
    assert refused.value.code == "token_revoked"


def test_a_link_proves_nothing_where_only_those_may_chat_who_have_proven_who_they_are(agent, talk):
    workspace = db.session.get_one(Workspace, agent.workspace_id)
    identity_keys.configure(workspace, {**HS256, "required": True}, now=NOW)
    with pytest.raises(Unauthenticated) as refused:
        come(agent, talk)
    assert refused.value.code == "token_required"


def test_links_that_ran_out_are_forgotten(agent, talk):
    return_links.make(talk, now=NOW)
    return_links.make(talk, now=NOW - timedelta(days=20))
    workspace = db.session.get_one(Workspace, agent.workspace_id)
    return_links.clear_expired(now=NOW)
    assert db.session.query(ReturnLink).count() == return_links.count(workspace, now=NOW) == 1
