"""The browsers in which a customer has chatted."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from models import db
from models.customers import Customer, RefreshFamily, WidgetSession

_MOST = 50
_MOST_SESSIONS = 2_000


@dataclass(frozen=True)
class Device:
    """One browser, with what it last told."""

    browser: str
    address: str
    website: str
    last_at: datetime
    is_live: bool
    """Whether it may still come back as this customer."""
    is_ended: bool
    """Whether somebody ended it, and it has not just run out."""


def of(customer: Customer, *, now: datetime) -> Sequence[Device]:
    """The browsers of a customer, the one used last first."""
    families = db.session.scalars(
        select(RefreshFamily)
        .where(RefreshFamily.customer_id == customer.id)
        .order_by(RefreshFamily.id.desc())
        .limit(_MOST)
    ).all()
    sessions = _sessions([family.id for family in families])
    found = [_device(family, sessions[family.id], now) for family in families if sessions[family.id]]
    return sorted(found, key=lambda device: device.last_at, reverse=True)


def _sessions(family_ids: Sequence[uuid.UUID]) -> defaultdict[uuid.UUID, list[WidgetSession]]:
    by_family: defaultdict[uuid.UUID, list[WidgetSession]] = defaultdict(list)
    rows = db.session.scalars(
        select(WidgetSession)
        .where(WidgetSession.family_id.in_(family_ids))
        .order_by(WidgetSession.id.desc())
        .limit(_MOST_SESSIONS)
    )
    for session in rows:
        by_family[session.family_id].append(session)
    return by_family


def _device(family: RefreshFamily, sessions: Sequence[WidgetSession], now: datetime) -> Device:
    last = sessions[0]
    return Device(
        browser=last.browser,
        address=last.address,
        website=last.parent_origin.partition("://")[2] or last.parent_origin,
        last_at=last.created_at,
        is_live=family.revoked_at is None and family.expires_at > now,
        is_ended=family.revoked_at is not None,
    )
