"""Customers, as programs know them."""

import uuid
from typing import Annotated, Any, Literal

from pydantic import Field

from blueprints.api.shapes.base import Listed, Moment, PageQuery, Shape
from models.customers import Customer

Name = Annotated[str, Field(min_length=1, max_length=120)]
Email = Annotated[
    str,
    Field(
        min_length=3,
        max_length=254,
        description="Profile, and no proof of who somebody is.",
        json_schema_extra={"format": "email"},
    ),
]
Whole = Annotated[int, Field(ge=-(2**53), le=2**53)]
Attributes = Annotated[
    dict[
        Annotated[str, Field(min_length=1, max_length=60)],
        Annotated[str, Field(max_length=1_000)] | bool | Whole | None,
    ],
    Field(max_length=50, description="What else the site knows of them, such as their plan."),
]
Standing = Literal["anonymous", "identified", "verified"]


class CustomerShown(Shape):
    """Somebody who chats, or may."""

    id: uuid.UUID
    external_id: Annotated[str | None, Field(description="Their id at the site, proven by its signature or key.")]
    told_id: Annotated[str | None, Field(description="An id that a page has told, unproven.")]
    standing: Standing
    name: str | None
    email: str | None
    attributes: dict[str, Any]
    created_at: Moment
    last_seen_at: Moment

    @classmethod
    def of(cls, customer: Customer) -> "CustomerShown":
        return cls(
            id=customer.id,
            external_id=customer.external_id,
            told_id=customer.told_id,
            standing=customer.standing.value,
            name=customer.name,
            email=customer.email,
            attributes=customer.attributes,
            created_at=customer.created_at,
            last_seen_at=customer.last_seen_at,
        )


class CustomerPage(Listed):
    """Customers, who was there last first."""

    data: list[CustomerShown]


class CustomerQuery(PageQuery):
    """Which customers."""

    external_id: Annotated[str, Field(max_length=255, description="Only the one whom the site calls so.")] | None = None
    email: Annotated[str, Field(max_length=254, description="Only those with exactly this address.")] | None = None
    standing: Standing | None = None


class NewCustomer(Shape):
    """Somebody whom the site knows. With an `externalId` that is known already, they are brought up to date."""

    external_id: (
        Annotated[
            str,
            Field(
                min_length=1,
                max_length=255,
                description="Their id at the site: the `sub` of the tokens that it signs. It makes them verified.",
            ),
        ]
        | None
    ) = None
    name: Name | None = None
    email: Email | None = None
    attributes: Attributes | None = None


class ChangedCustomer(Shape):
    """What is to be changed; what is left out stays, and null clears it."""

    name: Name | None = None
    email: Email | None = None
    attributes: Attributes | None = None
