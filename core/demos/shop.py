"""Makes the demo shop, step by step; a step that was done is not done again."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import agents, knowledge, passwords, websites, widget_configs
from core.demos import shop_connections, visitors, week, working_together
from core.demos.questions import rows
from core.errors import Conflict
from core.widget_configs import Launcher, Theme, WidgetConfig
from models import db, transaction
from models.agents import Agent
from models.teammates import Role, Teammate, Workspace

EMAIL = "olga@lantern-and-loom.example"
"""By its owner the demo shop is known."""

_SITE = "https://www.lantern-and-loom.example"
_TEAMMATES = (("Samir Haddad", "samir", Role.SUPPORT), ("Edda Lindqvist", "edda", Role.EDITOR))
_LOOK = WidgetConfig(
    name="Lumi",
    greeting="Hello, I am Lumi. I know our lamps and fabrics by heart. What can I do for you?",
    suggested_questions=(
        "How long does delivery take?",
        "How do I return something?",
        "Which bulb fits my lamp?",
        "How do I wash linen and cotton?",
    ),
    theme=Theme(accent="#9c4a1a"),
    launcher=Launcher(icon="spark", text="Ask Lumi"),
)
_UNUSABLE = "!"
"""The demo's other teammates are there to be seen; nobody signs in as them."""


@dataclass(frozen=True)
class Demo:
    """How to get into the demo shop."""

    email: str
    password: str
    agent: Agent
    is_new: bool


def make(*, public_url: str, now: datetime) -> Demo:
    """Make a shop with everything in it, or complete the one that is there and give its owner a new password.

    Args:
        public_url: where this Porchlight is reached, so that its own demo page may show the widget.

    Raises:
        Conflict: when another process is just making it.
    """
    password = secrets.token_urlsafe(12)
    password_hash = passwords.hash_password(password)
    owner = _owner()
    is_new = owner is None
    if owner is None:
        owner = _found(password_hash, now=now - timedelta(days=30))
    else:
        _let_in_again(owner, password_hash)
    agent = _agent(owner, now=now)
    _dress(agent, owner, now=now)
    _allow_own_page(agent, owner, public_url, now=now)
    if not knowledge.count_live(agent) and not knowledge.count_archived(agent):
        knowledge.import_entries(agent, rows(), by=owner, now=now)
    knowledge.learn_now(agent)
    working_together.organize(owner, now=now)
    if week.tell(agent, site=_SITE, now=now):
        working_together.settle(owner, now=now)
    return Demo(EMAIL, password, agent, is_new)


def connect_shop(demo: Demo, url: str, *, now: datetime) -> None:
    """Connect the demo to a server of the made-up shop, so that whoever signs in on its page can ask for their orders.

    Raises:
        Invalid: when there is no usable server at this address, or it may not be asked.
    """
    workspace = db.session.get_one(Workspace, demo.agent.workspace_id)
    shop_connections.connect(demo.agent, url, by=None, now=now)
    visitors.let_sign_in(workspace, now=now)


def find_agent() -> Agent | None:
    """The demo shop's agent, where a demo shop was made and its agent was not put away."""
    owner = _owner()
    return _of_the_shop(agents.listed(owner.workspace)) if owner else None


def _owner() -> Teammate | None:
    return db.session.scalar(select(Teammate).where(Teammate.email == EMAIL))


def _of_the_shop(listed: Sequence[Agent]) -> Agent | None:
    # The workspace may have more agents by now, made to try things out.
    return next((agent for agent in listed if agent.site_url == _SITE), None)


def _found(password_hash: str, *, now: datetime) -> Teammate:
    workspace = Workspace(name="Lantern & Loom", created_at=now)
    owner = _teammate(workspace, "Olga Brandt", "olga", Role.OWNER, password_hash, now=now)
    others = [_teammate(workspace, *one, _UNUSABLE, now=now) for one in _TEAMMATES]
    try:
        with transaction():
            db.session.add_all([workspace, owner, *others])
    except IntegrityError:
        raise Conflict("The demo shop is being made by somebody else at this moment. Try again in a minute.") from None
    return owner


def _teammate(
    workspace: Workspace, name: str, mailbox: str, role: Role, password_hash: str, *, now: datetime
) -> Teammate:
    email = f"{mailbox}@{EMAIL.partition('@')[2]}"
    return Teammate(workspace=workspace, name=name, email=email, password_hash=password_hash, role=role, created_at=now)


def _let_in_again(owner: Teammate, password_hash: str) -> None:
    with transaction():
        owner.password_hash, owner.role, owner.removed_at = password_hash, Role.OWNER, None


def _agent(owner: Teammate, *, now: datetime) -> Agent:
    agent = _of_the_shop(agents.listed(owner.workspace))
    if agent is None and (agent := _of_the_shop(agents.archived(owner.workspace))):
        agents.bring_back(agent, by=owner, now=now)
    return agent or agents.create(owner.workspace, name=_LOOK.name, site_url=_SITE, patterns=[], by=owner, now=now)


def _dress(agent: Agent, owner: Teammate, *, now: datetime) -> None:
    _config, version = widget_configs.published(agent)
    if version == 1:
        revision = widget_configs.draft(agent).revision
        widget_configs.save_draft(agent, _LOOK, revision=revision, by=owner, now=now)
        widget_configs.publish(agent, by=owner, now=now)


def _allow_own_page(agent: Agent, owner: Teammate, public_url: str, *, now: datetime) -> None:
    host = urlsplit(public_url).hostname or ""
    own = [f"[{host}]" if ":" in host else host] if host else []
    wanted = websites.read_patterns([*websites.patterns(agent), *own, "localhost", "127.0.0.1"])
    if wanted != websites.patterns(agent):
        websites.replace(agent, wanted, by=owner, now=now)
