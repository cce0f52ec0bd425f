"""Customer accounts of a shop: where its customers sign in, who has done so in which browser, and who is about to."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, new_id


class ShopAccounts(Base):
    """How the customers of a connected shop sign in there (OAuth 2.0 with PKCE), and what lends their own tools."""

    __tablename__ = "shop_accounts"

    # The connection to the server of the accounts, which has tools of its own.
    connection_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("connections.id", ondelete="CASCADE"), primary_key=True)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    # The connection to the shop itself.
    shop_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("connections.id", ondelete="CASCADE"), unique=True)
    client_id: Mapped[str] = mapped_column(String(200))
    issuer: Mapped[str] = mapped_column(String(2000))
    authorization_url: Mapped[str] = mapped_column(String(2000))
    token_url: Mapped[str] = mapped_column(String(2000))
    keys_url: Mapped[str] = mapped_column(String(2000))
    scopes: Mapped[str] = mapped_column(String(300))
    # Some servers want the token alone where most want “Bearer” before it; learnt when it is first refused.
    is_bare: Mapped[bool] = mapped_column(default=False)
    problem: Mapped[str | None] = mapped_column(String(500))
    checked_at: Mapped[datetime]
    created_at: Mapped[datetime]


class ShopLogin(Base):
    """A sign-in at a shop that is under way: good once, for one browser and for ten minutes."""

    __tablename__ = "shop_logins"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    connection_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("connections.id", ondelete="CASCADE"), index=True)
    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    family_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("refresh_families.id", ondelete="CASCADE"), index=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    # What the chat hands to the window that it has opened; what the shop hands back; what that browser shows then.
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    state_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    browser_hash: Mapped[str | None] = mapped_column(String(64))
    # The verifier of PKCE, the nonce, and with whom it began.
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ShopSignIn(Base):
    """Somebody has signed in at a shop: good for the tools of its accounts, in that browser's chat and nowhere else."""

    __tablename__ = "shop_sign_ins"
    __table_args__ = (UniqueConstraint("connection_id", "family_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    connection_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("connections.id", ondelete="CASCADE"))
    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    family_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("refresh_families.id", ondelete="CASCADE"), index=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    sealed_tokens: Mapped[bytes] = mapped_column(LargeBinary)
    # Until when the shop takes the token; and until when somebody is renewing it.
    fresh_until: Mapped[datetime]
    renewing_until: Mapped[datetime | None]
    # The latest order as it was last seen, for greetings: `{number, status}`.
    latest: Mapped[dict[str, Any] | None]
    latest_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
