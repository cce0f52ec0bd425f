"""The commands that make an agent and set its look."""

import json

import pytest
from sqlalchemy import func, select

from core import agents, websites, widget_configs
from core.clock import utc_now
from models import db
from models.teammates import Workspace


def test_the_first_agent_makes_the_first_workspace(run):
    [made] = run("agents", "create", "--name", "Lumi")
    assert set(made) == {"agent_id", "workspace_id"}
    agent = agents.by_public_id(made["agent_id"])
    assert str(agent.workspace_id) == made["workspace_id"]
    assert websites.patterns(agent) == ["*"]
    [other] = run("agents", "create", "--name", "Second", "--domain", "a.example.com", "--domain", "*.example.org")
    assert other["workspace_id"] == made["workspace_id"]
    assert websites.patterns(agents.by_public_id(other["agent_id"])) == ["a.example.com", "*.example.org"]


def test_an_agent_with_a_site_is_allowed_there(run):
    [made] = run("agents", "create", "--name", "Lumi", "--site", "https://www.shop.com")
    agent = agents.by_public_id(made["agent_id"])
    assert agent.site_url == "https://www.shop.com"
    assert websites.is_allowed(agent, "https://www.shop.com")
    assert not websites.is_allowed(agent, "https://elsewhere.com")


@pytest.mark.parametrize(
    "options",
    [["--name", " "], ["--name", "x" * 100], ["--name", "A", "--domain", "*.co.uk"], ["--name", "A", "--site", ":"]],
)
def test_an_agent_that_cannot_be_made_leaves_nothing_behind(refused, options):
    refused("agents", "create", *options)
    assert db.session.scalar(select(func.count()).select_from(Workspace)) == 0


def test_configuring_publishes_and_keeps_the_rest(run, write, agent):
    settings = {
        "allowed_domains": ["shop.example.org"],
        "theme": {"accent": "#123456", "scheme": "dark"},
        "position": "top-left",
        "greeting": "Good evening",
        "features": {"handoff": False},
        "triggers": [{"after_seconds": 5}],
        "custom_css": ".x { color: red }",
    }
    assert run("agents", "configure", agent.public_id, "--file", write(settings)) == [{"version": 2}]
    assert run("agents", "configure", agent.public_id, "--file", write({"theme": {"accent": "#654321"}})) == [
        {"version": 3}
    ]
    db.session.expire_all()
    config, version = widget_configs.published(agent)
    assert version == 3
    assert (config.theme.accent, config.theme.scheme) == ("#654321", "dark")
    assert (config.position, config.greeting, config.features["handoff"]) == ("top-left", "Good evening", False)
    assert websites.patterns(agent) == ["shop.example.org"]


def test_configuring_leaves_an_unpublished_draft_unpublished(run, write, agent):
    draft, _problems = widget_configs.check({"greeting": "Half finished", "name": "Lumi"})
    revision = widget_configs.draft(agent).revision
    widget_configs.save_draft(agent, draft, revision=revision, by=None, now=utc_now())
    run("agents", "configure", agent.public_id, "--file", write({"position": "top-left"}))
    assert widget_configs.published(agent)[0].greeting != "Half finished"
    assert widget_configs.drafted(agent).greeting == "Half finished"
    assert widget_configs.drafted(agent).position == "top-left"


def test_an_empty_list_of_websites_means_nowhere(run, write, agent):
    run("agents", "configure", agent.public_id, "--file", write({"allowed_domains": []}))
    db.session.expire_all()
    assert websites.patterns(agent) == []


def test_css_that_is_left_out_is_told(app, write, agent):
    path = write({"custom_css": ".x { background: url(https://evil.example/) }"})
    result = app.test_cli_runner().invoke(args=["agents", "configure", agent.public_id, "--file", str(path)])
    assert json.loads(result.stdout) == {"version": 2}
    assert "custom_css, line 1" in result.stderr


@pytest.mark.parametrize(
    "settings",
    [
        {"colour": "red"},
        {"theme": {"accent": "nothing"}},
        {"theme": 5},
        {"position": ["top-left"]},
        {"position": "nowhere"},
        {"features": {"handoff": "yes"}},
        {"triggers": [{"after_seconds": 1e300}]},
        {"triggers": "soon"},
        {"greeting": 7},
        {"greeting": "x" * 10_000},
        {"custom_css": {"a": 1}},
        {"allowed_domains": "example.com"},
        {"allowed_domains": [1]},
        {"allowed_domains": ["*.co.uk"], "greeting": "Hi"},
        {"allowed_domains": ["exa\ud800mple.com"]},
        {"allowed_domains": ["\x00"]},
    ],
)
def test_settings_that_cannot_be_used_change_nothing(refused, write, agent, settings):
    refused("agents", "configure", agent.public_id, "--file", write(settings))
    db.session.expire_all()
    assert widget_configs.published(agent)[1] == 1
    assert websites.patterns(agent) == ["example.com"]
