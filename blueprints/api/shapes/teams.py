"""Who and what a conversation can be given, as programs know them."""

import uuid
from typing import Annotated

from pydantic import Field

from blueprints.api.shapes.base import Shape


class TeammateShown(Shape):
    """Somebody of the team."""

    id: uuid.UUID
    name: str
    answers: Annotated[bool, Field(description="Whether they may answer customers.")]


class TeamShown(Shape):
    """Some of the teammates, who take a part of the conversations."""

    id: uuid.UUID
    name: str


class TagShown(Shape):
    """A word that conversations are sorted by."""

    id: uuid.UUID
    name: str
    colour: str


class Teammates(Shape):
    data: list[TeammateShown]


class Teams(Shape):
    data: list[TeamShown]


class Tags(Shape):
    data: list[TagShown]
