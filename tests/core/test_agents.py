"""Agents: made with a look and websites, found by their own workspace only, archived and brought back."""

import pytest

from core import agents, websites, widget_configs
from core.errors import Invalid, NotFound
from models import db
from models.audits import AuditEntry
from models.teammates import Role
from tests.conftest import NOW, make_teammate


def make(workspace, name="Lumi", site_url=None, patterns=()):
    return agents.create(workspace, name=name, site_url=site_url, patterns=patterns, by=None, now=NOW)


def test_a_new_agent_is_published_at_once(workspace):
    agent = make(workspace, name="  Lumi\x00  Lamp ")
    config, number = widget_configs.published(agent)
    assert (agent.name, config.name, number) == ("Lumi Lamp", "Lumi Lamp", 1)
    assert not widget_configs.has_changes(agent)


def test_with_no_site_and_no_pattern_every_website_is_allowed(workspace):
    assert websites.patterns(make(workspace)) == ["*"]


@pytest.mark.parametrize(
    ("site", "allowed"),
    [
        ("https://www.shop.com/de/", ["shop.com", "*.shop.com"]),
        ("shop.co.uk", ["shop.co.uk", "*.shop.co.uk"]),
        ("www.github.io", ["www.github.io"]),
        ("http://localhost:5000", ["localhost"]),
        ("http://192.0.2.7:8080", ["192.0.2.7"]),
    ],
)
def test_a_site_is_allowed_with_what_lies_below_it(workspace, site, allowed):
    assert websites.patterns(make(workspace, site_url=site)) == allowed


def test_patterns_are_added_to_the_site_once(workspace):
    agent = make(workspace, site_url="https://shop.com", patterns=["SHOP.com", "localhost"])
    assert websites.patterns(agent) == ["shop.com", "*.shop.com", "localhost"]
    assert agent.site_url == "https://shop.com"


@pytest.mark.parametrize(
    "wrong",
    [{"name": " "}, {"name": "x" * 61}, {"site_url": "not a site"}, {"patterns": ["*.co.uk"]}, {"patterns": ["a b"]}],
)
def test_what_cannot_be_used_is_refused_and_leaves_nothing(workspace, wrong):
    with pytest.raises(Invalid):
        make(workspace, **wrong)
    assert agents.listed(workspace) == []


def test_a_stranger_finds_nothing(agent, other_workspace):
    with pytest.raises(NotFound):
        agents.find(other_workspace, agent.id)
    assert agents.listed(other_workspace) == []


@pytest.mark.parametrize("public_id", ["", "\x00", "nobody", "x" * 4000])
def test_no_customer_reaches_an_unknown_id(app, public_id):
    assert agents.by_public_id(public_id) is None


def test_an_archived_agent_is_gone_until_it_is_brought_back(workspace, agent):
    agents.archive(agent, by=None, now=NOW)
    assert agents.by_public_id(agent.public_id) is None
    assert list(agents.archived(workspace)) == [agent]
    with pytest.raises(NotFound):
        agents.find(workspace, agent.id)
    agents.bring_back(agents.find(workspace, agent.id, is_archived=True), by=None, now=NOW)
    assert agents.by_public_id(agent.public_id) == agent
    assert list(agents.listed(workspace)) == [agent]


def test_the_direct_link_is_open_until_it_is_closed(agent):
    assert agent.allows_link
    agents.allow_link(agent, False, by=None, now=NOW)
    assert not agent.allows_link


def test_every_change_of_an_agent_is_noted(workspace):
    olga = make_teammate(workspace, "Olga", Role.OWNER)
    agent = agents.create(workspace, name="Lumi", site_url="shop.com", patterns=(), by=olga, now=NOW)
    agents.archive(agent, by=olga, now=NOW)
    agents.bring_back(agent, by=olga, now=NOW)
    agents.allow_link(agent, False, by=olga, now=NOW)
    agents.allow_link(agent, False, by=olga, now=NOW)
    noted = db.session.query(AuditEntry).order_by(AuditEntry.id).all()
    assert {entry.who for entry in noted} == {"Olga"}
    assert [(entry.action, entry.before, entry.after) for entry in noted] == [
        (
            "agent.create",
            None,
            {"name": "Lumi", "website": "https://shop.com", "websites": ["shop.com", "*.shop.com"]},
        ),
        ("agent.archive", None, None),
        ("agent.restore", None, None),
        ("agent.allow_link", {"allows_link": True}, {"allows_link": False}),
    ]


def test_the_first_try_counts(agent):
    agents.mark_tried(agent, now=NOW)
    first = agent.tried_at
    agents.mark_tried(agent, now=NOW.replace(year=2027))
    assert agent.tried_at == first == NOW
