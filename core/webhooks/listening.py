"""Stores what addresses are to be told, in the transaction in which it happens."""

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import select

from core.occurrences import Occurrence
from core.webhooks import payloads, sending
from models import after_commit, db, new_id, revisions
from models.webhooks import Webhook, WebhookDelivery


def note(occurrence: Occurrence) -> None:
    """Owe it to each address of the workspace that wants this kind: it is sent later, or not at all with a rollback."""
    kind = occurrence.kind.value
    workspace_id = occurrence.workspace_id
    known = revisions.kept("webhooks", workspace_id, workspace_id, lambda: _listening(workspace_id))
    wanted = [webhook_id for webhook_id, kinds in known if kind in kinds]
    if not wanted:
        return
    # The message gets its id and its number by being written down.
    db.session.flush()
    body, event_id = payloads.of_occurrence(occurrence), new_id()
    for webhook_id in wanted:
        db.session.add(
            WebhookDelivery(
                workspace_id=occurrence.workspace_id,
                webhook_id=webhook_id,
                event_id=event_id,
                kind=kind,
                conversation_id=occurrence.conversation.id,
                body=body,
                next_try_at=occurrence.at,
                created_at=occurrence.at,
            )
        )
    after_commit(lambda: sending.wake(wanted))


def _listening(workspace_id: uuid.UUID) -> Sequence[tuple[uuid.UUID, Collection[str]]]:
    """The addresses that are told, and of what."""
    rows = db.session.execute(
        select(Webhook.id, Webhook.kinds).where(Webhook.workspace_id == workspace_id, Webhook.is_on)
    )
    return [(row.id, frozenset(row.kinds)) for row in rows]
