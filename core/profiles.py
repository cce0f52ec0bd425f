"""What is known of a customer, and of each piece whether it was proven or only told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.customers import Customer, Standing


@dataclass(frozen=True)
class Field:
    """One piece of what is known."""

    name: str
    content: object
    is_signed: bool
    """Whether the site has signed it; everything else anybody could have told."""


@dataclass(frozen=True)
class Profile:
    """What is known of a customer; where a thing was both signed and told, the signed one stands here."""

    number: Field | None
    """The id that the site has for them."""
    name: Field | None
    email: Field | None
    attributes: Sequence[Field]

    @property
    def known(self) -> list[Field]:
        """Number, name and e-mail, as far as they are known."""
        return [field for field in (self.number, self.name, self.email) if field is not None]


def of(customer: Customer) -> Profile:
    """What is known of a customer."""
    is_signed = customer.standing is Standing.VERIFIED
    told = customer.told or {}
    return Profile(
        number=_best("number", customer.external_id, customer.told_id, is_signed),
        name=_best("name", customer.name, told.get("name"), is_signed),
        email=_best("email", customer.email, told.get("email"), is_signed),
        attributes=_attributes(customer.attributes, told.get("attributes") or {}, is_signed),
    )


def _best(name: str, first: str | None, told: str | None, is_signed: bool) -> Field | None:
    if first:
        return Field(name, first, is_signed)
    return Field(name, told, False) if told else None


def _attributes(first: Mapping[str, Any], told: Mapping[str, Any], is_signed: bool) -> list[Field]:
    proven = [Field(name, content, is_signed) for name, content in first.items()]
    return proven + [Field(name, content, False) for name, content in told.items() if name not in first]
