"""Pictures, attachments, draft steps, schedules, preview links, and what a conversation began with"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "look_and_talk"
down_revision = "way_onto_the_site"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pictures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("tone", sa.String(length=8), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["teammates.id"], name=op.f("fk_pictures_created_by_id_teammates"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_pictures_workspace_id_workspaces"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pictures")),
    )
    op.create_index(op.f("ix_pictures_workspace_id"), "pictures", ["workspace_id"])

    op.create_table(
        "preview_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("page", sa.String(length=2000), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_preview_links_agent_id_agents"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["teammates.id"],
            name=op.f("fk_preview_links_created_by_id_teammates"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_preview_links_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preview_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_preview_links_token_hash")),
    )
    op.create_index(op.f("ix_preview_links_agent_id"), "preview_links", ["agent_id"])
    op.create_index(op.f("ix_preview_links_expires_at"), "preview_links", ["expires_at"])
    op.create_index(op.f("ix_preview_links_workspace_id"), "preview_links", ["workspace_id"])

    op.create_table(
        "widget_draft_steps",
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("settings", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_widget_draft_steps_agent_id_agents"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["saved_by_id"],
            ["teammates.id"],
            name=op.f("fk_widget_draft_steps_saved_by_id_teammates"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("agent_id", "revision", name=op.f("pk_widget_draft_steps")),
    )
    op.create_table(
        "widget_schedules",
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("settings", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_widget_schedules_agent_id_agents"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["teammates.id"],
            name=op.f("fk_widget_schedules_created_by_id_teammates"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("agent_id", name=op.f("pk_widget_schedules")),
    )
    op.create_index(op.f("ix_widget_schedules_publish_at"), "widget_schedules", ["publish_at"])

    op.create_table(
        "attachments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("teammate_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_attachments_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_attachments_message_id_messages"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["teammate_id"], ["teammates.id"], name=op.f("fk_attachments_teammate_id_teammates"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_attachments_workspace_id_workspaces"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_index(op.f("ix_attachments_conversation_id"), "attachments", ["conversation_id"])
    op.create_index(op.f("ix_attachments_created_at"), "attachments", ["created_at"])
    op.create_index(op.f("ix_attachments_message_id"), "attachments", ["message_id"])
    op.create_index(op.f("ix_attachments_workspace_id"), "attachments", ["workspace_id"])

    op.add_column("conversations", sa.Column("language", sa.String(length=10), server_default="en", nullable=False))
    op.add_column(
        "conversations", sa.Column("told", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True)
    )
    op.add_column("conversations", sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("conversations", sa.Column("consent_text", sa.String(length=300), nullable=True))

    op.add_column("website_sightings", sa.Column("version", sa.Integer(), nullable=True))

    op.create_index("ix_events_agent_id_kind_created_at", "events", ["agent_id", "kind", "created_at"])
    op.drop_index(op.f("ix_events_agent_id"), "events")


def downgrade() -> None:
    op.create_index(op.f("ix_events_agent_id"), "events", ["agent_id"])
    op.drop_index("ix_events_agent_id_kind_created_at", "events")

    op.drop_column("website_sightings", "version")

    op.drop_column("conversations", "consent_text")
    op.drop_column("conversations", "consented_at")
    op.drop_column("conversations", "told")
    op.drop_column("conversations", "language")

    op.drop_table("attachments")

    op.drop_table("widget_schedules")
    op.drop_table("widget_draft_steps")

    op.drop_table("preview_links")

    op.drop_table("pictures")
