"""Answers that are begun while their question is still being stored: a model thinks meanwhile, and nobody waits twice.

Nothing is written, called or shown before the question is stored, and nothing of it is used when that fails.
"""

import threading
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import make_transient_to_detached

from core.growing import Interrupted
from gateways.counters import current_counters
from models import copied, db, new_id, revisions
from models.agents import Agent
from models.conversations import Conversation, Message, Sender
from models.customers import Customer
from models.teammates import Workspace

_UNTIL_ASKED = 0.03
"""Seconds for which storing waits until the model is asked: both at once would only hold each other up."""
_UNTIL_STORED = 10.0


_begun: dict[uuid.UUID, uuid.UUID] = {}
"""The question of each conversation that is begun and not settled."""


def is_first(conversation_id: uuid.UUID, client_id: str) -> bool:
    """Whether a message is not begun yet, in whichever process: a browser may send it once more, to another one.

    Args:
        client_id: as the browser has made it.
    """
    return current_counters().first(int(_UNTIL_STORED), "begun", conversation_id.hex, client_id)


class NotStored(Interrupted):
    """The question was not stored, or not as it was foreseen; what was begun is for nothing."""


class Ahead:
    """One answer that is begun, between the thread that stores its question and the thread that works it out.

    Args:
        rows: what it is made from, as the thread that stores has read it.
        text: the question, masked.
        offer: what the agent offered right before it, as `conversations.latest_offer` gives it.
    """

    def __init__(
        self, rows: tuple[Conversation, Agent, Workspace, Customer], text: str, offer: Mapping[str, Any]
    ) -> None:
        self.message_id = new_id()
        self.began = time.monotonic()
        self.offer = offer
        self._rows = rows
        self._conversation_id, self._workspace_id = rows[0].id, rows[2].id
        self._known = revisions.known(self._workspace_id)
        self._text = text
        self._seq = rows[0].last_seq + 1
        self._lock = threading.Lock()
        self._has_asked = threading.Event()
        self._is_settled = threading.Event()
        self._is_taken = self._is_stored = False

    def is_only_one(self) -> bool:
        """Whether no other question of its conversation is begun; from here on, until it is settled, none will be.

        Of two at once one would be for nothing: only one can be stored next.
        """
        return _begun.setdefault(self._conversation_id, self.message_id) == self.message_id

    def wait_until_asked(self) -> None:
        """Let the model be asked first, unless that takes too long."""
        if self._has_asked.wait(_UNTIL_ASKED):
            return
        with self._lock:
            if not self._is_taken:
                # No thread was free: what the rows say is about to change.
                self._is_settled.set()

    def settle(self, message: Message | None, *, before: Callable[[], None] = lambda: None) -> bool:
        """Say what was stored.

        Args:
            message: None where nothing was.
            before: called where it is being answered, before the answer can be told.

        Returns:
            whether it is the question that was foreseen, and is being answered.
        """
        with self._lock:
            # In between, something else may have been said, or the conversation merged into another one.
            foreseen = (self.message_id, self._seq, self._conversation_id)
            is_foreseen = message is not None and (message.id, message.seq, message.conversation_id) == foreseen
            self._is_stored = is_foreseen and self._is_taken and not self._is_settled.is_set()
            if self._is_stored:
                before()
            self._is_settled.set()
            if _begun.get(self._conversation_id) == self.message_id:
                _begun.pop(self._conversation_id, None)
            return self._is_stored

    def take(self) -> tuple[Message, Conversation, Agent, Workspace, Customer]:
        """The message and the rows, as copies for the session of this thread.

        Raises:
            NotStored: when it is too late for that.
        """
        with self._lock:
            if self._is_settled.is_set():
                raise NotStored
            self._is_taken = True
            conversation, agent, workspace, customer = self._rows
            conversation, agent = copied(conversation), copied(agent)
            workspace, customer = copied(workspace), copied(customer)
            revisions.know(self._workspace_id, self._known)
        message = Message(
            id=self.message_id,
            workspace_id=conversation.workspace_id,
            conversation_id=conversation.id,
            seq=self._seq,
            sender=Sender.CUSTOMER,
            text=self._text,
            # Nothing with files is foreseen.
            details={},
        )
        # As it will be stored, and not by this session.
        make_transient_to_detached(message)
        db.session.add(message)
        return message, conversation, agent, workspace, customer

    def asks(self) -> None:
        """The model has been asked: there is time to store the question."""
        self._has_asked.set()

    def check(self) -> None:
        """Wait until the question is stored.

        Raises:
            NotStored: when it is not.
        """
        self._has_asked.set()
        if not self._is_settled.wait(_UNTIL_STORED):
            self.settle(None)
        if not self._is_stored:
            raise NotStored
