"""What a team writes on a conversation: how pressing it is."""

from datetime import datetime

from core import changes, occurrences
from core.changes import Change
from core.conversations.announcing import tell_workspace
from core.conversations.storing import lock
from core.occurrences import Kind, Occurrence
from models import after_commit, transaction
from models.conversations import Conversation, Priority
from models.teammates import Teammate


def set_priority(conversation: Conversation, priority: Priority, *, by: Teammate | None, now: datetime) -> None:
    """Say how pressing it is."""
    with transaction():
        lock(conversation)
        if conversation.priority is priority:
            return
        details = {"priority": priority.value, "before": conversation.priority.value}
        conversation.priority = priority
        changes.record(conversation, Change.PRIORITY, by=by, details=details, now=now)
        occurrences.tell(Occurrence(Kind.CHANGED, conversation, now, by=by, details=details))
        after_commit(lambda: tell_workspace(conversation.workspace_id, conversation.id))
