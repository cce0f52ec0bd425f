"""The commands that make an agent and set its look."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from core import agents, looks, websites, widget_configs, workspaces
from core.clock import utc_now
from core.custom_css import sanitize
from models import db, transaction
from models.agents import Agent
from web.command_files import read_object
from web.command_lines import FOR_AN_AGENT, fail, find_agent, plainly, show, tell

_CONFIGURABLE = (
    "allowed_domains",
    "consent",
    "custom_css",
    "features",
    "greeting",
    "greetings",
    "hours",
    "launcher",
    "name",
    "position",
    "pre_chat",
    "suggested_questions",
    "theme",
    "triggers",
)


@click.group("agents")
def agents_group() -> None:
    """Agents: make one, set its look."""


@agents_group.command("create")
@click.option("--name", required=True, help="What customers see.")
@click.option("--site", help="The website, like https://example.com.")
@click.option("--domain", "domains", multiple=True, help="A website it may appear on; may be given again.")
@plainly
def create_agent(name: str, site: str | None, domains: Sequence[str]) -> None:
    """Make an agent in the first workspace, which is made if there is none."""
    with transaction():
        workspace = workspaces.first_or_new(now=utc_now())
        db.session.flush()
        agent = agents.create(workspace, name=name, site_url=site, patterns=domains, by=None, now=utc_now())
    show({"agent_id": agent.public_id, "workspace_id": str(workspace.id)})


@agents_group.command("configure", context_settings=FOR_AN_AGENT)
@click.argument("agent_id")
@click.option("--file", "path", required=True, type=Path, help="JSON with the settings.")
@plainly
def configure_agent(agent_id: str, path: Path) -> None:
    """Set an agent's published settings; what the file leaves out stays, and so does an unpublished draft."""
    agent = find_agent(agent_id)
    settings = read_object(path)
    if unknown := sorted(set(settings) - set(_CONFIGURABLE)):
        fail(f"Not known: {', '.join(unknown)}. Known are {', '.join(_CONFIGURABLE)}.")
    patterns = _patterns(settings.pop("allowed_domains", None))
    before, draft = widget_configs.published(agent)[0], widget_configs.drafted(agent)
    version = _publish(agent, _checked(agent, settings, base=before))
    if draft != before:
        _save_draft(agent, _checked(agent, settings, base=draft))
    if patterns is not None:
        websites.replace(agent, patterns, by=None, now=utc_now())
    show({"version": version})


def _patterns(wanted: object) -> list[str] | None:
    if wanted is None:
        return None
    if not isinstance(wanted, list) or not all(isinstance(one, str) for one in wanted):
        fail("allowed_domains has to be a list of texts. Nothing was changed.")
    return websites.read_patterns(wanted)


def _checked(
    agent: Agent, settings: Mapping[str, Any], *, base: widget_configs.WidgetConfig
) -> widget_configs.WidgetConfig:
    config, problems = looks.check(agent, settings, base=base)
    if problems:
        for name, sentence in problems.items():
            tell(f"{name}: {sentence}")
        fail("Nothing was changed.")
    return config


def _publish(agent: Agent, config: widget_configs.WidgetConfig) -> int:
    for problem in sanitize(config.custom_css).problems:
        tell(f"custom_css, line {problem.line}: {problem.message}")
    _save_draft(agent, config)
    return widget_configs.publish(agent, by=None, now=utc_now()).number


def _save_draft(agent: Agent, config: widget_configs.WidgetConfig) -> None:
    revision = widget_configs.draft(agent).revision
    widget_configs.save_draft(agent, config, revision=revision, by=None, now=utc_now())
