"""Teams: some of the teammates, who take a part of the conversations."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload

from core import audits, availabilities, teammates
from core.errors import Conflict, Invalid, NotFound
from core.permissions import Permission
from core.texts import clean_line
from models import db, new_id, transaction
from models.conversations import Conversation
from models.inbox import Team, TeamMember
from models.teammates import Teammate, Workspace

MOST = 50
NAME_LIMIT = 60


@dataclass(frozen=True)
class Listed:
    """A team with those who belong to it, by their names."""

    team: Team
    members: Sequence[Teammate]


def listed(workspace: Workspace) -> list[Listed]:
    """The teams of a workspace by their names."""
    rows = db.session.scalars(select(Team).where(Team.workspace_id == workspace.id).order_by(func.lower(Team.name)))
    people = _members(workspace.id)
    return [Listed(team, sorted(people.get(team.id, []), key=lambda one: one.name.casefold())) for team in rows]


def names(workspace: Workspace) -> Sequence[tuple[uuid.UUID, str]]:
    """The id and the name of each team, in the order of `listed`, for whoever only chooses one."""
    query = select(Team.id, Team.name).where(Team.workspace_id == workspace.id).order_by(func.lower(Team.name))
    return [(team_id, name) for team_id, name in db.session.execute(query)]


def find(workspace: Workspace, team_id: uuid.UUID) -> Team:
    """A team of this workspace.

    Raises:
        NotFound: also for somebody else's.
    """
    team = db.session.scalar(select(Team).where(Team.id == team_id, Team.workspace_id == workspace.id))
    if team is None:
        raise NotFound("There is no such team.")
    return team


def of(conversation: Conversation) -> Team | None:
    """The team that is asked for a conversation."""
    return db.session.get(Team, conversation.team_id) if conversation.team_id else None


def add(
    workspace: Workspace,
    *,
    name: str,
    languages: Sequence[str],
    members: Collection[uuid.UUID],
    by: Teammate,
    now: datetime,
) -> Team:
    """Make a team.

    Args:
        languages: whose customers are theirs; none: any.
        members: the ids of teammates who may answer.

    Raises:
        Conflict: when there is one of this name, or there are too many.
        Invalid: when the name, a language or a member cannot be used.
    """
    team = Team(id=new_id(), workspace_id=workspace.id, created_at=now)
    with transaction():
        # One at a time: two of a name would fail at the table instead of here.
        db.session.refresh(workspace, with_for_update=True)
        count = db.session.scalar(select(func.count()).select_from(Team).where(Team.workspace_id == workspace.id))
        if (count or 0) >= MOST:
            raise Conflict(f"A workspace has at most {MOST} teams.")
        after = _fill(team, name=name, languages=languages, members=members)
        audits.record(workspace.id, "team.add", by=by, subject=_subject(team), after=after, now=now)
    return team


def change(
    team: Team,
    *,
    name: str,
    languages: Sequence[str],
    members: Collection[uuid.UUID],
    by: Teammate,
    now: datetime,
) -> None:
    """Change a team's name, languages and members.

    Raises:
        Conflict: when another one has this name.
        Invalid: when the name, a language or a member cannot be used.
        NotFound: when it was removed meanwhile.
    """
    with transaction():
        workspace = db.session.get_one(Workspace, team.workspace_id, with_for_update=True)
        team = find(workspace, team.id)
        before = _settings(team, members_of(team))
        after = _fill(team, name=name, languages=languages, members=members)
        if before != after:
            audits.record(
                workspace.id, "team.change", by=by, subject=_subject(team), before=before, after=after, now=now
            )


def remove(team: Team, *, by: Teammate, now: datetime) -> None:
    """Remove a team; its conversations stay with whoever has them, and are open to everybody."""
    with transaction():
        before = _settings(team, members_of(team))
        audits.record(team.workspace_id, "team.remove", by=by, subject=_subject(team), before=before, now=now)
        db.session.delete(team)


def members_of(team: Team) -> list[Teammate]:
    """Who belongs to a team and still works here, by name."""
    return sorted(_members(team.workspace_id).get(team.id, []), key=lambda one: one.name.casefold())


def member_ids(workspace_id: uuid.UUID) -> Mapping[uuid.UUID, frozenset[uuid.UUID]]:
    """The ids of the teammates of each team."""
    return {team_id: frozenset(one.id for one in people) for team_id, people in _members(workspace_id).items()}


def _members(workspace_id: uuid.UUID) -> dict[uuid.UUID, list[Teammate]]:
    found: dict[uuid.UUID, list[Teammate]] = {}
    rows = db.session.scalars(
        select(TeamMember)
        .join(Teammate, Teammate.id == TeamMember.teammate_id)
        .where(TeamMember.workspace_id == workspace_id, Teammate.removed_at.is_(None))
        .options(joinedload(TeamMember.teammate))
    )
    for row in rows:
        found.setdefault(row.team_id, []).append(row.teammate)
    return found


def _fill(
    team: Team, *, name: str, languages: Sequence[str], members: Collection[uuid.UUID]
) -> dict[str, str | list[str]]:
    team.languages = availabilities.checked_languages(languages)
    team.name = _free_name(team, name)
    people = {one.id: one for one in teammates.who_may(team.workspace_id, Permission.ANSWER)}
    if set(members) - set(people):
        raise Invalid("Choose from the teammates who may answer customers.")
    db.session.add(team)
    db.session.flush()
    db.session.execute(delete(TeamMember).where(TeamMember.team_id == team.id))
    db.session.add_all(
        TeamMember(team_id=team.id, teammate_id=one, workspace_id=team.workspace_id) for one in sorted(set(members))
    )
    return _settings(team, [people[one] for one in members])


def _free_name(team: Team, name: str) -> str:
    cleaned = clean_line(name)
    if not cleaned or len(cleaned) > NAME_LIMIT:
        raise Invalid(f"Write a name of at most {NAME_LIMIT} letters.")
    with db.session.no_autoflush:
        taken = db.session.scalars(select(Team).where(Team.workspace_id == team.workspace_id, Team.id != team.id))
        if any(other.name.casefold() == cleaned.casefold() for other in taken):
            raise Conflict("There is a team of this name already.")
    return cleaned


def _settings(team: Team, people: Sequence[Teammate]) -> dict[str, str | list[str]]:
    return {"name": team.name, "languages": list(team.languages), "members": sorted(one.name for one in people)}


def _subject(team: Team) -> tuple[str, object, str]:
    return ("team", team.id, team.name)
