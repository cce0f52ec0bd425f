"""Limits, blocked visitors, and why somebody looks suspicious."""

import enum
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, new_id
from models.customers import Customer
from models.teammates import Teammate


class ProtectionSettings(Base):
    """A workspace's limits and steps; without a row the defaults hold."""

    __tablename__ = "protection_settings"

    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True)
    # Messages by scope: `{scope: {"count": n, "seconds": n}}`; what is missing has its default.
    limits: Mapped[dict[str, Any]]
    # Points from which each step is taken: `{step: points}`; a step with null is never taken.
    steps: Mapped[dict[str, Any]]
    # Nobody is stopped; who would have been is noted.
    is_log_only: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime]
    updated_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("teammates.id", ondelete="SET NULL"))


class Block(Base):
    """Somebody who may not chat: an address range or a customer."""

    __tablename__ = "blocks"
    # Each request of a visitor asks for the ranges that its address is in.
    __table_args__ = (Index("ix_blocks_workspace_id_network", "workspace_id", "network"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    # In CIDR form, such as 203.0.113.7/32; None when it is a customer.
    network: Mapped[str | None] = mapped_column(String(49))
    customer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    # None: blocked by the product itself, for what `reason` says.
    created_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("teammates.id", ondelete="SET NULL"))
    expires_at: Mapped[datetime | None]
    lifted_at: Mapped[datetime | None]
    hits: Mapped[int] = mapped_column(default=0)
    last_hit_at: Mapped[datetime | None]

    customer: Mapped[Customer | None] = relationship()
    created_by: Mapped[Teammate | None] = relationship()


class Stop(Base):
    """How often one limit stopped somebody, or would have."""

    __tablename__ = "stops"
    __table_args__ = (UniqueConstraint("workspace_id", "scope", "subject", "is_enforced"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    agent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), index=True)
    scope: Mapped[str] = mapped_column(String(32))
    # The address, website, customer, session or agent that the limit counts.
    subject: Mapped[str] = mapped_column(String(300))
    is_enforced: Mapped[bool]
    times: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)


class Signal(enum.StrEnum):
    """Why somebody looks suspicious."""

    VELOCITY = "velocity"
    TOKEN_REUSE = "token_reuse"  # noqa: S105 - a word, no secret
    ADDRESS_SPREAD = "address_spread"
    AUTOMATION = "automation"
    DISPOSABLE_MAIL = "disposable_mail"
    REPEATED_TEXT = "repeated_text"
    ORIGIN_MISMATCH = "origin_mismatch"


class RiskMark(Base):
    """One reason to look twice at a visitor; it fades."""

    __tablename__ = "risk_marks"
    __table_args__ = (
        UniqueConstraint("workspace_id", "subject", "signal"),
        Index("ix_risk_marks_expires_at", "expires_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    # `customer:<id>` or `address:<network>`.
    subject: Mapped[str] = mapped_column(String(80))
    signal: Mapped[Signal]
    points: Mapped[int]
    detail: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
