"""The demo shop is alive, true to what its agent knows, and never there twice."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import (
    accounts,
    agents,
    customer_lists,
    demos,
    devices,
    figures,
    knowledge,
    profiles,
    sightings,
    targets,
    teams,
    unanswered,
    websites,
    widget_configs,
)
from core.clock import utc_now
from core.demos.questions import rows
from core.domains import DomainValidator
from core.errors import Conflict
from models import Base, db
from models.agents import Agent, Event
from models.conversations import Answer, Conversation, Message, Outcome, Sender, State
from models.customers import Customer, Fact, FactSource, Standing
from models.knowledge import Entry
from models.teammates import Role, Teammate, Workspace

HERE = "http://127.0.0.1:8000"


@pytest.fixture
def words_alone(monkeypatch):
    """Answer by full text where it does not matter how: learning the shop takes seconds."""
    monkeypatch.setattr("gateways.embeddings.load", lambda: None)


_made = {}
"""Of each database, the demo and all rows that make it: making it takes seconds, putting the rows back does not."""


@pytest.fixture
def shop(app, words_alone):
    kind = db.engine.dialect.name
    if kind not in _made:
        demo = demos.make(public_url="https://chat.example.net:8443", now=utc_now())
        with db.engine.connect() as connection:
            rows = {table: connection.execute(table.select()).mappings().all() for table in Base.metadata.sorted_tables}
        _made[kind] = (replace(demo, agent=demo.agent.id), rows)
        return demo
    demo, rows = _made[kind]
    with db.engine.begin() as connection:
        for table in Base.metadata.sorted_tables:
            if rows[table]:
                connection.execute(table.insert(), [dict(row) for row in rows[table]])
    return replace(demo, agent=db.session.get(Agent, demo.agent))


def count(table):
    return db.session.scalar(select(func.count()).select_from(table))


def test_its_questions_are_many_and_some_are_long():
    listing = rows()
    assert len(listing) >= 45
    assert len({row["id"] for row in listing}) == len(listing)
    assert sum(len(row["answer"]) > 400 for row in listing) >= 10
    assert sum(bool(row["alt"]) for row in listing) >= 20
    assert all(row["answer"] and not row["question"].startswith("#") for row in listing)


def test_it_has_a_team_and_an_agent_with_a_look_of_its_own(shop):
    team = db.session.scalars(select(Teammate)).all()
    assert {teammate.role for teammate in team} == {Role.OWNER, Role.SUPPORT, Role.EDITOR}
    assert len({teammate.workspace_id for teammate in team}) == 1
    assert accounts.authenticate(shop.email, shop.password).role is Role.OWNER
    config, version = widget_configs.published(shop.agent)
    assert (config.name, version) == ("Lumi", 2)
    assert 3 <= len(config.suggested_questions) <= 6
    assert not widget_configs.has_changes(shop.agent)


def test_its_people_work_together_and_nobody_is_alarmed_by_the_tale(shop):
    workspace = db.session.get_one(Workspace, shop.agent.workspace_id)
    [team] = teams.listed(workspace)
    assert [member.name for member in team.members] == ["Samir Haddad"]
    assert targets.of(workspace.id).is_on
    waiting = db.session.scalars(select(Conversation).where(Conversation.state == State.WAITING)).all()
    assert {targets.clock_of(one, now=utc_now()).is_late for one in waiting} == {True, False}
    before = {one.id: one.alerted_at for one in waiting}
    targets.alert_late(now=utc_now())
    assert {one.id: one.alerted_at for one in waiting} == before


def test_its_widget_works_on_the_shop_and_on_our_own_page(shop):
    for origin in (
        "https://www.lantern-and-loom.example",
        "https://chat.example.net:8443",
        "http://127.0.0.1:8123",
        "http://localhost:8000",
    ):
        assert websites.is_allowed(shop.agent, origin), origin
    assert not websites.is_allowed(shop.agent, "https://elsewhere.example")
    assert sightings.status(shop.agent, utc_now()).line == "Live on 1 site"


def test_its_page_may_have_an_address_without_a_name(app, words_alone):
    shop = demos.make(public_url="http://[::1]:8000", now=utc_now())
    assert DomainValidator.validate_domain("http://[::1]:8000", websites.patterns(shop.agent))


def test_every_state_of_a_conversation_is_there(shop):
    found = db.session.scalars(select(Conversation)).all()
    states = Counter(conversation.state for conversation in found)
    assert sum(states.values()) >= 25
    assert min(states[state] for state in State) >= 2
    assert all(conversation.handoff_reason for conversation in found if conversation.state is State.WAITING)
    assert all(conversation.teammate for conversation in found if conversation.state is State.PERSON)
    assert {conversation.channel for conversation in found} == {"web", "link"}


def test_every_kind_of_customer_is_there_and_each_once(shop):
    standings = Counter(db.session.scalars(select(Customer.standing)))
    assert standings[Standing.VERIFIED] == 2
    assert standings[Standing.IDENTIFIED] >= 3
    assert standings[Standing.ANONYMOUS] >= 5


def test_the_agent_answers_most_by_its_meaning_and_not_everything(app):
    shop = demos.make(public_url=HERE, now=utc_now())
    outcomes = Counter(db.session.scalars(select(Answer.outcome)))
    assert outcomes[Outcome.ANSWERED] >= 20
    assert outcomes[Outcome.SMALL_TALK] >= 4
    assert outcomes[Outcome.HANDOFF] >= 1
    assert None not in outcomes
    assert len(unanswered.listed(shop.agent)) >= 4
    asked = db.session.execute(
        select(Message.text, Entry.external_id)
        .join(Answer, Answer.message_id == Message.id)
        .join(Entry, Entry.id == Answer.entry_id)
    )
    found = dict(asked.all())
    assert found["How long does delivery take?"] == "delivery-time"
    assert found["Do you ship to Norway?"] == "delivery-abroad"
    assert found["What is the warranty on lamps?"] == "guarantee"


def test_what_is_told_lies_in_the_last_week_and_in_order(shop):
    now = utc_now()
    for conversation in db.session.scalars(select(Conversation)):
        said = db.session.scalars(
            select(Message).where(Message.conversation_id == conversation.id).order_by(Message.seq)
        ).all()
        times = [message.created_at for message in said]
        assert times == sorted(times)
        assert now - timedelta(days=7) < times[0] <= times[-1] <= now
        assert [message.seq for message in said] == list(range(1, conversation.last_seq + 1))
        assert said[0].sender is Sender.CUSTOMER
        assert conversation.last_message_at is not None


def test_the_figures_of_the_week_are_alive(shop):
    for figure in figures.week(shop.agent, utc_now())[:2]:
        assert sum(day > 0 for day in figure.days) >= 6, figure


def test_making_it_again_gives_a_new_password_and_nothing_else(shop):
    before = {table: count(table) for table in (Workspace, Teammate, Agent, Entry, Conversation, Message, Event)}
    again = demos.make(public_url="https://chat.example.net:8443", now=utc_now() + timedelta(hours=1))
    assert not again.is_new
    assert again.agent.public_id == shop.agent.public_id
    assert {table: count(table) for table in before} == before
    assert accounts.authenticate(shop.email, shop.password) is None
    assert accounts.authenticate(again.email, again.password)


def test_making_it_again_completes_what_was_interrupted(shop):
    db.session.query(Conversation).delete()
    db.session.commit()
    demos.make(public_url=HERE, now=utc_now())
    assert count(Conversation) >= 25
    assert "chat.example.net" in websites.patterns(shop.agent)


def test_making_it_again_brings_an_archived_agent_back(shop):
    agents.archive(shop.agent, by=None, now=utc_now())
    assert demos.find_agent() is None
    again = demos.make(public_url=HERE, now=utc_now())
    assert demos.find_agent().id == again.agent.id == shop.agent.id


def test_other_agents_of_the_workspace_are_left_alone(shop):
    other = agents.create(
        db.session.get(Workspace, shop.agent.workspace_id),
        name="My own",
        site_url=None,
        patterns=[],
        by=None,
        now=utc_now() - timedelta(days=90),
    )
    again = demos.make(public_url=HERE, now=utc_now())
    assert again.agent.id == shop.agent.id
    assert knowledge.count_live(other) == 0


def test_of_two_that_make_it_at_once_one_is_told_to_wait(shop, monkeypatch):
    monkeypatch.setattr("core.demos.shop._owner", lambda: None)
    with pytest.raises(Conflict, match="at this moment"):
        demos.make(public_url=HERE, now=utc_now())
    assert count(Workspace) == 1


def test_it_stands_beside_others_without_touching_them(agent, workspace, words_alone):
    shop = demos.make(public_url=HERE, now=utc_now())
    assert shop.agent.workspace_id != workspace.id
    assert [one.id for one in agents.listed(workspace)] == [agent.id]
    assert db.session.scalars(select(Entry.agent_id).distinct()).all() == [shop.agent.id]


def test_its_customers_are_known_in_all_three_ways(shop):
    standings = Counter(db.session.scalars(select(Customer.standing)))
    assert min(standings[standing] for standing in Standing) >= 2
    sources = Counter(db.session.scalars(select(Fact.source)))
    assert min(sources[source] for source in FactSource) >= 1
    mira = db.session.scalars(select(Customer).where(Customer.external_id == "LL-20417")).one()
    assert {field.name: field.is_signed for field in profiles.of(mira).attributes}["cart"] is False
    assert len(customer_lists.conversations_of(mira)) == 2
    assert len(devices.of(mira, now=utc_now())) == 2
