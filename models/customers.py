"""The people who chat, and the signed rights of their browsers to do so."""

import enum
import unicodedata
import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, new_id
from models.teammates import Teammate, Workspace

if TYPE_CHECKING:
    from models.agents import Agent
    from models.conversations import Conversation


class Standing(enum.StrEnum):
    """How much is known about who a customer is."""

    ANONYMOUS = "anonymous"
    IDENTIFIED = "identified"
    VERIFIED = "verified"


class Customer(Base):
    """A person who chats with a workspace's agents."""

    __tablename__ = "customers"
    __table_args__ = (
        UniqueConstraint("workspace_id", "external_id"),
        # The list of customers is paged by this index alone.
        Index("ix_customers_workspace_id_last_seen_at_id", "workspace_id", "last_seen_at", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    # The signed `sub`; what a site merely tells is kept as `told_id` and joins nothing.
    external_id: Mapped[str | None] = mapped_column(String(255))
    told_id: Mapped[str | None] = mapped_column(String(255))
    standing: Mapped[Standing]
    email: Mapped[str | None] = mapped_column(String(254))
    name: Mapped[str | None] = mapped_column(String(120))
    attributes: Mapped[dict[str, Any]]
    # What the site tells of a verified customer besides, unproven: `{name, email, attributes}`. Of everybody else
    # all that is known was told, and this is empty.
    told: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # All that somebody is searched by, as `folded`: SQLite alone knows no case beyond ASCII.
    search_text: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]

    @property
    def searched_by(self) -> str:
        """What `search_text` has to be; each row keeps it by itself."""
        told = self.told or {}
        words = (self.name, self.email, self.external_id, self.told_id, told.get("name"), told.get("email"))
        return folded("\n".join((*(word for word in words if word), self.nickname)))

    @property
    def nickname(self) -> str:
        """What somebody is called of whom neither name nor e-mail is known."""
        return f"Visitor {self.id.hex[-4:].upper()}"


@event.listens_for(Customer, "before_insert")
@event.listens_for(Customer, "before_update")
def _keep_findable(_mapper: object, _connection: object, customer: Customer) -> None:
    customer.id = customer.id or new_id()
    customer.search_text = customer.searched_by


def folded(text: str) -> str:
    """A text without case, accents and width (Unicode NFKD): what spellings of one name have in common."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


class FactSource(enum.StrEnum):
    """Who a fact about a customer comes from."""

    CUSTOMER = "customer"
    SITE = "site"
    TEAMMATE = "teammate"
    AGENT = "agent"


class FactKind(enum.StrEnum):
    """What a fact is about, which says how long it is worth keeping."""

    PREFERENCE = "preference"
    SITUATION = "situation"
    REQUEST = "request"
    NOTE = "note"


class Fact(Base):
    """Something worth knowing about a customer in their next conversation: a piece of memory."""

    __tablename__ = "facts"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(String(300))
    kind: Mapped[FactKind] = mapped_column(default=FactKind.NOTE, server_default=FactKind.NOTE.value)
    source: Mapped[FactSource]
    # Of somebody anonymous who has not agreed to more: the session that it ends with.
    session_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("widget_sessions.id", ondelete="CASCADE"), index=True
    )
    conversation_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="SET NULL"), index=True
    )
    teammate_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("teammates.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    expires_at: Mapped[datetime | None] = mapped_column(index=True)

    teammate: Mapped[Teammate | None] = relationship()


class RefreshFamily(Base):
    """One browser's right to come back: a chain of refresh secrets, ended as a whole."""

    __tablename__ = "refresh_families"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), index=True)
    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]
    revoked_because: Mapped[str | None] = mapped_column(String(60))


class RefreshSecret(Base):
    """One link of the chain; only its hash is kept."""

    __tablename__ = "refresh_secrets"

    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    family_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("refresh_families.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]


class WidgetSession(Base):
    """One browser's signed, expiring right to chat as one customer on one website."""

    __tablename__ = "widget_sessions"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), index=True)
    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    family_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("refresh_families.id", ondelete="CASCADE"), index=True)
    # The mailed link that it began with: then it is good for that conversation alone, and ends with the link.
    return_link_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("return_links.id", ondelete="CASCADE"), index=True
    )
    parent_origin: Mapped[str] = mapped_column(String(300))
    browser: Mapped[str] = mapped_column(String(120), default="")
    address: Mapped[str] = mapped_column(String(45), default="")
    context: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]

    customer: Mapped[Customer] = relationship()
    # To read with the session, which each request does.
    agent: Mapped["Agent"] = relationship(viewonly=True)
    conversation: Mapped["Conversation"] = relationship(viewonly=True)
    workspace: Mapped[Workspace] = relationship(viewonly=True)


class SpentTicket(Base):
    """A frame's ticket that has been used; it is good for one session."""

    __tablename__ = "spent_tickets"

    ticket_id: Mapped[str] = mapped_column(String(43), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class IdentityKey(Base):
    """What a site signs its customers' tokens with; two may be live at once, for rotation."""

    __tablename__ = "identity_keys"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    # The whole key as `customer_tokens.verify` takes it, encrypted: an HS256 secret signs as well as it checks.
    sealed_key: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[str] = mapped_column(String(60), default="")
    # The keys last read from the site's JWKS address, for all processes and for when it does not answer.
    jwks: Mapped[dict[str, Any] | None]
    jwks_read_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("teammates.id", ondelete="SET NULL"))
    last_used_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]
