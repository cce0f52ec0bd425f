"""The key that a program comes with."""

import uuid
from typing import Annotated

from pydantic import Field

from blueprints.api.shapes.base import Moment, Shape
from models.api_keys import ApiKey


class KeyShown(Shape):
    """What a key is good for."""

    id: uuid.UUID
    name: str
    workspace_id: uuid.UUID
    workspace_name: str
    scopes: Annotated[list[str], Field(description="What it may read and write.")]
    created_at: Moment
    expires_at: Moment | None

    @classmethod
    def of(cls, key: ApiKey) -> "KeyShown":
        return cls(
            id=key.id,
            name=key.name,
            workspace_id=key.workspace_id,
            workspace_name=key.workspace.name,
            scopes=list(key.scopes),
            created_at=key.created_at,
            expires_at=key.expires_at,
        )
