"""The people who chat: who they say they are, and who they have proven to be."""

import re
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from core import return_links
from core.customer_tokens import VerifiedCustomer
from core.errors import Invalid, NotFound
from core.texts import clean_line
from models import db, new_id, transaction
from models.customers import Customer, Standing
from models.teammates import Workspace

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}\.[^@\s.]{1,63}")
_MOST_ATTRIBUTES = 50


def make_anonymous(workspace: Workspace, *, now: datetime) -> Customer:
    """A customer of whom nothing is known."""
    customer = Customer(
        workspace_id=workspace.id, standing=Standing.ANONYMOUS, attributes={}, created_at=now, last_seen_at=now
    )
    with transaction():
        db.session.add(customer)
    return customer


def find(workspace: Workspace, customer_id: uuid.UUID) -> Customer:
    """A customer of this workspace.

    Raises:
        NotFound: also for somebody else's.
    """
    customer = db.session.get(Customer, customer_id)
    if customer is None or customer.workspace_id != workspace.id:
        raise NotFound("There is no such customer. They may have been erased.")
    return customer


def tell(customer: Customer, told: object, *, now: datetime) -> None:
    """Note what the site says of a customer, unproven; of a verified one apart from what was signed.

    Args:
        told: `{id, email, name, customAttributes}` as in design.md 5.3; fields that cannot be used are left out.

    Raises:
        Invalid: when it is not an object.
    """
    if not isinstance(told, Mapping):
        raise Invalid("The customer has to be an object with id, email, name or customAttributes.")
    if customer.standing is Standing.VERIFIED:
        _tell_besides(customer, told, now=now)
        return
    with transaction():
        customer.told_id = _text(told.get("id"), 255) or customer.told_id
        _reach_at(customer, _email(told.get("email")))
        customer.name = _text(told.get("name"), 120) or customer.name
        if customer.told_id or customer.email or customer.name:
            customer.standing = Standing.IDENTIFIED
        customer.attributes = _attributes(told.get("customAttributes")) or customer.attributes
        customer.last_seen_at = now


def told_id(told: object) -> str | None:
    """The id that a site tells for a customer, if it can be used."""
    return _text(told.get("id"), 255) if isinstance(told, Mapping) else None


def verified(workspace: Workspace, identity: VerifiedCustomer, *, now: datetime) -> Customer:
    """The customer that a signed token names; made when it is the first time.

    Only the signed `sub` joins: e-mail and name are profile, which anybody may claim.
    """
    with transaction():
        _insert_verified(workspace, identity.customer_id, now=now)
        customer = db.session.scalars(
            select(Customer).where(Customer.workspace_id == workspace.id, Customer.external_id == identity.customer_id)
        ).one()
        _reach_at(customer, _email(identity.email))
        customer.name = _text(identity.name, 120) or customer.name
        customer.attributes = dict(identity.attributes) or customer.attributes
        customer.last_seen_at = now
    return customer


def read_email(text: str) -> str:
    """An address as it is kept.

    Raises:
        Invalid: when it is none.
    """
    email = _email(text)
    if email is None:
        raise Invalid("This does not look like an e-mail address. It should be like name@example.com.")
    return email


def as_told(customer: Customer) -> dict[str, Any]:
    """What the customer's own browser gets to know about them."""
    return {
        "id": customer.external_id or customer.told_id,
        "standing": customer.standing.value,
        "name": customer.name,
        "email": customer.email,
    }


def display_name(customer: Customer) -> str:
    """What a teammate reads in the place of a name."""
    return customer.name or customer.email or neutral_name(customer)


def neutral_name(customer: Customer) -> str:
    """What stands for a customer where their name must not outlive them, as in the audit log."""
    return customer.nickname


def name_as_known(customer: Customer) -> str:
    """As `display_name`, and with it that nobody has proven it; for texts with no room for a mark beside them."""
    name = display_name(customer)
    return f"{name} (not verified)" if customer.standing is Standing.IDENTIFIED else name


def _tell_besides(customer: Customer, told: Mapping[str, Any], *, now: datetime) -> None:
    told_number = told_id(told)
    if told_number is not None and told_number != customer.external_id:
        return  # The page speaks of somebody else.
    kept = customer.told or {}
    besides = {
        "name": _text(told.get("name"), 120) or kept.get("name"),
        "email": _email(told.get("email")) or kept.get("email"),
        "attributes": _attributes(told.get("customAttributes")) or kept.get("attributes"),
    }
    with transaction():
        customer.told = {field: content for field, content in besides.items() if content}
        customer.last_seen_at = now


def _insert_verified(workspace: Workspace, external_id: str, *, now: datetime) -> None:
    # Two tabs of a new customer may come at once on PostgreSQL; one of them makes the row.
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    number = new_id()
    db.session.execute(
        dialect.insert(Customer)
        .values(
            id=number,
            workspace_id=workspace.id,
            external_id=external_id,
            standing=Standing.VERIFIED,
            attributes={},
            search_text=Customer(id=number, external_id=external_id).searched_by,
            created_at=now,
            last_seen_at=now,
        )
        .on_conflict_do_nothing(index_elements=[Customer.workspace_id, Customer.external_id])
    )


def _text(value: object, limit: int) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = str(value)
    if len(text) > limit:
        return None
    return clean_line(text) or None


def _reach_at(customer: Customer, email: str | None) -> None:
    """Take an address over, if there is one."""
    if email is not None:
        reach_at(customer, email)


def reach_at(customer: Customer, email: str | None) -> None:
    """Replace an address, or forget it. Who has the one of before goes no further by what was mailed there."""
    if email == customer.email:
        return
    if customer.email is not None:
        return_links.take_back_of(customer)
    customer.email = email


def _email(value: object) -> str | None:
    text = _text(value, 254)
    return text if text and _EMAIL.fullmatch(text) else None


def _attributes(value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        return {}
    kept: dict[str, Any] = {}
    for key, content in list(value.items())[:_MOST_ATTRIBUTES]:
        name = _text(key, 60)
        if name and (isinstance(content, bool | int) or content is None):
            kept[name] = content
        elif name and isinstance(content, str) and (text := _text(content, 1000)):
            kept[name] = text
    return kept
