"""An answer that customers see while it is written. It is stored once it is whole."""

import time
import uuid
from collections.abc import Callable

from sqlalchemy import select

from core import conversations, rich_text
from gateways.bus import current_bus
from models import db
from models.conversations import Conversation, State

_APART = 0.05
"""Seconds between two pieces: rendering each single word again would cost more than the eye can follow."""
_LOOK_AGAIN = 1.0


class Interrupted(Exception):
    """A person has taken over meanwhile; nobody needs the rest."""


class Growing:
    """Announces the words of one answer as they come."""

    def __init__(
        self,
        conversation_id: uuid.UUID,
        message_id: uuid.UUID,
        *,
        asked: Callable[[], None] = lambda: None,
        may_show: Callable[[], None] = lambda: None,
    ) -> None:
        """
        Args:
            asked: called once a model has been asked.
            may_show: called before anything is shown; it waits, or raises `Interrupted`.
        """
        self.asked = asked
        self._may_show = may_show
        self._conversation_id = conversation_id
        self.message_id = message_id
        self._told = ""
        self._told_at = 0.0
        self._looked_at = time.monotonic()

    @property
    def has_begun(self) -> bool:
        return bool(self._told)

    @property
    def is_due(self) -> bool:
        """Whether it is time for the next piece; making one ready before would be for nothing."""
        return time.monotonic() - self._told_at >= _APART

    def grow(self, text: str) -> None:
        """Announce all of the text so far, unless some of it was announced just now.

        Raises:
            Interrupted: when the conversation is no longer the agent's.
        """
        if text == self._told or not self.is_due:
            return
        if not self._told:
            self._may_show()
        now = time.monotonic()
        if now - self._looked_at >= _LOOK_AGAIN:
            self._looked_at = now
            self._check_turn()
        piece = text[len(self._told) :] if text.startswith(self._told) else text
        delta = {"id": str(self.message_id), "text": piece, "html": rich_text.to_html(text)}
        current_bus().publish(conversations.topic(self._conversation_id), {"kind": "delta", "delta": delta})
        self._told, self._told_at = text, now

    def _check_turn(self) -> None:
        state = db.session.scalar(select(Conversation.state).where(Conversation.id == self._conversation_id))
        # No read stays open while the model goes on.
        db.session.commit()
        if state is not State.AGENT:
            raise Interrupted
