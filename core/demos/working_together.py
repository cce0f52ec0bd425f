"""Has the demo shop's people work together: a team, and how soon a customer should be answered."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from core import inbox_settings, targets, teams
from core.targets import Targets
from models import db, transaction
from models.conversations import Conversation
from models.teammates import Role, Teammate

_TEAM = "Orders and returns"
_QUIET_FOR = timedelta(days=2)


def organize(owner: Teammate, *, now: datetime) -> None:
    """Make the team and set the targets, unless somebody has decided about them already."""
    workspace = owner.workspace
    if inbox_settings.of(workspace.id, "targets"):
        return
    helpers = db.session.scalars(
        select(Teammate.id).where(Teammate.workspace_id == workspace.id, Teammate.role == Role.SUPPORT)
    ).all()
    with transaction():
        teams.add(workspace, name=_TEAM, languages=[], members=helpers, by=owner, now=now)
        targets.change(workspace, Targets(is_on=True), by=owner, now=now)


def settle(owner: Teammate, *, now: datetime) -> None:
    """Take what is late in the story, or soon will be, as told of: nobody is to be alarmed by a tale."""
    with transaction():
        db.session.execute(
            update(Conversation)
            .where(Conversation.workspace_id == owner.workspace_id, Conversation.alerted_at.is_(None))
            .values(alerted_at=now + _QUIET_FOR)
        )
