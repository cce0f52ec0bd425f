"""The `flask --app app` commands of design.md 5.1: JSON on standard output, words on standard error."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn, ParamSpec

import click
from flask import Flask, current_app
from sqlalchemy.exc import DBAPIError

from config.settings import Settings
from core import (
    accounts,
    agents,
    api_keys,
    identity_keys,
    knowledge,
    looks,
    replies,
    resealing,
    second_factors,
    setup_codes,
    websites,
    widget_configs,
    workspaces,
)
from core.answering import Index
from core.clock import utc_now
from core.custom_css import sanitize
from core.errors import DomainError
from core.texts import clean
from models import db, transaction
from models.agents import Agent
from models.conversations import Outcome
from models.teammates import Workspace
from web import mails, schema
from web.archive_commands import archive_group
from web.backups import backup, restore
from web.command_files import Question, read_list, read_object, read_questions
from web.shop_commands import shop_server

Parameters = ParamSpec("Parameters")
# An agent's id may begin with a hyphen and is no option for that.
_FOR_AN_AGENT = {"ignore_unknown_options": True}
_CONFIGURABLE = (
    *(
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
    ),
    *("theme", "triggers"),
)


def add_commands(app: Flask) -> None:
    app.cli.add_command(demo)
    app.cli.add_command(agents_group)
    app.cli.add_command(identity_group)
    app.cli.add_command(keys_group)
    app.cli.add_command(knowledge_group)
    app.cli.add_command(ask)
    app.cli.add_command(secrets_group)
    app.cli.add_command(teammates_group)
    app.cli.add_command(shop_server)
    app.cli.add_command(archive_group)
    app.cli.add_command(backup)
    app.cli.add_command(restore)


def _plainly(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """Bring the database to the present first, and turn a refusal into a sentence and exit status 1."""

    @wraps(command)
    def run(*arguments: Parameters.args, **options: Parameters.kwargs) -> None:
        try:
            if not _settings().testing:
                schema.upgrade(current_app._get_current_object())  # type: ignore[attr-defined]
            command(*arguments, **options)
        except DomainError as error:
            _fail(error.message)
        except DBAPIError as error:
            _fail(f"The database cannot be used: {error.orig}")

    return run


@click.command("demo")
@click.option("--shop", help="The address of a running `shop-server`, like http://127.0.0.1:8765/mcp.")
@_plainly
def demo(shop: str | None) -> None:
    """Make a believable shop with all its parts; /demo shows the widget on its page."""
    from core import demos

    public_url = _settings().public_url
    made = demos.make(public_url=public_url, now=utc_now())
    if not made.is_new:
        _tell("The demo shop was there already. Its owner has a new password; nothing else was changed.")
    if shop:
        demos.connect_shop(made, shop, now=utc_now())
        _tell("The agent can look up orders now: sign in as Ines on the demo's page and ask for hers.")
    _print(
        {
            "email": made.email,
            "password": made.password,
            "agent_id": made.agent.public_id,
            "admin_url": f"{public_url}/admin/",
            "demo_url": f"{public_url}/demo",
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
    with transaction():
        workspace = workspaces.first_or_new(now=utc_now())
        db.session.flush()
        agent = agents.create(workspace, name=name, site_url=site, patterns=domains, by=None, now=utc_now())
    _print({"agent_id": agent.public_id, "workspace_id": str(workspace.id)})


@click.group("keys")
def keys_group() -> None:
    """API keys: make one for a program."""


@keys_group.command("create")
@click.option("--name", required=True, help="Of the program that uses it.")
@click.option("--scope", "scopes", multiple=True, help="Such as customers:read; may be given again. Without: all.")
@click.option("--days", type=click.IntRange(1, 3_650), help="For how long it is good; without: until it is revoked.")
@_plainly
def create_key(name: str, scopes: Sequence[str], days: int | None) -> None:
    """Make an API key in the first workspace, which is made if there is none."""
    with transaction():
        workspace = workspaces.first_or_new(now=utc_now())
        db.session.flush()
        made = api_keys.make(workspace, name=name, scopes=scopes or api_keys.SCOPES, days=days, by=None, now=utc_now())
    _print({"key": made.secret, "key_id": str(made.row.id), "scopes": made.row.scopes})


@agents_group.command("configure", context_settings=_FOR_AN_AGENT)
@click.argument("agent_id")
@click.option("--file", "path", required=True, type=Path, help="JSON with the settings.")
@_plainly
def configure_agent(agent_id: str, path: Path) -> None:
    """Set an agent's published settings; what the file leaves out stays, and so does an unpublished draft."""
    agent = _agent(agent_id)
    settings = read_object(path)
    if unknown := sorted(set(settings) - set(_CONFIGURABLE)):
        _fail(f"Not known: {', '.join(unknown)}. Known are {', '.join(_CONFIGURABLE)}.")
    patterns = _patterns(settings.pop("allowed_domains", None))
    before, draft = widget_configs.published(agent)[0], widget_configs.drafted(agent)
    version = _publish(agent, _checked(agent, settings, base=before))
    if draft != before:
        _save_draft(agent, _checked(agent, settings, base=draft))
    if patterns is not None:
        websites.replace(agent, patterns, by=None, now=utc_now())
    _print({"version": version})


@click.group("identity")
def identity_group() -> None:
    """Customer sign-in: the keys that tokens are checked with."""


@identity_group.command("configure", context_settings=_FOR_AN_AGENT)
@click.argument("agent_id")
@click.option("--file", "path", required=True, type=Path, help="JSON with the key.")
@_plainly
def configure_identity(agent_id: str, path: Path) -> None:
    """Make a key live for the agent's workspace; two may be live at once."""
    workspace = db.session.get_one(Workspace, _agent(agent_id).workspace_id)
    key = identity_keys.configure(workspace, read_object(path), now=utc_now())
    _print({"key_id": str(key.id)})


@click.group("knowledge")
def knowledge_group() -> None:
    """What an agent knows."""


@knowledge_group.command("import", context_settings=_FOR_AN_AGENT)
@click.argument("agent_id")
@click.argument("path", type=Path)
@_plainly
def import_knowledge(agent_id: str, path: Path) -> None:
    """Add questions and answers from a JSON list; those with a known id are replaced."""
    agent = _agent(agent_id)
    result = knowledge.import_entries(agent, read_list(path), by=None, now=utc_now())
    _tell(f"{result.new:,} new, {result.changed:,} changed, {result.unchanged:,} as before. Learning them now.")
    knowledge.learn_now(agent)
    _print({"imported": result.imported})


@click.command("ask", context_settings=_FOR_AN_AGENT)
@click.argument("agent_id")
@click.option("--file", "path", required=True, type=Path, help="Lines of {id, text}.")
@_plainly
def ask(agent_id: str, path: Path) -> None:
    """Ask an agent each line's question, from its knowledge alone; a line of JSON comes back for each."""
    agent = _agent(agent_id)
    questions = list(read_questions(path))
    index = knowledge.index_for(agent, complete=True)
    names = knowledge.external_ids(agent)
    for question in questions:
        _print(_answered(agent, index, names, question))


@click.group("secrets")
def secrets_group() -> None:
    """What lies encrypted in the database."""


@secrets_group.command("reseal")
@_plainly
def reseal() -> None:
    """Encrypt everything anew under SECRET_KEY; afterwards SECRET_KEY_PREVIOUS can go."""
    counts = resealing.reseal_all()
    _print({name: vars(count) for name, count in counts.items()})
    if any(count.unreadable for count in counts.values()):
        _fail("Some of it was sealed under a key that is neither SECRET_KEY nor in SECRET_KEY_PREVIOUS. It was left.")


@click.group("teammates")
def teammates_group() -> None:
    """People who sign in to the admin."""


@teammates_group.command("reset-second-factor")
@click.argument("email")
@_plainly
def reset_second_factor(email: str) -> None:
    """Let somebody who has lost their devices sign in with the password alone; they are told by mail."""
    teammate = accounts.find_by_email(email)
    if teammate is None:
        _fail("Nobody signs in with this e-mail.")
    second_factors.reset(teammate, by=None, now=utc_now())
    mails.tell_second_factor_reset(teammate, by="Whoever runs the server")
    _tell(f"{teammate.name} is signed out everywhere and needs the password alone now.")
    _print({"email": teammate.email, "reset": True})


@teammates_group.command("setup-code")
@_plainly
def setup_code() -> None:
    """The code that the first account needs after every workspace was deleted."""
    code = setup_codes.current()
    if not code:
        _fail("No code is needed.")
    _print({"setup_code": code})


def _answered(agent: Agent, index: Index, names: Mapping[str, str], question: Question) -> dict[str, Any]:
    text = clean(question.text)
    found = index.search(text)
    # What a customer would read, which may be small talk, or a person who is fetched, in the place of an entry.
    reply = replies.compose(agent, text)
    is_answered = reply.outcome is Outcome.ANSWERED
    return {
        "id": question.id,
        "entry_id": names[str(reply.entry_id)] if is_answered else None,
        "answer": reply.details.get("whole", {}).get("text", reply.text),
        "abstained": not is_answered,
        "suggestions": [names[one] for one in found.suggestions],
        "ranking": [names[one] for one, _score in found.ranking],
        "score": round(found.score, 4),
        "ms": round(found.ms, 3),
    }


def _agent(public_id: str) -> Agent:
    agent = agents.by_public_id(public_id)
    if agent is None:
        _fail(f"There is no agent {public_id[:60]}.")
    return agent


def _patterns(wanted: object) -> list[str] | None:
    if wanted is None:
        return None
    if not isinstance(wanted, list) or not all(isinstance(one, str) for one in wanted):
        _fail("allowed_domains has to be a list of texts. Nothing was changed.")
    return websites.read_patterns(wanted)


def _checked(
    agent: Agent, settings: Mapping[str, Any], *, base: widget_configs.WidgetConfig
) -> widget_configs.WidgetConfig:
    config, problems = looks.check(agent, settings, base=base)
    if problems:
        for name, sentence in problems.items():
            _tell(f"{name}: {sentence}")
        _fail("Nothing was changed.")
    return config


def _publish(agent: Agent, config: widget_configs.WidgetConfig) -> int:
    for problem in sanitize(config.custom_css).problems:
        _tell(f"custom_css, line {problem.line}: {problem.message}")
    _save_draft(agent, config)
    return widget_configs.publish(agent, by=None, now=utc_now()).number


def _save_draft(agent: Agent, config: widget_configs.WidgetConfig) -> None:
    revision = widget_configs.draft(agent).revision
    widget_configs.save_draft(agent, config, revision=revision, by=None, now=utc_now())


def _settings() -> Settings:
    settings: Settings = current_app.config["PORCHLIGHT"]
    return settings


def _print(content: Mapping[str, Any]) -> None:
    # As ASCII, so that no terminal's encoding stands in the way.
    print(json.dumps(content, allow_nan=False), flush=True)


def _tell(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def _fail(message: str) -> NoReturn:
    _tell(message)
    raise SystemExit(1)
