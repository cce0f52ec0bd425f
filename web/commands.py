"""The `flask --app app` commands of design.md 5.1: JSON on standard output, words on standard error."""

from collections.abc import Sequence
from pathlib import Path

import click
from flask import Flask

from core import accounts, api_keys, identity_keys, resealing, second_factors, setup_codes, workspaces
from core.clock import utc_now
from models import db, transaction
from models.teammates import Workspace
from web import mails
from web.agent_commands import agents_group
from web.archive_commands import archive_group
from web.backups import backup, restore
from web.command_files import read_object
from web.command_lines import FOR_AN_AGENT, fail, find_agent, plainly, settings, show, tell
from web.knowledge_commands import ask, knowledge_group
from web.shop_commands import shop_server


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


@click.command("demo")
@click.option("--shop", help="The address of a running `shop-server`, like http://127.0.0.1:8765/mcp.")
@plainly
def demo(shop: str | None) -> None:
    """Make a believable shop with all its parts; /demo shows the widget on its page."""
    from core import demos

    public_url = settings().public_url
    made = demos.make(public_url=public_url, now=utc_now())
    if not made.is_new:
        tell("The demo shop was there already. Its owner has a new password; nothing else was changed.")
    if shop:
        demos.connect_shop(made, shop, now=utc_now())
        tell("The agent can look up orders now: sign in as Ines on the demo's page and ask for hers.")
    show(
        {
            "email": made.email,
            "password": made.password,
            "agent_id": made.agent.public_id,
            "admin_url": f"{public_url}/admin/",
            "demo_url": f"{public_url}/demo",
        }
    )


@click.group("keys")
def keys_group() -> None:
    """API keys: make one for a program."""


@keys_group.command("create")
@click.option("--name", required=True, help="Of the program that uses it.")
@click.option("--scope", "scopes", multiple=True, help="Such as customers:read; may be given again. Without: all.")
@click.option("--days", type=click.IntRange(1, 3_650), help="For how long it is good; without: until it is revoked.")
@plainly
def create_key(name: str, scopes: Sequence[str], days: int | None) -> None:
    """Make an API key in the first workspace, which is made if there is none."""
    with transaction():
        workspace = workspaces.first_or_new(now=utc_now())
        db.session.flush()
        made = api_keys.make(workspace, name=name, scopes=scopes or api_keys.SCOPES, days=days, by=None, now=utc_now())
    show({"key": made.secret, "key_id": str(made.row.id), "scopes": made.row.scopes})


@click.group("identity")
def identity_group() -> None:
    """Customer sign-in: the keys that tokens are checked with."""


@identity_group.command("configure", context_settings=FOR_AN_AGENT)
@click.argument("agent_id")
@click.option("--file", "path", required=True, type=Path, help="JSON with the key.")
@plainly
def configure_identity(agent_id: str, path: Path) -> None:
    """Make a key live for the agent's workspace; two may be live at once."""
    workspace = db.session.get_one(Workspace, find_agent(agent_id).workspace_id)
    key = identity_keys.configure(workspace, read_object(path), now=utc_now())
    show({"key_id": str(key.id)})


@click.group("secrets")
def secrets_group() -> None:
    """What lies encrypted in the database."""


@secrets_group.command("reseal")
@plainly
def reseal() -> None:
    """Encrypt everything anew under SECRET_KEY; afterwards SECRET_KEY_PREVIOUS can go."""
    counts = resealing.reseal_all()
    show({name: vars(count) for name, count in counts.items()})
    if any(count.unreadable for count in counts.values()):
        fail("Some of it was sealed under a key that is neither SECRET_KEY nor in SECRET_KEY_PREVIOUS. It was left.")


@click.group("teammates")
def teammates_group() -> None:
    """People who sign in to the admin."""


@teammates_group.command("reset-second-factor")
@click.argument("email")
@plainly
def reset_second_factor(email: str) -> None:
    """Let somebody who has lost their devices sign in with the password alone; they are told by mail."""
    teammate = accounts.find_by_email(email)
    if teammate is None:
        fail("Nobody signs in with this e-mail.")
    second_factors.reset(teammate, by=None, now=utc_now())
    mails.tell_second_factor_reset(teammate, by="Whoever runs the server")
    tell(f"{teammate.name} is signed out everywhere and needs the password alone now.")
    show({"email": teammate.email, "reset": True})


@teammates_group.command("setup-code")
@plainly
def setup_code() -> None:
    """The code that the first account needs after every workspace was deleted."""
    code = setup_codes.current()
    if not code:
        fail("No code is needed.")
    show({"setup_code": code})
