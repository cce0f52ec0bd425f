"""A long answer is announced in pieces, as one reads."""

import re
import time
from collections.abc import Iterator

from core import conversations, rich_text
from gateways.bus import current_bus
from models import db
from models.conversations import Message

_PIECE = 48
_PAUSE = 0.03


def pieces(text: str) -> Iterator[str]:
    """A text in pieces of some words each; put together they are the text."""
    piece = ""
    for word in re.findall(r"\S+\s*|\s+", text):
        piece += word
        if len(piece) >= _PIECE:
            yield piece
            piece = ""
    if piece:
        yield piece


def announce_in_pieces(message: Message) -> None:
    """Announce a stored message piece by piece. Who misses a piece gets the whole at the end."""
    db.session.remove()
    topic = conversations.topic(message.conversation_id)
    so_far = ""
    for piece in pieces(message.text):
        so_far += piece
        delta = {"id": str(message.id), "text": piece, "html": rich_text.to_html(so_far)}
        current_bus().publish(topic, {"kind": "delta", "delta": delta})
        time.sleep(_PAUSE)
    conversations.announce_message(message)
