"""Which tables are in an archive, and why the others are not. A test holds that each is in one of the two lists."""

import uuid
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from sqlalchemy import Column, ColumnElement, LargeBinary, Table, and_, select

from models import Base

TAKEN = frozenset(
    {
        *("agents", "answer_settings", "answer_traces", "answers", "attachments", "audit_entries", "blocks"),
        *("canned_replies", "connection_tools", "connections", "conversation_changes", "conversation_readings"),
        *("conversation_tags", "conversations", "customers", "entries", "evaluation_questions", "evaluations"),
        *("events", "facts", "inbox_settings", "language_models", "letters", "mentions", "messages", "model_uses"),
        *("notes", "phrasings", "pictures", "privacy_settings", "proposals", "protection_settings", "ratings"),
        *("saved_views", "shop_accounts", "source_pages", "sources", "tags", "team_members", "teammates", "teams"),
        *(
            "tool_calls",
            "webhooks",
            "website_sightings",
            "websites",
            "widget_draft_steps",
            "widget_drafts",
            "widget_versions",
        ),
    }
)

LEFT_OUT: Mapping[str, str] = MappingProxyType(
    {
        "api_keys": "a key is good on one server",
        "authenticators": "a secret of a person",
        "availabilities": "of people who sign in",
        "deleted_workspaces": "of this server",
        "entry_vectors": "worked out anew",
        "handovers": "links of this server",
        "idempotent_calls": "answers to programs, for a day",
        "identity_keys": "sealed under the secret of the server",
        "invitations": "links of this server",
        "jobs": "work of this server",
        "knowledge_imports": "half done",
        "mailboxes": "secrets of a mailbox",
        "mails": "on their way",
        "message_originals": "sealed under the secret of the server",
        "notification_channels": "their addresses are secrets",
        "notification_settings": "of people who sign in",
        "notifications": "of people who sign in",
        "passkey_challenges": "good once",
        "passkeys": "of people who sign in",
        "password_resets": "good once",
        "preview_links": "links of this server",
        "push_subscriptions": "browsers of people who sign in",
        "recovery_codes": "a secret of a person",
        "refresh_families": "browsers of customers",
        "refresh_secrets": "browsers of customers",
        "reply_drafts": "half done",
        "return_links": "links of this server",
        "risk_marks": "good for hours, by addresses",
        "shop_logins": "good once",
        "shop_sign_ins": "browsers of customers",
        "search_texts": "worked out anew",
        "spent_tickets": "good once",
        "stops": "counts of what was refused",
        "teammate_sessions": "browsers of people who sign in",
        "webhook_attempts": "a log of this server",
        "webhook_deliveries": "a log of this server",
        "website_paces": "work of this server",
        "widget_schedules": "would publish by itself",
        "widget_sessions": "browsers of customers",
        "workspace_archives": "files of this server",
        "workspaces": "stands in the manifest",
    }
)


def taken() -> Iterator[Table]:
    """The tables of an archive, those that others refer to first."""
    return (table for table in Base.metadata.sorted_tables if table.name in TAKEN)


def columns(table: Table) -> list[Column[object]]:
    """The columns of a table that are taken: whatever is sealed or worked out stays."""
    return [column for column in table.columns if not isinstance(column.type, LargeBinary) and not is_secret(column)]


def is_secret(column: Column[object]) -> bool:
    """Whether a column lets somebody in; passwords are not taken along, even hashed."""
    return column.name in ("password_hash", "public_id") or column.name.endswith("_token_hash")


def of_workspace(table: Table, workspace_id: uuid.UUID) -> ColumnElement[bool]:
    """What the rows of one workspace have in common: they name it, or something of it."""
    if "workspace_id" in table.c:
        belongs = table.c.workspace_id == workspace_id
    else:
        key = next(key for key in table.foreign_keys if not key.parent.nullable)
        owner = key.column.table
        belongs = key.parent.in_(select(key.column).where(of_workspace(owner, workspace_id)))
    if table.name == "facts":
        # What is remembered for one visit only ends with it.
        return and_(belongs, table.c.session_id.is_(None))
    return belongs


def target(column: Column[object]) -> Table | None:
    """The table that a column refers to."""
    for key in column.foreign_keys:
        return key.column.table
    return None
