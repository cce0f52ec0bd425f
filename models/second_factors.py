"""What proves a teammate besides the password."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, new_id


class Authenticator(Base):
    """A teammate's authenticator app: the shared secret of its time-based codes (RFC 6238)."""

    __tablename__ = "authenticators"

    teammate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("teammates.id", ondelete="CASCADE"), primary_key=True)
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    # The time step of the last code taken: each is good once.
    last_step: Mapped[int] = mapped_column(default=0)


class Passkey(Base):
    """A key pair in a teammate's device, of which this is the public half (WebAuthn Level 3)."""

    __tablename__ = "passkeys"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    teammate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("teammates.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[Any]]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class PasskeyChallenge(Base):
    """A random number that one browser was given to sign with a passkey; it is taken away with its first use."""

    __tablename__ = "passkey_challenges"

    challenge_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class RecoveryCode(Base):
    """A code on paper for the day the device is lost; each is good once."""

    __tablename__ = "recovery_codes"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    teammate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("teammates.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
