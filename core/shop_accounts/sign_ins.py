"""Who has signed in at a shop: one browser's chat, for a day at most, and as long as it is the same customer's."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, delete, func, select

from core import refresh_secrets
from core.clock import utc_now
from core.errors import Unauthenticated
from core.shop_accounts.tokens import Tokens
from models import db, new_id, transaction
from models.conversations import Conversation
from models.customers import Customer, RefreshFamily, WidgetSession
from models.shop_accounts import ShopLogin, ShopSignIn

if TYPE_CHECKING:
    from core.shop_accounts.logins import Login

LIFETIME = timedelta(hours=24)


def keep(login: "Login", given: Tokens, *, now: datetime) -> ShopSignIn:
    """Note that somebody has signed in, in the place of an earlier time, also in another browser of theirs.

    Raises:
        Unauthenticated: when the chat that began is over, or somebody else's by now.
    """
    row = ShopSignIn(
        id=new_id(),
        workspace_id=login.workspace_id,
        connection_id=login.connection_id,
        customer_id=login.customer_id,
        family_id=login.family_id,
        conversation_id=login.conversation_id,
        fresh_until=now + given.lifetime,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    row.sealed_tokens = given.sealed(row.id)
    with transaction():
        family = refresh_secrets.take(login.family_id)
        if family.customer_id != login.customer_id or family.expires_at <= now:
            raise Unauthenticated("The chat in which this began is somebody else's by now.")
        _delete(_of_browser_or_customer(login) & (ShopSignIn.connection_id == login.connection_id))
        db.session.add(row)
    return row


def live_of(connection_id: uuid.UUID, conversation: Conversation, *, now: datetime) -> ShopSignIn | None:
    """The sign-in by which a shop may be asked for the customer of a conversation; None when there is none."""
    return db.session.scalar(
        select(ShopSignIn)
        .join(RefreshFamily, RefreshFamily.id == ShopSignIn.family_id)
        .where(
            ShopSignIn.connection_id == connection_id,
            ShopSignIn.customer_id == conversation.customer_id,
            ShopSignIn.expires_at > now,
            RefreshFamily.customer_id == conversation.customer_id,
            RefreshFamily.agent_id == conversation.agent_id,
            RefreshFamily.revoked_at.is_(None),
            RefreshFamily.expires_at > now,
        )
        .order_by(ShopSignIn.created_at.desc(), ShopSignIn.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def is_signed_in(connection_id: uuid.UUID, conversation: Conversation) -> bool:
    """Whether the customer of a conversation has signed in at a shop, and may be told of their own orders."""
    return live_of(connection_id, conversation, now=utc_now()) is not None


def end_of_session(session: WidgetSession) -> int:
    """Sign whoever chats in a session out of all shops: the tokens are erased, those of their other browsers too.

    What one browser of theirs has signed in for, their conversations in all of them are told.

    Returns:
        of how many.
    """
    with transaction():
        count = db.session.scalar(select(func.count()).select_from(ShopSignIn).where(_of_browser_or_customer(session)))
        _delete(_of_browser_or_customer(session))
        db.session.execute(delete(ShopLogin).where(ShopLogin.family_id == session.family_id))
    return count or 0


def drop(row: ShopSignIn) -> None:
    """End one: the shop takes its token no more."""
    with transaction():
        _delete(ShopSignIn.id == row.id)


def clear_expired(*, now: datetime) -> None:
    """Erase the tokens of those whose day is over, and what was begun and never finished."""
    with transaction():
        _delete(ShopSignIn.expires_at <= now)
        db.session.execute(delete(ShopLogin).where(ShopLogin.expires_at <= now))


def of(customer: Customer) -> Sequence[ShopSignIn]:
    """Where a customer is signed in, the oldest first."""
    return db.session.scalars(
        select(ShopSignIn).where(ShopSignIn.customer_id == customer.id).order_by(ShopSignIn.created_at, ShopSignIn.id)
    ).all()


def keep_latest(row: ShopSignIn, told: Mapping[str, Any], *, now: datetime) -> None:
    """Keep what the latest order is, for the next greeting.

    Args:
        told: `{number, status}`.
    """
    with transaction():
        row.latest, row.latest_at = dict(told), now


def of_session(session: WidgetSession, *, now: datetime) -> ShopSignIn | None:
    """Where whoever chats in this very browser has signed in, the latest where there are several."""
    return db.session.scalar(
        select(ShopSignIn)
        .where(
            ShopSignIn.family_id == session.family_id,
            ShopSignIn.customer_id == session.customer_id,
            ShopSignIn.expires_at > now,
        )
        .order_by(ShopSignIn.created_at.desc(), ShopSignIn.id.desc())
        .limit(1)
    )


def _of_browser_or_customer(one: "WidgetSession | Login") -> ColumnElement[bool]:
    return (ShopSignIn.family_id == one.family_id) | (ShopSignIn.customer_id == one.customer_id)


def _delete(condition: ColumnElement[bool]) -> None:
    db.session.execute(delete(ShopSignIn).where(condition).execution_options(synchronize_session=False))
