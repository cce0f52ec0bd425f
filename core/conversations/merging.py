"""Making one conversation of two with the same customer."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import literal, select, update

from core import changes, occurrences, return_links
from core.changes import Change
from core.conversations.announcing import announce_state, tell_workspace, topic
from core.conversations.asking import ask_again
from core.conversations.finding import PREVIEW
from core.conversations.storing import lock
from core.conversations.turns import close, enter
from core.errors import Conflict, NotFound
from core.occurrences import Kind, Occurrence
from core.resolutions import Resolution
from gateways.bus import current_bus
from models import after_commit, db, insert_into, transaction
from models.conversations import Conversation, Message, State
from models.customers import WidgetSession
from models.inbox import ConversationTag
from models.teammates import Teammate


def merge_into(conversation: Conversation, target: Conversation, *, by: Teammate, now: datetime) -> Sequence[Message]:
    """Have one conversation go on in another; what was said in it stays to be read from there.

    Whoever had the customer in the one has them in the other, unless somebody answers there already. The customer's
    browsers and the links in their mails come back to the other one.

    Returns:
        what the agent had not answered yet, asked anew in the other one: the answers are to be requested.

    Raises:
        Conflict: for the same one, for those of two customers or agents, and for one that was merged already.
        NotFound: for one of another workspace.
    """
    if conversation.workspace_id != target.workspace_id:
        raise NotFound("There is no such conversation.")
    if conversation.id == target.id:
        raise Conflict("Choose another conversation: this is the same one.")
    with transaction():
        for one in sorted((conversation, target), key=lambda one: one.id):
            lock(one)
        _check(conversation, target)
        _carry_over(conversation, target)
        db.session.flush()
        asked_again = ask_again(conversation, target, now=now)
        close(conversation, Resolution.MERGED, now=now)
        conversation.merged_into_id = target.id
        changes.record(conversation, Change.MERGED_AWAY, by=by, details={"into": str(target.id)}, now=now)
        details = {"from": str(conversation.id), "messages": conversation.last_seq}
        changes.record(target, Change.MERGED, by=by, details=details, now=now)
        merged = {"merged_into": str(target.id)}
        occurrences.tell(Occurrence(Kind.CHANGED, conversation, now, by=by, details=merged))
        end_sessions_of(conversation, now=now)
        return_links.lead_on(conversation, target)
        after_commit(lambda: tell_workspace(target.workspace_id, target.id))
    return asked_again


def end_sessions_of(conversation: Conversation, *, now: datetime) -> None:
    """Have the browsers that show a conversation begin again: they get the one that the customer is in now."""
    db.session.execute(
        update(WidgetSession)
        .where(WidgetSession.conversation_id == conversation.id, WidgetSession.revoked_at.is_(None))
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )
    place = topic(conversation.id)
    after_commit(lambda: current_bus().publish(place, {"kind": "session"}))


def _check(conversation: Conversation, target: Conversation) -> None:
    if conversation.customer_id != target.customer_id:
        raise Conflict("These are conversations of two customers. Make one of the customers first.")
    if conversation.agent_id != target.agent_id:
        raise Conflict("These are conversations with two agents, and stay apart.")
    if PREVIEW in (conversation.channel, target.channel):
        raise Conflict("A preview of the chat cannot be merged.")
    if conversation.merged_into_id is not None or target.merged_into_id is not None:
        raise Conflict("One of these was merged into another conversation already.")


def _carry_over(conversation: Conversation, target: Conversation) -> None:
    """Whose turn it is, and how pressing."""
    if conversation.state in (State.WAITING, State.PERSON) and target.state in (State.AGENT, State.RESOLVED):
        enter(target, conversation.state, teammate=conversation.teammate)
        target.team_id, target.waiting_since = conversation.team_id, conversation.waiting_since
        target.handoff_reason, target.handoff_cause = conversation.handoff_reason, conversation.handoff_cause
        target.handoff_summary = conversation.handoff_summary
    elif target.state is State.RESOLVED and conversation.state is State.AGENT:
        enter(target, State.AGENT)
    moments = [one.last_message_at for one in (conversation, target) if one.last_message_at is not None]
    target.last_message_at = max(moments, default=None)
    carried = select(
        literal(target.id), ConversationTag.tag_id, ConversationTag.workspace_id, ConversationTag.created_at
    ).where(ConversationTag.conversation_id == conversation.id)
    columns = ["conversation_id", "tag_id", "workspace_id", "created_at"]
    db.session.execute(insert_into(ConversationTag).from_select(columns, carried).on_conflict_do_nothing())
    after_commit(lambda: announce_state(target))
