"""Customers as the site's own server tells of them: it comes with a key, so what it says needs no other proof."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core import customers
from core.customer_tokens import TokenRefused, VerifiedCustomer
from core.customer_tokens.claims import customer_of
from core.errors import Invalid
from core.texts import clean, clean_line
from models import db, transaction
from models.customers import Customer, Standing
from models.teammates import Workspace

_MOST_ATTRIBUTES = 50


def add(workspace: Workspace, *, external_id: str | None, profile: Mapping[str, Any], now: datetime) -> Customer:
    """Somebody whom the site knows; known by the same id already, they are brought up to date.

    Args:
        external_id: their id at the site, as it would sign it.
        profile: some of `name`, `email`, `attributes`.

    Raises:
        Invalid: when there is neither an id nor a profile, or one cannot be used.
    """
    told = _checked(profile)
    if external_id is None and not any(told.values()):
        raise Invalid("Tell something of the customer: an externalId, a name or an e-mail address.")
    with transaction():
        if external_id is None:
            customer = _identified(workspace, now=now)
        else:
            customer = customers.verified(workspace, _verified(external_id), now=now)
        change(customer, told)
        db.session.flush()
    return customer


def change(customer: Customer, profile: Mapping[str, Any]) -> None:
    """Replace some of `name`, `email` and `attributes`; None clears.

    Raises:
        Invalid: when one cannot be used.
    """
    told = _checked(profile)
    with transaction():
        if "name" in told:
            customer.name = told["name"]
        if "email" in told:
            customers.reach_at(customer, told["email"])
        if "attributes" in told:
            customer.attributes = told["attributes"] or {}
        if customer.standing is Standing.ANONYMOUS and any(told.values()):
            customer.standing = Standing.IDENTIFIED


def _identified(workspace: Workspace, *, now: datetime) -> Customer:
    customer = customers.make_anonymous(workspace, now=now)
    customer.standing = Standing.IDENTIFIED
    return customer


def _verified(external_id: str) -> VerifiedCustomer:
    try:
        # By the rules of a signed token: they may come with one, and have to be the same customer then.
        return customer_of({"sub": external_id}, expires_at=0.0)
    except TokenRefused:
        raise Invalid("externalId has to be 1 to 255 visible characters.") from None


def _checked(profile: Mapping[str, Any]) -> dict[str, Any]:
    told = dict(profile)
    if told.get("name") is not None:
        told["name"] = _line(told["name"], "name")
    if told.get("email") is not None:
        told["email"] = customers.read_email(told["email"])
    if told.get("attributes") is not None:
        told["attributes"] = _attributes(told["attributes"])
    return told


def _attributes(told: Mapping[str, Any]) -> dict[str, Any]:
    if len(told) > _MOST_ATTRIBUTES:
        raise Invalid(f"A customer can have {_MOST_ATTRIBUTES} attributes.")
    return {
        _line(name, "The name of an attribute"): clean(content) if isinstance(content, str) else content
        for name, content in told.items()
    }


def _line(text: str, name: str) -> str:
    line = clean_line(text)
    if not line:
        raise Invalid(f"{name} is empty.")
    return line
