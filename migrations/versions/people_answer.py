"""An inbox for a team: marks, notes, drafts, ratings, teams, letters, notifications, webhooks, keys and archives"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from models import search_texts

revision = "people_answer"
down_revision = "knows_the_business"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inbox_settings",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("routing", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("targets", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("rating", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("letters", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_inbox_settings_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_inbox_settings")),
    )
    op.create_table(
        "website_paces",
        sa.Column("website_hash", sa.String(length=64), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=True),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("website_hash", name=op.f("pk_website_paces")),
    )
    op.create_table(
        "mailboxes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("postmark", "mailgun", "sendgrid", "imap", name="mailboxkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=True),
        sa.Column("settings", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("hook_hash", sa.String(length=64), nullable=True),
        sa.Column("last_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=500), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_mailboxes_workspace_id_workspaces"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailboxes")),
        sa.UniqueConstraint("hook_hash", name=op.f("uq_mailboxes_hook_hash")),
        sa.UniqueConstraint("workspace_id", "address", name=op.f("uq_mailboxes_workspace_id_address")),
    )
    op.create_table(
        "tags",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("colour", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_tags_workspace_id_workspaces"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_tags_workspace_id_name")),
    )
    op.create_table(
        "teams",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("languages", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_teams_workspace_id_workspaces"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_teams_workspace_id_name")),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("hint", sa.String(length=20), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["teammates.id"], name=op.f("fk_api_keys_created_by_id_teammates"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_api_keys_workspace_id_workspaces"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_keys_key_hash")),
    )
    op.create_index(op.f("ix_api_keys_created_by_id"), "api_keys", ["created_by_id"])
    op.create_index(op.f("ix_api_keys_workspace_id"), "api_keys", ["workspace_id"])

    op.create_table(
        "availabilities",
        sa.Column("teammate_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("presence", sa.Enum("online", "away", name="presence", native_enum=False, length=32), nullable=False),
        sa.Column("schedule", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("languages", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("last_active_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["teammate_id"], ["teammates.id"], name=op.f("fk_availabilities_teammate_id_teammates"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_availabilities_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("teammate_id", name=op.f("pk_availabilities")),
    )
    op.create_index(op.f("ix_availabilities_workspace_id"), "availabilities", ["workspace_id"])

    op.create_table(
        "canned_replies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("shortcut", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("used_count", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["teammates.id"],
            name=op.f("fk_canned_replies_created_by_id_teammates"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_canned_replies_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_replies")),
        sa.UniqueConstraint("workspace_id", "shortcut", name=op.f("uq_canned_replies_workspace_id_shortcut")),
    )
    op.create_index(op.f("ix_canned_replies_created_by_id"), "canned_replies", ["created_by_id"])

    op.create_table(
        "notification_channels",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("sealed_address", sa.LargeBinary(), nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("kinds", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.String(length=500), nullable=True),
        sa.Column("last_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["teammates.id"],
            name=op.f("fk_notification_channels_created_by_id_teammates"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_notification_channels_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_channels")),
    )
    op.create_index(op.f("ix_notification_channels_created_by_id"), "notification_channels", ["created_by_id"])
    op.create_index(op.f("ix_notification_channels_workspace_id"), "notification_channels", ["workspace_id"])

    op.create_table(
        "notification_settings",
        sa.Column("teammate_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("choices", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("quiet_hours", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("has_sound", sa.Boolean(), nullable=False),
        sa.Column("last_digest_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["teammate_id"],
            ["teammates.id"],
            name=op.f("fk_notification_settings_teammate_id_teammates"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_notification_settings_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("teammate_id", name=op.f("pk_notification_settings")),
    )
    op.create_index(op.f("ix_notification_settings_workspace_id"), "notification_settings", ["workspace_id"])

    op.create_table(
        "push_subscriptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("teammate_id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_hash", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("browser", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["teammate_id"],
            ["teammates.id"],
            name=op.f("fk_push_subscriptions_teammate_id_teammates"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_push_subscriptions_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_subscriptions")),
        sa.UniqueConstraint("endpoint_hash", name=op.f("uq_push_subscriptions_endpoint_hash")),
    )
    op.create_index(op.f("ix_push_subscriptions_teammate_id"), "push_subscriptions", ["teammate_id"])
    op.create_index(op.f("ix_push_subscriptions_workspace_id"), "push_subscriptions", ["workspace_id"])

    op.create_table(
        "saved_views",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("teammate_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("filters", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["teammate_id"], ["teammates.id"], name=op.f("fk_saved_views_teammate_id_teammates"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_saved_views_workspace_id_workspaces"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
    )
    op.create_index(op.f("ix_saved_views_teammate_id"), "saved_views", ["teammate_id"])
    op.create_index(op.f("ix_saved_views_workspace_id"), "saved_views", ["workspace_id"])

    op.create_table(
        "team_members",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("teammate_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_team_members_team_id_teams"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["teammate_id"], ["teammates.id"], name=op.f("fk_team_members_teammate_id_teammates"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_team_members_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("team_id", "teammate_id", name=op.f("pk_team_members")),
    )
    op.create_index(op.f("ix_team_members_teammate_id"), "team_members", ["teammate_id"])
    op.create_index(op.f("ix_team_members_workspace_id"), "team_members", ["workspace_id"])

    op.create_table(
        "webhooks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=2000), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_former_secret", sa.LargeBinary(), nullable=True),
        sa.Column("former_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kinds", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.String(length=500), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["teammates.id"], name=op.f("fk_webhooks_created_by_id_teammates"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_webhooks_workspace_id_workspaces"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    op.create_index(op.f("ix_webhooks_created_by_id"), "webhooks", ["created_by_id"])
    op.create_index(op.f("ix_webhooks_workspace_id"), "webhooks", ["workspace_id"])

    op.create_table(
        "workspace_archives",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=True),
        sa.Column("is_import", sa.Boolean(), nullable=False),
        sa.Column("file_key", sa.String(length=200), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("problem", sa.String(length=500), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["requested_by_id"],
            ["teammates.id"],
            name=op.f("fk_workspace_archives_requested_by_id_teammates"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_workspace_archives_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspace_archives")),
    )
    op.create_index(op.f("ix_workspace_archives_requested_by_id"), "workspace_archives", ["requested_by_id"])
    op.create_index(op.f("ix_workspace_archives_workspace_id"), "workspace_archives", ["workspace_id"])

    op.create_table(
        "conversation_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("teammate_id", sa.Uuid(), nullable=True),
        sa.Column("after_seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("details", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_conversation_changes_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["teammate_id"],
            ["teammates.id"],
            name=op.f("fk_conversation_changes_teammate_id_teammates"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_conversation_changes_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_changes")),
    )
    op.create_index(op.f("ix_conversation_changes_conversation_id"), "conversation_changes", ["conversation_id"])
    op.create_index(op.f("ix_conversation_changes_teammate_id"), "conversation_changes", ["teammate_id"])
    op.create_index(op.f("ix_conversation_changes_workspace_id"), "conversation_changes", ["workspace_id"])

    op.create_table(
        "conversation_readings",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("teammate_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("seen_seq", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_conversation_readings_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["teammate_id"],
            ["teammates.id"],
            name=op.f("fk_conversation_readings_teammate_id_teammates"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_conversation_readings_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", "teammate_id", name=op.f("pk_conversation_readings")),
    )
    op.create_index(op.f("ix_conversation_readings_teammate_id"), "conversation_readings", ["teammate_id"])
    op.create_index(op.f("ix_conversation_readings_workspace_id"), "conversation_readings", ["workspace_id"])

    op.create_table(
        "conversation_tags",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("tag_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_conversation_tags_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tags.id"], name=op.f("fk_conversation_tags_tag_id_tags"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_conversation_tags_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", "tag_id", name=op.f("pk_conversation_tags")),
    )
    op.create_index(op.f("ix_conversation_tags_tag_id"), "conversation_tags", ["tag_id"])
    op.create_index(op.f("ix_conversation_tags_workspace_id"), "conversation_tags", ["workspace_id"])

    op.create_table(
        "idempotent_calls",
        sa.Column("api_key_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("status_code", sa.Integer(), nullable=False),
        sa.Column("sealed_body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["api_key_id"], ["api_keys.id"], name=op.f("fk_idempotent_calls_api_key_id_api_keys"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_idempotent_calls_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_idempotent_calls_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("api_key_id", "key", name=op.f("pk_idempotent_calls")),
    )
    op.create_index(op.f("ix_idempotent_calls_customer_id"), "idempotent_calls", ["customer_id"])
    op.create_index(op.f("ix_idempotent_calls_expires_at"), "idempotent_calls", ["expires_at"])
    op.create_index(op.f("ix_idempotent_calls_workspace_id"), "idempotent_calls", ["workspace_id"])

    op.create_table(
        "notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("teammate_id", sa.Uuid(), nullable=True),
        sa.Column("after_seq", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_notes_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["teammate_id"], ["teammates.id"], name=op.f("fk_notes_teammate_id_teammates"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_notes_workspace_id_workspaces"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    op.create_index(op.f("ix_notes_conversation_id"), "notes", ["conversation_id"])
    op.create_index(op.f("ix_notes_teammate_id"), "notes", ["teammate_id"])
    op.create_index(op.f("ix_notes_workspace_id"), "notes", ["workspace_id"])

    op.create_table(
        "notifications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("teammate_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pushed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_notifications_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["teammate_id"], ["teammates.id"], name=op.f("fk_notifications_teammate_id_teammates"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_notifications_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
    )
    op.create_index(op.f("ix_notifications_conversation_id"), "notifications", ["conversation_id"])
    op.create_index(
        "ix_notifications_teammate_id_seen_at_created_at", "notifications", ["teammate_id", "seen_at", "created_at"]
    )
    op.create_index(op.f("ix_notifications_workspace_id"), "notifications", ["workspace_id"])

    op.create_table(
        "ratings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("teammate_id", sa.Uuid(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_ratings_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["teammate_id"], ["teammates.id"], name=op.f("fk_ratings_teammate_id_teammates"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_ratings_workspace_id_workspaces"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ratings")),
    )
    op.create_index(op.f("ix_ratings_conversation_id"), "ratings", ["conversation_id"])
    op.create_index(op.f("ix_ratings_teammate_id"), "ratings", ["teammate_id"])
    op.create_index("ix_ratings_workspace_id_rated_at", "ratings", ["workspace_id", "rated_at"])

    op.create_table(
        "reply_drafts",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("teammate_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_note", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_reply_drafts_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["teammate_id"], ["teammates.id"], name=op.f("fk_reply_drafts_teammate_id_teammates"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_reply_drafts_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", "teammate_id", name=op.f("pk_reply_drafts")),
    )
    op.create_index(op.f("ix_reply_drafts_teammate_id"), "reply_drafts", ["teammate_id"])
    op.create_index(op.f("ix_reply_drafts_workspace_id"), "reply_drafts", ["workspace_id"])

    op.create_table(
        "return_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_return_links_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_return_links_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_return_links_token_hash")),
    )
    op.create_index(op.f("ix_return_links_conversation_id"), "return_links", ["conversation_id"])
    op.create_index(op.f("ix_return_links_workspace_id"), "return_links", ["workspace_id"])

    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("waiting", "delivered", "failed", name="deliverystatus", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_webhook_deliveries_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhooks.id"], name=op.f("fk_webhook_deliveries_webhook_id_webhooks"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_webhook_deliveries_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint("webhook_id", "event_id", name=op.f("uq_webhook_deliveries_webhook_id_event_id")),
    )
    op.create_index(op.f("ix_webhook_deliveries_conversation_id"), "webhook_deliveries", ["conversation_id"])
    op.create_index("ix_webhook_deliveries_status_next_try_at", "webhook_deliveries", ["status", "next_try_at"])
    op.create_index(
        "ix_webhook_deliveries_webhook_id_status_next_try_at",
        "webhook_deliveries",
        ["webhook_id", "status", "next_try_at"],
    )
    op.create_index(
        "ix_webhook_deliveries_webhook_id_created_at_id", "webhook_deliveries", ["webhook_id", "created_at", "id"]
    )
    op.create_index(op.f("ix_webhook_deliveries_workspace_id"), "webhook_deliveries", ["workspace_id"])

    op.create_table(
        "letters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "direction", sa.Enum("in", "out", name="letterdirection", native_enum=False, length=32), nullable=False
        ),
        sa.Column("mail_id", sa.String(length=255), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_letters_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_letters_message_id_messages"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_letters_workspace_id_workspaces"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint(
            "workspace_id", "direction", "mail_id", name=op.f("uq_letters_workspace_id_direction_mail_id")
        ),
    )
    op.create_index(op.f("ix_letters_conversation_id"), "letters", ["conversation_id"])
    op.create_index(op.f("ix_letters_message_id"), "letters", ["message_id"])

    op.create_table(
        "mentions",
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("teammate_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name=op.f("fk_mentions_note_id_notes"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["teammate_id"], ["teammates.id"], name=op.f("fk_mentions_teammate_id_teammates"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_mentions_workspace_id_workspaces"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("note_id", "teammate_id", name=op.f("pk_mentions")),
    )
    op.create_index(op.f("ix_mentions_teammate_id"), "mentions", ["teammate_id"])
    op.create_index(op.f("ix_mentions_workspace_id"), "mentions", ["workspace_id"])

    op.create_table(
        "deleted_workspaces",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deleted_workspaces")),
    )

    op.create_table(
        "webhook_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("status_code", sa.Integer(), nullable=True),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=500), nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["webhook_deliveries.id"],
            name=op.f("fk_webhook_attempts_delivery_id_webhook_deliveries"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_webhook_attempts_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_attempts")),
    )
    op.create_index(op.f("ix_webhook_attempts_delivery_id"), "webhook_attempts", ["delivery_id"])
    op.create_index(op.f("ix_webhook_attempts_workspace_id"), "webhook_attempts", ["workspace_id"])

    op.create_table(
        "shop_accounts",
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.String(length=200), nullable=False),
        sa.Column("issuer", sa.String(length=2000), nullable=False),
        sa.Column("authorization_url", sa.String(length=2000), nullable=False),
        sa.Column("token_url", sa.String(length=2000), nullable=False),
        sa.Column("keys_url", sa.String(length=2000), nullable=False),
        sa.Column("scopes", sa.String(length=300), nullable=False),
        sa.Column("is_bare", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.String(length=500), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["connections.id"],
            name=op.f("fk_shop_accounts_connection_id_connections"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["connections.id"], name=op.f("fk_shop_accounts_shop_id_connections"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_shop_accounts_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("connection_id", name=op.f("pk_shop_accounts")),
        sa.UniqueConstraint("shop_id", name=op.f("uq_shop_accounts_shop_id")),
    )
    op.create_index(op.f("ix_shop_accounts_workspace_id"), "shop_accounts", ["workspace_id"])

    op.create_table(
        "shop_logins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("state_hash", sa.String(length=64), nullable=True),
        sa.Column("browser_hash", sa.String(length=64), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["connections.id"],
            name=op.f("fk_shop_logins_connection_id_connections"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_shop_logins_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_shop_logins_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["refresh_families.id"],
            name=op.f("fk_shop_logins_family_id_refresh_families"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_shop_logins_workspace_id_workspaces"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_logins")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_shop_logins_secret_hash")),
        sa.UniqueConstraint("state_hash", name=op.f("uq_shop_logins_state_hash")),
    )
    op.create_index(op.f("ix_shop_logins_connection_id"), "shop_logins", ["connection_id"])
    op.create_index(op.f("ix_shop_logins_conversation_id"), "shop_logins", ["conversation_id"])
    op.create_index(op.f("ix_shop_logins_customer_id"), "shop_logins", ["customer_id"])
    op.create_index(op.f("ix_shop_logins_expires_at"), "shop_logins", ["expires_at"])
    op.create_index(op.f("ix_shop_logins_family_id"), "shop_logins", ["family_id"])
    op.create_index(op.f("ix_shop_logins_workspace_id"), "shop_logins", ["workspace_id"])

    op.create_table(
        "shop_sign_ins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_tokens", sa.LargeBinary(), nullable=False),
        sa.Column("fresh_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("renewing_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("latest", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("latest_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["connections.id"],
            name=op.f("fk_shop_sign_ins_connection_id_connections"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_shop_sign_ins_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_shop_sign_ins_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["refresh_families.id"],
            name=op.f("fk_shop_sign_ins_family_id_refresh_families"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_shop_sign_ins_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_sign_ins")),
        sa.UniqueConstraint("connection_id", "family_id", name=op.f("uq_shop_sign_ins_connection_id_family_id")),
    )
    op.create_index(op.f("ix_shop_sign_ins_conversation_id"), "shop_sign_ins", ["conversation_id"])
    op.create_index(op.f("ix_shop_sign_ins_customer_id"), "shop_sign_ins", ["customer_id"])
    op.create_index(op.f("ix_shop_sign_ins_expires_at"), "shop_sign_ins", ["expires_at"])
    op.create_index(op.f("ix_shop_sign_ins_family_id"), "shop_sign_ins", ["family_id"])
    op.create_index(op.f("ix_shop_sign_ins_workspace_id"), "shop_sign_ins", ["workspace_id"])

    op.add_column("conversations", sa.Column("resolution", sa.String(length=40), nullable=True))
    op.add_column(
        "conversations",
        sa.Column(
            "team_id",
            sa.Uuid(),
            sa.ForeignKey("teams.id", name=op.f("fk_conversations_team_id_teams"), ondelete="SET NULL"),
            nullable=True,
        ),
        inline_references=True,
    )
    op.add_column(
        "conversations",
        sa.Column(
            "priority",
            sa.Enum("low", "normal", "high", "urgent", name="priority", native_enum=False, length=32),
            server_default="normal",
            nullable=False,
        ),
    )
    op.add_column("conversations", sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "conversations",
        sa.Column(
            "merged_into_id",
            sa.Uuid(),
            sa.ForeignKey(
                "conversations.id", name=op.f("fk_conversations_merged_into_id_conversations"), ondelete="SET NULL"
            ),
            nullable=True,
        ),
        inline_references=True,
    )
    op.add_column("conversations", sa.Column("delivered_seq", sa.Integer(), server_default="0", nullable=False))
    op.add_column("conversations", sa.Column("seen_seq", sa.Integer(), server_default="0", nullable=False))
    op.add_column("conversations", sa.Column("read_seq", sa.Integer(), server_default="0", nullable=False))
    op.add_column("conversations", sa.Column("mood", sa.String(length=20), nullable=True))
    op.add_column("conversations", sa.Column("requested_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("conversations", sa.Column("given_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "conversations",
        sa.Column("given_to", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
    )
    op.add_column("conversations", sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("conversations", sa.Column("first_answered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("conversations", sa.Column("resolution_due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("conversations", sa.Column("alerted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("conversations", sa.Column("letters_stopped_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_conversations_answer_due_at"), "conversations", ["answer_due_at"])
    op.create_index(op.f("ix_conversations_merged_into_id"), "conversations", ["merged_into_id"])
    op.create_index(op.f("ix_conversations_resolution_due_at"), "conversations", ["resolution_due_at"])
    op.create_index(op.f("ix_conversations_team_id"), "conversations", ["team_id"])
    op.create_index(
        "ix_conversations_workspace_id_first_answered_at", "conversations", ["workspace_id", "first_answered_at"]
    )
    op.create_index(op.f("ix_conversations_snoozed_until"), "conversations", ["snoozed_until"])
    op.create_index(
        "ix_conversations_teammate_id_state_last_message_at",
        "conversations",
        ["teammate_id", "state", "last_message_at"],
    )
    _make_messages_searchable()

    op.add_column(
        "widget_sessions",
        sa.Column(
            "return_link_id",
            sa.Uuid(),
            sa.ForeignKey(
                "return_links.id", name=op.f("fk_widget_sessions_return_link_id_return_links"), ondelete="CASCADE"
            ),
            nullable=True,
        ),
        inline_references=True,
    )
    op.create_index(op.f("ix_widget_sessions_return_link_id"), "widget_sessions", ["return_link_id"])

    op.add_column("privacy_settings", sa.Column("note_days", sa.Integer(), nullable=True))
    op.add_column("privacy_settings", sa.Column("rating_days", sa.Integer(), nullable=True))
    op.add_column("privacy_settings", sa.Column("delivery_days", sa.Integer(), nullable=True))
    op.add_column("workspaces", sa.Column("deletes_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_workspaces_deletes_at"), "workspaces", ["deletes_at"])
    op.add_column("workspaces", sa.Column("revision", sa.Uuid(), nullable=True))


def _make_messages_searchable() -> None:
    op.create_table(
        "search_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("note_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [f"{owner}_id"], [f"{owner}s.id"], name=op.f(f"fk_search_texts_{owner}_id_{owner}s"), ondelete="CASCADE"
            )
            for owner in ("workspace", "conversation", "message", "note")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_texts")),
        sa.UniqueConstraint("message_id", name=op.f("uq_search_texts_message_id")),
        sa.UniqueConstraint("note_id", name=op.f("uq_search_texts_note_id")),
    )
    op.create_index(op.f("ix_search_texts_conversation_id"), "search_texts", ["conversation_id"])
    op.create_index(op.f("ix_search_texts_workspace_id"), "search_texts", ["workspace_id"])
    is_postgres = op.get_bind().dialect.name == "postgresql"
    for statement in [search_texts.POSTGRESQL_INDEX] if is_postgres else search_texts.SQLITE_INDEX:
        op.execute(statement)
    _index_messages()


def _index_messages() -> None:
    """Words are those of the code that searches today: older ones would never be found by it."""
    texts = sa.table("search_texts", *map(sa.column, ("workspace_id", "conversation_id", "message_id", "words")))
    plain = map(sa.column, ("id", "workspace_id", "conversation_id", "text", "sender"))
    messages = sa.table("messages", *plain, sa.column("details", sa.JSON()))
    last = None
    while True:
        query = sa.select(messages).where(messages.c.sender != "system").order_by(messages.c.id).limit(1000)
        rows = op.get_bind().execute(query if last is None else query.where(messages.c.id > last)).all()
        if not rows:
            return
        last = rows[-1].id
        op.get_bind().execute(
            sa.insert(texts),
            [
                {
                    "workspace_id": row.workspace_id,
                    "conversation_id": row.conversation_id,
                    "message_id": row.id,
                    "words": search_texts.words_of_message(row.text, row.details),
                }
                for row in rows
            ],
        )


def downgrade() -> None:
    op.drop_table("search_texts")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    op.drop_index("ix_conversations_teammate_id_state_last_message_at", "conversations")
    op.drop_column("workspaces", "revision")
    op.drop_index(op.f("ix_workspaces_deletes_at"), "workspaces")
    op.drop_column("workspaces", "deletes_at")
    op.drop_column("privacy_settings", "delivery_days")
    op.drop_column("privacy_settings", "rating_days")
    op.drop_column("privacy_settings", "note_days")
    op.drop_index("ix_conversations_workspace_id_first_answered_at", "conversations")
    op.drop_index(op.f("ix_widget_sessions_return_link_id"), "widget_sessions")
    op.drop_column("widget_sessions", "return_link_id")
    op.drop_column("conversations", "letters_stopped_at")
    op.drop_index(op.f("ix_conversations_team_id"), "conversations")
    op.drop_index(op.f("ix_conversations_snoozed_until"), "conversations")
    op.drop_index(op.f("ix_conversations_resolution_due_at"), "conversations")
    op.drop_index(op.f("ix_conversations_merged_into_id"), "conversations")
    op.drop_index(op.f("ix_conversations_answer_due_at"), "conversations")
    op.drop_column("conversations", "alerted_at")
    op.drop_column("conversations", "resolution_due_at")
    op.drop_column("conversations", "first_answered_at")
    op.drop_column("conversations", "answer_due_at")
    op.drop_column("conversations", "given_to")
    op.drop_column("conversations", "given_at")
    op.drop_column("conversations", "requested_at")
    op.drop_column("conversations", "mood")
    op.drop_column("conversations", "read_seq")
    op.drop_column("conversations", "seen_seq")
    op.drop_column("conversations", "delivered_seq")
    op.drop_column("conversations", "merged_into_id")
    op.drop_column("conversations", "snoozed_until")
    op.drop_column("conversations", "priority")
    op.drop_column("conversations", "team_id")
    op.drop_column("conversations", "resolution")
    op.drop_table("shop_sign_ins")
    op.drop_table("shop_logins")
    op.drop_table("shop_accounts")
    op.drop_table("webhook_attempts")
    op.drop_table("deleted_workspaces")
    op.drop_table("mentions")
    op.drop_table("letters")
    op.drop_table("webhook_deliveries")
    op.drop_table("return_links")
    op.drop_table("reply_drafts")
    op.drop_table("ratings")
    op.drop_table("notifications")
    op.drop_table("notes")
    op.drop_table("idempotent_calls")
    op.drop_table("conversation_tags")
    op.drop_table("conversation_readings")
    op.drop_table("conversation_changes")
    op.drop_table("workspace_archives")
    op.drop_table("webhooks")
    op.drop_table("team_members")
    op.drop_table("saved_views")
    op.drop_table("push_subscriptions")
    op.drop_table("notification_settings")
    op.drop_table("notification_channels")
    op.drop_table("canned_replies")
    op.drop_table("availabilities")
    op.drop_table("api_keys")
    op.drop_table("teams")
    op.drop_table("tags")
    op.drop_table("mailboxes")
    op.drop_table("website_paces")
    op.drop_table("inbox_settings")
