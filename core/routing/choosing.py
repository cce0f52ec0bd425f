"""Whom a conversation goes to among those who are there."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, or_, select

from core import availabilities, teams
from core.availabilities import Attendance
from core.conversations import PREVIEW
from models import db
from models.conversations import Conversation, State
from models.inbox import Team
from models.teammates import Teammate

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_HAS = (State.WAITING, State.PERSON)


@dataclass(frozen=True)
class Present:
    """Those of a workspace who are there, with what they have before them."""

    people: Sequence[Attendance]
    loads: Mapping[uuid.UUID, int]
    teams: Sequence[Team]
    members: Mapping[uuid.UUID, frozenset[uuid.UUID]]

    @property
    def ids(self) -> list[uuid.UUID]:
        return [one.teammate.id for one in self.people]

    @property
    def has_room(self) -> bool:
        return any(self._has_room(one) for one in self.people)

    @property
    def given_last(self) -> datetime:
        """When somebody who is there was last given a conversation."""
        return max((_given_at(one) for one in self.people), default=_LONG_AGO)

    def choose(self, conversation: Conversation, *, takes_turns: bool) -> Teammate | None:
        """Who gets a conversation, if anybody can.

        Where a team is asked for, only its members; else those of a team for the customer's language, if one of them is
        there. Among them whoever speaks it comes before those who have named no language, and these before all others.

        Args:
            takes_turns: whether only the order counts, and not how many each one has.
        """
        had = set(conversation.given_to or [])
        fresh = [
            one
            for one in self.people
            if str(one.teammate.id) not in had and one.teammate.id != conversation.teammate_id
        ]
        fitting = _speaking(conversation.language, self._asked(conversation, fresh))
        free = [one for one in fitting if self._has_room(one)]
        if not free:
            return None
        return min(free, key=lambda one: self._order(one, takes_turns=takes_turns)).teammate

    def _asked(self, conversation: Conversation, fresh: Sequence[Attendance]) -> Sequence[Attendance]:
        if conversation.team_id is not None:
            return self._of_teams([conversation.team_id], fresh)
        of_language = [team.id for team in self.teams if conversation.language in team.languages]
        return self._of_teams(of_language, fresh) or fresh

    def _of_teams(self, team_ids: Iterable[uuid.UUID], people: Sequence[Attendance]) -> list[Attendance]:
        ids = frozenset[uuid.UUID]().union(*(self.members.get(team_id, frozenset()) for team_id in team_ids))
        return [one for one in people if one.teammate.id in ids]

    def _has_room(self, one: Attendance) -> bool:
        return self.loads.get(one.teammate.id, 0) < one.availability.capacity

    def _order(self, one: Attendance, *, takes_turns: bool) -> tuple[int, datetime, uuid.UUID]:
        load = 0 if takes_turns else self.loads.get(one.teammate.id, 0)
        return (load, _given_at(one), one.teammate.id)


def team_of(workspace_id: uuid.UUID, *, now: datetime) -> Present:
    """Who of a workspace is there now, read afresh."""
    people = [one for one in availabilities.attendances(workspace_id) if one.is_there(now)]
    known = db.session.scalars(select(Team).where(Team.workspace_id == workspace_id).order_by(Team.id)).all()
    return Present(people, loads(workspace_id, now=now), known, teams.member_ids(workspace_id))


def loads(workspace_id: uuid.UUID, *, now: datetime) -> Mapping[uuid.UUID, int]:
    """How many conversations each teammate has before them; those that are out of the way do not count."""
    rows = db.session.execute(
        select(Conversation.teammate_id, func.count())
        .where(
            Conversation.workspace_id == workspace_id,
            Conversation.teammate_id.is_not(None),
            Conversation.state.in_(_HAS),
            Conversation.channel != PREVIEW,
            or_(Conversation.snoozed_until.is_(None), Conversation.snoozed_until <= now),
        )
        .group_by(Conversation.teammate_id)
    )
    return {teammate_id: number for teammate_id, number in rows if teammate_id is not None}


def _speaking(language: str, people: Sequence[Attendance]) -> Sequence[Attendance]:
    speakers = [one for one in people if language in one.availability.languages]
    return speakers or [one for one in people if not one.availability.languages] or people


def _given_at(one: Attendance) -> datetime:
    return one.availability.last_given_at or _LONG_AGO
