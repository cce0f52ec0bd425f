"""Second factors, audit, memory, privacy and protection"""

import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "who_may_and_who_did"
down_revision = "first_tables"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "risk_marks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column(
            "signal",
            sa.Enum(
                "velocity",
                "token_reuse",
                "address_spread",
                "automation",
                "disposable_mail",
                "repeated_text",
                "origin_mismatch",
                name="signal",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_risk_marks_workspace_id_workspaces"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_marks")),
        sa.UniqueConstraint(
            "workspace_id", "subject", "signal", name=op.f("uq_risk_marks_workspace_id_subject_signal")
        ),
    )
    with op.batch_alter_table("risk_marks", schema=None) as batch_op:
        batch_op.create_index("ix_risk_marks_expires_at", ["expires_at"], unique=False)

    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("teammate_id", sa.Uuid(), nullable=True),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("subject_name", sa.String(length=300), nullable=False),
        sa.Column("before", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("after", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["teammate_id"], ["teammates.id"], name=op.f("fk_audit_entries_teammate_id_teammates"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_audit_entries_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entries_workspace_id_created_at", ["workspace_id", "created_at"], unique=False)

    op.create_table(
        "authenticators",
        sa.Column("teammate_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["teammate_id"], ["teammates.id"], name=op.f("fk_authenticators_teammate_id_teammates"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("teammate_id", name=op.f("pk_authenticators")),
    )
    op.create_table(
        "passkey_challenges",
        sa.Column("challenge_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("challenge_hash", name=op.f("pk_passkey_challenges")),
    )
    with op.batch_alter_table("passkey_challenges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkey_challenges_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "blocks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("network", sa.String(length=49), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("last_hit_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["teammates.id"], name=op.f("fk_blocks_created_by_id_teammates"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_blocks_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_blocks_workspace_id_workspaces"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocks")),
    )
    with op.batch_alter_table("blocks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_blocks_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index("ix_blocks_workspace_id_network", ["workspace_id", "network"], unique=False)

    op.create_table(
        "passkeys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teammate_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("transports", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["teammate_id"], ["teammates.id"], name=op.f("fk_passkeys_teammate_id_teammates"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    with op.batch_alter_table("passkeys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkeys_teammate_id"), ["teammate_id"], unique=False)

    op.create_table(
        "privacy_settings",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("handling", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "revealed_to",
            sa.Enum("owner", "admin", "editor", "support", "viewer", name="role", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("conversation_days", sa.Integer(), nullable=True),
        sa.Column("customer_days", sa.Integer(), nullable=True),
        sa.Column("event_days", sa.Integer(), nullable=True),
        sa.Column("audit_days", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["updated_by_id"],
            ["teammates.id"],
            name=op.f("fk_privacy_settings_updated_by_id_teammates"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_privacy_settings_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_privacy_settings")),
    )
    op.create_table(
        "protection_settings",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("limits", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("steps", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("is_log_only", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["updated_by_id"],
            ["teammates.id"],
            name=op.f("fk_protection_settings_updated_by_id_teammates"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_protection_settings_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_protection_settings")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teammate_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["teammate_id"], ["teammates.id"], name=op.f("fk_recovery_codes_teammate_id_teammates"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
    )
    with op.batch_alter_table("recovery_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_codes_teammate_id"), ["teammate_id"], unique=False)

    op.create_table(
        "stops",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("is_enforced", sa.Boolean(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_stops_agent_id_agents"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_stops_workspace_id_workspaces"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stops")),
        sa.UniqueConstraint(
            "workspace_id",
            "scope",
            "subject",
            "is_enforced",
            name=op.f("uq_stops_workspace_id_scope_subject_is_enforced"),
        ),
    )
    with op.batch_alter_table("stops", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stops_agent_id"), ["agent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stops_last_at"), ["last_at"], unique=False)

    op.create_table(
        "facts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column(
            "source",
            sa.Enum("customer", "site", "teammate", name="factsource", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("teammate_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_facts_conversation_id_conversations"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_facts_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["teammate_id"], ["teammates.id"], name=op.f("fk_facts_teammate_id_teammates"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_facts_workspace_id_workspaces"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facts")),
    )
    with op.batch_alter_table("facts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_facts_conversation_id"), ["conversation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_facts_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_facts_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_facts_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "message_originals",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_message_originals_message_id_messages"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_message_originals_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_message_originals")),
    )
    with op.batch_alter_table("message_originals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_originals_workspace_id"), ["workspace_id"], unique=False)

    op.create_index("ix_answers_agent_id_finished_at", "answers", ["agent_id", "finished_at"])
    # Not in a batch: SQLite would make the table anew, and drop every row that refers to it.
    op.add_column("agents", sa.Column("allows_link", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("agents", sa.Column("daily_answers", sa.Integer(), nullable=True))
    op.add_column("widget_sessions", _text("browser", 120))
    op.add_column("widget_sessions", _text("address", 45))
    _make_customers_findable()
    op.create_index("ix_answers_reply_id", "answers", ["reply_id"])
    with op.batch_alter_table("mails") as batch:
        batch.add_column(sa.Column("customer_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key(
            batch.f("fk_mails_customer_id_customers"), "customers", ["customer_id"], ["id"], ondelete="CASCADE"
        )
        batch.create_index(batch.f("ix_mails_customer_id"), ["customer_id"])
    op.add_column("workspaces", _off("requires_verified"))
    op.add_column("workspaces", _off("requires_second_factor"))
    op.execute(
        "UPDATE workspaces SET requires_verified = COALESCE((SELECT k.is_required FROM identity_keys k "
        "WHERE k.workspace_id = workspaces.id AND k.retired_at IS NULL ORDER BY k.created_at DESC LIMIT 1), "
        "requires_verified)"
    )
    op.add_column("teammate_sessions", _text("address", 45))
    op.add_column("teammate_sessions", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE teammate_sessions SET confirmed_at = created_at")
    with op.batch_alter_table("teammate_sessions") as batch:
        batch.alter_column("confirmed_at", nullable=False)
    with op.batch_alter_table("identity_keys") as batch:
        batch.add_column(_text("name", 60))
        batch.add_column(sa.Column("jwks", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True))
        batch.add_column(sa.Column("jwks_read_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("created_by_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(
            batch.f("fk_identity_keys_created_by_id_teammates"),
            "teammates",
            ["created_by_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch.drop_column("is_required")


def downgrade() -> None:
    with op.batch_alter_table("identity_keys") as batch:
        batch.add_column(_off("is_required"))
        batch.drop_constraint(batch.f("fk_identity_keys_created_by_id_teammates"), type_="foreignkey")
        for name in ("last_used_at", "created_by_id", "jwks_read_at", "jwks", "name"):
            batch.drop_column(name)
    op.execute(
        "UPDATE identity_keys SET is_required = "
        "(SELECT w.requires_verified FROM workspaces w WHERE w.id = identity_keys.workspace_id)"
    )
    op.drop_column("workspaces", "requires_second_factor")
    op.drop_column("workspaces", "requires_verified")
    with op.batch_alter_table("mails") as batch:
        batch.drop_index(batch.f("ix_mails_customer_id"))
        batch.drop_constraint(batch.f("fk_mails_customer_id_customers"), type_="foreignkey")
        batch.drop_column("customer_id")
    op.drop_index("ix_answers_reply_id", "answers")
    op.drop_index("ix_customers_workspace_id_last_seen_at_id", "customers")
    op.drop_column("customers", "search_text")
    op.drop_column("customers", "told")
    op.drop_column("widget_sessions", "address")
    op.drop_column("widget_sessions", "browser")
    op.drop_column("teammate_sessions", "confirmed_at")
    op.drop_column("teammate_sessions", "address")
    op.drop_column("agents", "daily_answers")
    op.drop_index("ix_answers_agent_id_finished_at", table_name="answers")
    op.drop_column("agents", "allows_link")
    with op.batch_alter_table("message_originals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_originals_workspace_id"))

    op.drop_table("message_originals")
    with op.batch_alter_table("facts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_facts_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_facts_expires_at"))
        batch_op.drop_index(batch_op.f("ix_facts_customer_id"))
        batch_op.drop_index(batch_op.f("ix_facts_conversation_id"))

    op.drop_table("facts")
    with op.batch_alter_table("stops", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stops_last_at"))
        batch_op.drop_index(batch_op.f("ix_stops_agent_id"))

    op.drop_table("stops")
    with op.batch_alter_table("recovery_codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_codes_teammate_id"))

    op.drop_table("recovery_codes")
    op.drop_table("protection_settings")
    op.drop_table("privacy_settings")
    with op.batch_alter_table("passkeys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkeys_teammate_id"))

    op.drop_table("passkeys")
    with op.batch_alter_table("blocks", schema=None) as batch_op:
        batch_op.drop_index("ix_blocks_workspace_id_network")
        batch_op.drop_index(batch_op.f("ix_blocks_customer_id"))

    op.drop_table("blocks")
    with op.batch_alter_table("passkey_challenges", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkey_challenges_expires_at"))

    op.drop_table("passkey_challenges")
    op.drop_table("authenticators")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entries_workspace_id_created_at")

    op.drop_table("audit_entries")
    with op.batch_alter_table("risk_marks", schema=None) as batch_op:
        batch_op.drop_index("ix_risk_marks_expires_at")

    op.drop_table("risk_marks")


def _make_customers_findable() -> None:
    told = sa.Column(
        "told", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), server_default="{}", nullable=False
    )
    op.add_column("customers", told)
    op.add_column("customers", sa.Column("search_text", sa.Text(), server_default="", nullable=False))
    op.create_index(
        "ix_customers_workspace_id_last_seen_at_id", "customers", ["workspace_id", "last_seen_at", "id"], unique=False
    )
    names = ("name", "email", "external_id", "told_id")
    customers = sa.table(
        "customers", sa.column("id", sa.Uuid()), *(sa.column(name) for name in (*names, "search_text"))
    )
    rows = op.get_bind().execute(sa.select(customers.c.id, *(customers.c[name] for name in names)))
    found = [{"row": row.id, "text": _folded(_words(row))} for row in rows]
    if found:
        # By Python, because SQLite knows no case beyond ASCII.
        op.get_bind().execute(
            sa.update(customers).where(customers.c.id == sa.bindparam("row")).values(search_text=sa.bindparam("text")),
            found,
        )


def _words(row: sa.Row[Any]) -> str:
    words: list[str | None] = list(row[1:])
    return "\n".join((*filter(None, words), f"Visitor {row.id.hex[-4:].upper()}"))


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), server_default="", nullable=False)


def _off(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
