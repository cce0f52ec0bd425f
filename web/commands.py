"""The `flask --app app` commands of design.md 5.1: JSON on standard output, words on standard error."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn, ParamSpec

import click
from flask import Flask, current_app

from config.settings import Settings
from core import agents, demos, identity_keys, knowledge, websites, widget_configs, workspaces
from core.clock import utc_now
from core.errors import DomainError
from models import db
from models.agents import Agent
from models.teammates import Workspace

Parameters = ParamSpec("Parameters")
_LARGEST_FILE = 50 * 1024 * 1024
_CONFIGURABLE = {"allowed_domains", "theme", "position", "custom_css", "features", "greeting", "triggers"}


def add_commands(app: Flask) -> None:
    app.cli.add_command(demo)
    app.cli.add_command(agents_group)
    app.cli.add_command(identity_group)
    app.cli.add_command(knowledge_group)
    app.cli.add_command(ask)


def _plainly(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """Turn a refusal into a sentence on standard error and exit status 1."""

    @wraps(command)
    def run(*arguments: Parameters.args, **options: Parameters.kwargs) -> None:
        try:
            command(*arguments, **options)
        except DomainError as error:
            _fail(error.message)

    return run


@click.command("demo")
@_plainly
def demo() -> None:
    """Make a believable shop with all its parts; /demo shows the widget on its page."""
    settings: Settings = current_app.config["PORCHLIGHT"]
    made = demos.make(public_url=settings.public_url, now=utc_now())
    _print(
        {
            "email": made.email,
            "password": made.password,
            "agent_id": made.agent.public_id,
            "admin_url": f"{settings.public_url}/admin/",
            "demo_url": f"{settings.public_url}/demo",
        }
    )


@click.group("agents")
def agents_group() -> None:
    """Agents: make one, set its look."""


@agents_group.command("create")
@click.option("--name", required=True, help="What customers see.")
@click.option("--site", help="The website, like https://example.com.")
@click.option("--domain", "domains", multiple=True, help="A website it may appear on; may be given again.")
@_plainly
def create_agent(name: str, site: str | None, domains: Sequence[str]) -> None:
    """Make an agent in the first workspace, which is made if there is none."""
    workspace = workspaces.first_or_new(now=utc_now())
    agent = agents.create(workspace, name=name, site_url=site, patterns=domains, by=None, now=utc_now())
    _print({"agent_id": agent.public_id, "workspace_id": str(workspace.id)})


@agents_group.command("configure")
@click.argument("agent_id")
@click.option("--file", "path", required=True, type=click.Path(path_type=Path), help="JSON with the settings.")
@_plainly
def configure_agent(agent_id: str, path: Path) -> None:
    """Set an agent's published settings."""
    agent = _agent(agent_id)
    settings = _json_object(path)
    if unknown := sorted(set(settings) - _CONFIGURABLE):
        _fail(f"Not known: {', '.join(unknown)}. Known are {', '.join(sorted(_CONFIGURABLE))}.")
    patterns = _texts(settings.pop("allowed_domains", None), "allowed_domains")
    config, problems = widget_configs.check(widget_configs.drafted(agent).as_settings() | settings)
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        _fail("Nothing was changed.")
    with db.session.no_autoflush:
        if patterns is not None:
            websites.replace(agent, patterns, by=None, now=utc_now())
        revision = widget_configs.draft(agent).revision
        widget_configs.save_draft(agent, config, revision=revision, by=None, now=utc_now())
        version = widget_configs.publish(agent, by=None, now=utc_now())
    _print({"version": version.number})


@click.group("identity")
def identity_group() -> None:
    """Customer sign-in: the keys that tokens are checked with."""


@identity_group.command("configure")
@click.argument("agent_id")
@click.option("--file", "path", required=True, type=click.Path(path_type=Path), help="JSON with the key.")
@_plainly
def configure_identity(agent_id: str, path: Path) -> None:
    """Make a key live for the agent's workspace; two may be live at once."""
    workspace = db.session.get_one(Workspace, _agent(agent_id).workspace_id)
    key = identity_keys.add(workspace, _json_object(path), now=utc_now())
    _print({"key_id": str(key.id)})


@click.group("knowledge")
def knowledge_group() -> None:
    """What an agent knows."""


@knowledge_group.command("import")
@click.argument("agent_id")
@click.argument("path", type=click.Path(path_type=Path))
@_plainly
def import_knowledge(agent_id: str, path: Path) -> None:
    """Add questions and answers from a JSON list; those with a known id are replaced."""
    rows = _json(path)
    if not isinstance(rows, list):
        _fail(f"{path.name} has to hold a JSON list.")
    agent = _agent(agent_id)
    result = knowledge.import_entries(agent, rows, by=None, now=utc_now())
    print("Learning the new entries", file=sys.stderr)
    knowledge.learn_now(agent)
    _print({"imported": result.imported})


@click.command("ask")
@click.argument("agent_id")
@click.option("--file", "path", required=True, type=click.Path(path_type=Path), help="Lines of {id, text}.")
@_plainly
def ask(agent_id: str, path: Path) -> None:
    """Ask an agent each line's question, from its knowledge alone; a line of JSON comes back for each."""
    agent = _agent(agent_id)
    questions = list(_lines(path))
    index = knowledge.index_for(agent)
    names = knowledge.external_ids(agent)
    answers = knowledge.answers_by_id(agent)
    for question in questions:
        found = index.search(question["text"])
        entry_id = found.entry_id if found.outcome == "answered" else None
        _print(
            {
                "id": question["id"],
                "entry_id": names[entry_id] if entry_id else None,
                "answer": answers[entry_id] if entry_id else "",
                "abstained": entry_id is None,
                "suggestions": [names[one] for one in found.suggestions],
                "ranking": [names[one] for one, _score in found.ranking],
                "score": round(found.score, 4),
                "ms": round(found.ms, 3),
            }
        )


def _agent(public_id: str) -> Agent:
    agent = agents.by_public_id(public_id)
    if agent is None:
        _fail(f"There is no agent {public_id[:60]}.")
    return agent


def _json_object(path: Path) -> dict[str, Any]:
    content = _json(path)
    if not isinstance(content, dict):
        _fail(f"{path.name} has to hold a JSON object.")
    return content


def _json(path: Path) -> Any:
    try:
        return json.loads(_text(path))
    except ValueError as error:
        _fail(f"{path.name} is not JSON: {error}.")


def _lines(path: Path) -> Iterator[Mapping[str, Any]]:
    for number, line in enumerate(_text(path).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            question = json.loads(line)
        except ValueError:
            _fail(f"{path.name}, line {number} is not JSON.")
        if not isinstance(question, dict) or not isinstance(question.get("text"), str) or "id" not in question:
            _fail(f"{path.name}, line {number} has to be an object with id and text.")
        yield question


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            _fail(f"{path.name} is larger than 50 MB.")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        _fail(f"{path} cannot be read: {error.strerror}.")
    except UnicodeDecodeError:
        _fail(f"{path.name} is not UTF-8 text.")


def _texts(value: object, name: str) -> list[str] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        _fail(f"{name} has to be a list of texts.")
    return value


def _print(content: Mapping[str, Any]) -> None:
    print(json.dumps(content, ensure_ascii=False), flush=True)


def _fail(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise SystemExit(1)
