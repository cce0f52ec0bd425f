"""Whom a conversation can be given to, and what it can be marked with."""

from blueprints.api import caller
from blueprints.api.operations import operation
from blueprints.api.shapes.teams import Tags, TagShown, Teammates, TeammateShown, Teams, TeamShown
from core import tags, teammates, teams
from core.permissions import Permission, may


@operation("GET", "/teammates", summary="List teammates", scope="conversations:read", answer=Teammates)
def list_teammates() -> Teammates:
    rows = [one.teammate for one in teammates.listed(caller.current_workspace())]
    return Teammates(
        data=[TeammateShown(id=row.id, name=row.name, answers=may(row.role, Permission.ANSWER)) for row in rows]
    )


@operation("GET", "/teams", summary="List teams", scope="conversations:read", answer=Teams)
def list_teams() -> Teams:
    rows = [one.team for one in teams.listed(caller.current_workspace())]
    return Teams(data=[TeamShown(id=row.id, name=row.name) for row in rows])


@operation("GET", "/tags", summary="List tags", scope="conversations:read", answer=Tags)
def list_tags() -> Tags:
    rows = tags.listed(caller.current_workspace())
    return Tags(data=[TagShown(id=row.id, name=row.name, colour=row.colour) for row in rows])
