"""Everything that lies encrypted in the database, brought under the newest secret after a rotation."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import InstrumentedAttribute

from core import signing
from core.connections import fills
from models import db, transaction
from models.answering import LanguageModel
from models.connections import Connection, ToolCall
from models.customers import IdentityKey
from models.letters import Mailbox
from models.mails import Mail
from models.notifications import NotificationChannel, PushSubscription
from models.privacy import MessageOriginal
from models.second_factors import Authenticator
from models.shop_accounts import ShopLogin, ShopSignIn
from models.webhooks import Webhook

_AT_ONCE = 200


@dataclass(frozen=True)
class Counts:
    """What became of the rows of one table."""

    resealed: int = 0
    unchanged: int = 0
    unreadable: int = 0
    """Sealed under a secret that is not known any more."""


@dataclass(frozen=True)
class _Place:
    key: InstrumentedAttribute[Any]
    sealed: InstrumentedAttribute[Any]
    bound_to: Callable[[Any], bytes] = lambda _key: b""


_PLACES: Mapping[str, _Place] = {
    "connections": _Place(Connection.id, Connection.sealed_secret, lambda row_id: bytes(row_id.bytes)),
    "tool_calls": _Place(ToolCall.id, ToolCall.sealed_arguments, fills.bound_to),
    "identity_keys": _Place(IdentityKey.id, IdentityKey.sealed_key),
    "language_models": _Place(LanguageModel.id, LanguageModel.sealed_key, lambda model_id: bytes(model_id.bytes)),
    "mails": _Place(Mail.id, Mail.sealed),
    "authenticators": _Place(Authenticator.teammate_id, Authenticator.sealed_secret),
    "notification_channels": _Place(
        NotificationChannel.id, NotificationChannel.sealed_address, lambda channel_id: bytes(channel_id.bytes)
    ),
    "push_subscriptions": _Place(
        PushSubscription.id, PushSubscription.sealed, lambda subscription_id: bytes(subscription_id.bytes)
    ),
    "mailboxes": _Place(Mailbox.id, Mailbox.sealed_secret, lambda mailbox_id: bytes(mailbox_id.bytes)),
    "webhooks": _Place(Webhook.id, Webhook.sealed_secret, lambda webhook_id: bytes(webhook_id.bytes)),
    "former_webhook_secrets": _Place(
        Webhook.id, Webhook.sealed_former_secret, lambda webhook_id: bytes(webhook_id.bytes)
    ),
    "shop_logins": _Place(ShopLogin.id, ShopLogin.sealed, lambda login_id: bytes(login_id.bytes)),
    "shop_sign_ins": _Place(ShopSignIn.id, ShopSignIn.sealed_tokens, lambda sign_in_id: bytes(sign_in_id.bytes)),
    "message_originals": _Place(
        MessageOriginal.message_id, MessageOriginal.sealed_text, lambda message_id: bytes(message_id.bytes)
    ),
}


def reseal_all() -> dict[str, Counts]:
    """Encrypt everything anew that is not under the newest secret; may be stopped and started again.

    Returns:
        the counts of each table.
    """
    return {name: _reseal(place) for name, place in _PLACES.items()}


def _reseal(place: _Place) -> Counts:
    resealed = unchanged = unreadable = 0
    for row in _rows(place):
        try:
            anew = signing.resealed(row.sealed, bound_to=place.bound_to(row.key))
        except InvalidTag:
            unreadable += 1
            continue
        if anew is None:
            unchanged += 1
        else:
            _replace(place, row.key, before=row.sealed, after=anew)
            resealed += 1
    return Counts(resealed, unchanged, unreadable)


def _rows(place: _Place) -> Any:
    last = None
    while part := _part(place, after=last):
        yield from part
        last = part[-1].key


def _part(place: _Place, *, after: Any) -> Sequence[Any]:
    wanted: list[ColumnElement[bool]] = [place.sealed.is_not(None)]
    if after is not None:
        wanted.append(place.key > after)
    rows = db.session.execute(
        select(place.key.label("key"), place.sealed.label("sealed")).where(*wanted).order_by(place.key).limit(_AT_ONCE)
    ).all()
    # No read stays open while the rows are worked on.
    db.session.commit()
    return rows


def _replace(place: _Place, key: Any, *, before: bytes, after: bytes) -> None:
    with transaction():
        db.session.execute(
            update(place.key.class_)
            # Unless it was changed meanwhile, which was done under the newest secret.
            .where(place.key == key, place.sealed == before)
            .values({place.sealed: after})
            .execution_options(synchronize_session=False)
        )
