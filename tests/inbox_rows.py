"""What the inbox keeps, of each kind a row, for the shops of tests/shops."""

import secrets
import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from core import signing
from gateways.files import current_files
from models import new_id
from models.api_keys import ApiKey, IdempotentCall
from models.archives import WorkspaceArchive
from models.inbox import (
    Availability,
    CannedReply,
    ConversationChange,
    ConversationReading,
    ConversationTag,
    InboxSettings,
    Mention,
    Note,
    Presence,
    Rating,
    ReplyDraft,
    SavedView,
    Tag,
    Team,
    TeamMember,
)
from models.letters import Letter, LetterDirection, Mailbox, MailboxKind, ReturnLink
from models.notifications import Notification, NotificationChannel, NotificationSettings, PushSubscription
from models.webhooks import DeliveryStatus, Webhook, WebhookAttempt, WebhookDelivery

if TYPE_CHECKING:
    from tests.shops import Shop


def of_workspace(shop: "Shop", now: datetime) -> tuple[dict[str, Any], list[Any]]:
    """The rows that have an id on some page, by their kind, and all others."""
    workspace_id, owner_id = shop.workspace.id, shop.id_of("owner")
    key, webhook_id = f"pl_{signing.new_secret()}", new_id()
    shop.tokens["api key"] = key
    subscription_id, channel_id = new_id(), new_id()
    made: dict[str, Any] = {
        "tag": Tag(workspace_id=workspace_id, name=f"{shop.name} tag", colour="blue", created_at=now),
        "saved_view": SavedView(
            workspace_id=workspace_id,
            teammate_id=owner_id,
            name=f"{shop.name} view",
            is_shared=True,
            filters={},
            created_at=now,
        ),
        "canned_reply": CannedReply(
            workspace_id=workspace_id,
            shortcut="hello",
            title=f"{shop.name} greets",
            text=f"{shop.name} says hello.",
            created_at=now,
            updated_at=now,
        ),
        "team": Team(workspace_id=workspace_id, name=f"{shop.name} team", languages=[], created_at=now),
        "mailbox": Mailbox(
            workspace_id=workspace_id,
            kind=MailboxKind.POSTMARK,
            address=f"help@{shop.marker}.example",
            settings={},
            hook_hash=signing.hash_secret(secrets.token_hex(8)),
            created_at=now,
        ),
        "push_subscription": PushSubscription(
            id=subscription_id,
            workspace_id=workspace_id,
            teammate_id=owner_id,
            endpoint_hash=signing.hash_secret(secrets.token_hex(8)),
            # Written to with a key of ours that is no more.
            sealed=signing.seal(b'{"key": "former"}', bound_to=subscription_id.bytes),
            browser=f"{shop.name} Browser",
            created_at=now,
        ),
        "notification_channel": NotificationChannel(
            id=channel_id,
            workspace_id=workspace_id,
            name=f"{shop.name} room",
            sealed_address=signing.seal(
                b"slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", bound_to=channel_id.bytes
            ),
            service="mattermost",
            kinds=[],
            is_on=False,
            created_at=now,
        ),
        "webhook": Webhook(
            id=webhook_id,
            workspace_id=workspace_id,
            name=f"{shop.name} hook",
            address=f"https://{shop.marker}.example/hook",
            sealed_secret=signing.seal(secrets.token_bytes(32), bound_to=webhook_id.bytes),
            kinds=[],
            is_on=False,
            created_at=now,
        ),
        "api_key": ApiKey(
            workspace_id=workspace_id,
            name=f"{shop.name} key",
            hint="pl_abc",
            key_hash=signing.hash_secret(key),
            scopes=[],
            created_at=now,
        ),
        "archive": WorkspaceArchive(workspace_id=workspace_id, created_at=now, expires_at=now + timedelta(days=7)),
    }
    for row in made.values():
        row.id = row.id or new_id()
    archive = made["archive"]
    archive.file_key, archive.size, archive.finished_at = f"archives/{archive.id}", 4, now
    current_files().write(archive.file_key, b"PK\x05\x06")
    delivery = WebhookDelivery(
        id=new_id(),
        workspace_id=workspace_id,
        webhook_id=made["webhook"].id,
        event_id=uuid.uuid4(),
        kind="webhook.test",
        body=f'{{"shop": "{shop.name}"}}',
        status=DeliveryStatus.FAILED,
        next_try_at=now,
        created_at=now,
    )
    made["webhook_delivery"] = delivery
    parts = [
        InboxSettings(workspace_id=workspace_id, routing={}, targets={}, rating={}, letters={}, updated_at=now),
        TeamMember(team_id=made["team"].id, teammate_id=owner_id, workspace_id=workspace_id),
        Availability(
            teammate_id=owner_id,
            workspace_id=workspace_id,
            presence=Presence.ONLINE,
            languages=[],
            capacity=5,
            updated_at=now,
        ),
        NotificationSettings(
            teammate_id=owner_id, workspace_id=workspace_id, choices={}, has_sound=True, updated_at=now
        ),
        WebhookAttempt(
            workspace_id=workspace_id,
            delivery_id=delivery.id,
            status_code=500,
            milliseconds=3,
            answer=f"{shop.name} is down.",
            created_at=now,
        ),
        IdempotentCall(
            api_key_id=made["api_key"].id,
            key="once",
            workspace_id=workspace_id,
            request_hash="0" * 64,
            status_code=201,
            sealed_body=signing.seal(b"{}"),
            created_at=now,
            expires_at=now + timedelta(days=1),
        ),
    ]
    return made, parts


def of_conversation(shop: "Shop", prefix: str, conversation_id: uuid.UUID, now: datetime) -> tuple[Any, list[Any]]:
    """The note, and all other rows that stand beside a conversation; after `of_workspace`."""
    keys = {"workspace_id": shop.workspace.id, "conversation_id": conversation_id}
    owner_id = shop.id_of("owner")
    note = Note(
        id=new_id(),
        **keys,
        teammate_id=owner_id,
        after_seq=1,
        text=f"{prefix}{shop.name} is noted.",
        created_at=now,
    )
    rating = Rating(
        id=new_id(),
        **keys,
        teammate_id=owner_id,
        score=4,
        comment=f"{shop.name} was kind.",
        asked_at=now,
        rated_at=now,
    )
    shop.rows[f"{prefix}rating"] = rating
    link = signing.new_secret()
    shop.tokens[f"{prefix}return link"] = link
    parts = [
        Mention(note_id=note.id, teammate_id=owner_id, workspace_id=shop.workspace.id, created_at=now),
        ConversationTag(**keys, tag_id=shop.id_of("tag"), created_at=now),
        ConversationChange(**keys, teammate_id=owner_id, after_seq=1, kind="priority", details={}, created_at=now),
        ReplyDraft(**keys, teammate_id=owner_id, text=f"{shop.name} drafts.", is_note=False, updated_at=now),
        ConversationReading(**keys, teammate_id=owner_id, seen_seq=1, updated_at=now),
        rating,
        Letter(**keys, direction=LetterDirection.IN, mail_id=f"{prefix}{shop.marker}@mail.example", created_at=now),
        ReturnLink(**keys, token_hash=signing.hash_secret(link), created_at=now, expires_at=now + timedelta(days=30)),
        Notification(**keys, teammate_id=owner_id, kind="waiting", created_at=now),
    ]
    return note, parts
