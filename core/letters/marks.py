"""Marks of a conversation that stand in its mails, and that nobody else can make: the conversation and a signature.

One stands behind a plus sign in the address that an answer goes to. It is short enough for the part before the @ (64
characters, RFC 5321), and reads the same in any case. Another one is for the link by which the mails end.
"""

import base64
import binascii
import hmac
import uuid

from core.signing import derived_keys

LONGEST_NAME = 24
"""Of a mailbox before the @: with the mark behind it, 64 characters."""
_ANSWER, _STOP = "letter-answer", "letter-stop"
_SIGNED = 8
_LENGTH = 39


def answer_address(mailbox: str, conversation_id: uuid.UUID) -> str:
    """Where the customer of a conversation answers to."""
    name, _at, host = mailbox.rpartition("@")
    return f"{name}+{_mark(_ANSWER, conversation_id)}@{host}"


def conversation_in(address: str) -> uuid.UUID | None:
    """The conversation that an address for answers was made for; None when it was not made by us."""
    _mailbox, plus, mark = address.strip().rpartition("@")[0].rpartition("+")
    return _read(_ANSWER, mark) if plus else None


def mark_to_stop(conversation_id: uuid.UUID) -> str:
    """What proves to us that somebody has a mail about this conversation; good for ending these mails only."""
    return _mark(_STOP, conversation_id)


def conversation_to_stop(mark: str) -> uuid.UUID | None:
    """The conversation that `mark_to_stop` made this for."""
    return _read(_STOP, mark)


def _mark(purpose: str, conversation_id: uuid.UUID) -> str:
    content = conversation_id.bytes + _signatures(purpose, conversation_id)[0]
    return base64.b32encode(content).decode().rstrip("=").lower()


def _read(purpose: str, mark: str) -> uuid.UUID | None:
    if len(mark) != _LENGTH:
        return None
    try:
        content = base64.b32decode(f"{mark.upper()}=")
    except (binascii.Error, ValueError):
        return None
    conversation_id, signature = uuid.UUID(bytes=content[:16]), content[16:]
    signatures = _signatures(purpose, conversation_id)
    return conversation_id if any(hmac.compare_digest(signature, one) for one in signatures) else None


def _signatures(purpose: str, conversation_id: uuid.UUID) -> list[bytes]:
    # 64 bits: who guesses one has to ask the server each time.
    return [hmac.digest(key, conversation_id.bytes, "sha256")[:_SIGNED] for key in derived_keys(purpose)]
