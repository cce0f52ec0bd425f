"""A new agent takes its name, colours and picture from its website, unless somebody is faster."""

import re
from dataclasses import replace
from datetime import datetime

from core import jobs, pictures, site_looks, websites, widget_configs
from core.clock import utc_now
from core.domains import origin_of
from core.errors import Conflict, DomainError, Invalid
from core.site_looks import SiteLook
from core.widget_configs import WidgetConfig
from gateways.bus import current_bus
from models import after_commit, db, transaction
from models.agents import Agent
from models.jobs import Job
from models.teammates import Workspace

KIND = "first_look"
_LONGEST_NAME = 45


def start(agent: Agent, *, now: datetime) -> None:
    """Have the agent's website looked at; nobody waits for it."""
    if agent.site_url:
        jobs.start(agent.workspace_id, KIND, agent.id, now=now)


def latest(workspace: Workspace, agent: Agent) -> Job | None:
    """How far it is; `problem` says why nothing came of it."""
    return jobs.latest(workspace, KIND, agent.id)


def run(job: Job, *, allow_private: bool) -> None:
    """Look at the website and show customers what was found, if the look is still as it was made.

    Args:
        allow_private: whether pages of the own network may be asked.
    """
    agent = db.session.get(Agent, job.subject_id)
    if agent is None or not agent.site_url:
        return
    try:
        _check_untouched(agent)
        found = site_looks.visit(agent.site_url, allow_private=allow_private)
        icon = site_looks.fetch_icon(found, allow_private=allow_private)
        adopt(agent, found, icon, now=utc_now())
    except DomainError as refusal:
        _note(job, refusal.message)
    after_commit(lambda: current_bus().publish(websites.topic(agent), {"kind": "look"}))
    # What waits for the commit goes with it also when nothing was written.
    with transaction():
        job.done = job.total = 1


def adopt(agent: Agent, found: SiteLook, icon: bytes | None, *, now: datetime) -> None:
    """Publish a look that fits the website.

    Raises:
        Conflict: when somebody has changed the look since the agent was made; nothing is changed then.
    """
    config = _fitting(agent, found)
    if icon:
        try:
            avatar = pictures.add(agent, icon, use="avatar", crop=None, by=None, now=now)
            config = replace(config, brand=replace(config.brand, avatar=str(avatar.id)))
        except Invalid:
            # Its first letter is a face, too.
            pass
    with transaction():
        _check_untouched(agent)
        widget_configs.save_draft(agent, config, revision=1, by=None, now=now)
        widget_configs.publish(agent, by=None, now=now)


def _check_untouched(agent: Agent) -> None:
    draft, (_config, version) = widget_configs.draft(agent), widget_configs.published(agent)
    if draft.revision != 1 or version != 1:
        raise Conflict("You were faster: the look is yours.")


def _fitting(agent: Agent, found: SiteLook) -> WidgetConfig:
    config = widget_configs.drafted(agent)
    config = replace(config, theme=site_looks.theme_for(found, config.theme))
    name = found.name if _is_name_of(found.name, agent.site_url or "") else ""
    if not name:
        return config
    return replace(config, name=f"{name} assistant", greeting=f"Welcome to {name}. What can I help you with?")


def _is_name_of(name: str, site_url: str) -> bool:
    """Whether a page's title is the name of its business, and not “Home” or “Just a moment…”."""
    origin, letters = origin_of(site_url), _letters(name)
    if origin is None or not letters or len(name) > _LONGEST_NAME:
        return False
    parts = [_letters(part) for part in origin.host.split(".")]
    return any(len(part) > 2 and (part in letters or letters in part) for part in parts)


def _letters(text: str) -> str:
    return re.sub(r"\W|_|\band\b", "", text.lower())


def _note(job: Job, problem: str) -> None:
    with transaction():
        job.problem = problem[:500]
