"""Handovers to developers, and websites that went quiet"""

import sqlalchemy as sa
from alembic import op

revision = "way_onto_the_site"
down_revision = "who_may_and_who_did"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("website_sightings", sa.Column("quiet_told_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "handovers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("place", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("sent_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_handovers_agent_id_agents"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["teammates.id"], name=op.f("fk_handovers_sent_by_id_teammates"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_handovers_workspace_id_workspaces"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_handovers_token_hash")),
    )
    for column in ("workspace_id", "agent_id", "sent_by_id", "expires_at"):
        op.create_index(op.f(f"ix_handovers_{column}"), "handovers", [column])


def downgrade() -> None:
    op.drop_table("handovers")
    op.drop_column("website_sightings", "quiet_told_at")
