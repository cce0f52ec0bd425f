"""Tags: the words that a team sorts its conversations by."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete as delete_rows
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from core import audits, changes, occurrences
from core.changes import Change
from core.conversations import tell_workspace
from core.errors import Conflict, Invalid, NotFound
from core.occurrences import Kind, Occurrence
from core.texts import required_text, shown_line
from models import after_commit, db, insert_into, transaction
from models.conversations import Conversation
from models.inbox import ConversationTag, Tag
from models.teammates import Teammate, Workspace

COLOURS = ("grey", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink")
LONGEST = 40
MOST = 200
"""The most tags of a workspace."""
MOST_ON_ONE = 20
"""The most tags on one conversation."""


def listed(workspace: Workspace) -> Sequence[Tag]:
    """The workspace's tags, by name."""
    return db.session.scalars(
        select(Tag).where(Tag.workspace_id == workspace.id).order_by(func.lower(Tag.name), Tag.id)
    ).all()


def find(workspace: Workspace, tag_id: uuid.UUID) -> Tag:
    """A tag of this workspace.

    Raises:
        NotFound: also for somebody else's.
    """
    tag = db.session.get(Tag, tag_id)
    if tag is None or tag.workspace_id != workspace.id:
        raise NotFound("There is no such tag.")
    return tag


def uses(workspace: Workspace) -> Mapping[uuid.UUID, int]:
    """How many conversations carry each tag."""
    rows = db.session.execute(
        select(ConversationTag.tag_id, func.count().label("number"))
        .where(ConversationTag.workspace_id == workspace.id)
        .group_by(ConversationTag.tag_id)
    )
    return {row.tag_id: row.number for row in rows}


def create(workspace: Workspace, *, name: str, colour: str = "grey", by: Teammate, now: datetime) -> Tag:
    """Add a tag.

    Raises:
        Conflict: when there is one of this name, in whatever case, or there are too many.
        Invalid: for a name or a colour that cannot be.
    """
    name, colour = _name(name), _colour(colour)
    with transaction():
        _check_name(workspace.id, name)
        if len(listed(workspace)) >= MOST:
            raise Conflict(f"There are {MOST} tags already. Delete some that nobody uses.")
        tag = Tag(workspace_id=workspace.id, name=name, colour=colour, created_at=now)
        db.session.add(tag)
        _flush()
        audits.record(workspace.id, "tag.create", by=by, subject=("tag", tag.id, name), after=_told(tag), now=now)
    return tag


def change(tag: Tag, *, name: str, colour: str, by: Teammate, now: datetime) -> None:
    """Give a tag another name or colour, wherever it stands.

    Raises:
        Conflict, Invalid: as `create`.
    """
    name, colour = _name(name), _colour(colour)
    with transaction():
        before = _told(tag)
        _check_name(tag.workspace_id, name, but=tag.id)
        tag.name, tag.colour = name, colour
        _flush()
        if before == _told(tag):
            return
        subject = ("tag", tag.id, name)
        audits.record(tag.workspace_id, "tag.change", by=by, subject=subject, before=before, after=_told(tag), now=now)


def delete(tag: Tag, *, by: Teammate, now: datetime) -> None:
    """Take a tag off every conversation, and forget it."""
    with transaction():
        subject = ("tag", tag.id, tag.name)
        audits.record(tag.workspace_id, "tag.delete", by=by, subject=subject, before=_told(tag), now=now)
        db.session.delete(tag)


def of(conversation: Conversation) -> Sequence[Tag]:
    """The tags of a conversation, by name."""
    return of_many([conversation.id]).get(conversation.id, [])


def of_many(conversation_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Sequence[Tag]]:
    """The tags of each of these conversations, by name; in one question to the database."""
    found: dict[uuid.UUID, list[Tag]] = defaultdict(list)
    rows = db.session.execute(
        select(ConversationTag.conversation_id, Tag)
        .join(Tag, Tag.id == ConversationTag.tag_id)
        .where(ConversationTag.conversation_id.in_(conversation_ids))
        .order_by(func.lower(Tag.name), Tag.id)
    )
    for conversation_id, tag in rows:
        found[conversation_id].append(tag)
    return found


def put(conversation: Conversation, tag: Tag, *, by: Teammate | None, now: datetime) -> None:
    """Put a tag on a conversation; one that it carries stays.

    Raises:
        Conflict: when it carries too many.
        NotFound: for a tag of another workspace.
    """
    if tag.workspace_id != conversation.workspace_id:
        raise NotFound("There is no such tag.")
    with transaction():
        if _add(conversation, tag, now=now):
            _tell(conversation, Change.TAGGED, tag, by=by, now=now)


def put_named(conversation: Conversation, name: str, *, by: Teammate, now: datetime) -> Tag:
    """Put the tag of this name on a conversation, made when there is none.

    Raises:
        Conflict, Invalid: as `create` and `put`.
    """
    workspace = db.session.get_one(Workspace, conversation.workspace_id)
    with transaction():
        tag = _named(workspace.id, _name(name)) or create(workspace, name=name, by=by, now=now)
        put(conversation, tag, by=by, now=now)
    return tag


def take(conversation: Conversation, tag: Tag, *, by: Teammate | None, now: datetime) -> None:
    """Take a tag off a conversation; nothing when it does not carry it."""
    with transaction():
        gone = db.session.execute(
            delete_rows(ConversationTag)
            .where(ConversationTag.conversation_id == conversation.id, ConversationTag.tag_id == tag.id)
            .returning(ConversationTag.tag_id)
        ).all()
        if gone:
            _tell(conversation, Change.UNTAGGED, tag, by=by, now=now)


def _add(conversation: Conversation, tag: Tag, *, now: datetime) -> bool:
    """Whether it was not there before."""
    carried = {one.id for one in of(conversation)}
    if tag.id not in carried and len(carried) >= MOST_ON_ONE:
        raise Conflict(f"A conversation carries at most {MOST_ON_ONE} tags.")
    added = db.session.execute(
        insert_into(ConversationTag)
        .values(conversation_id=conversation.id, tag_id=tag.id, workspace_id=conversation.workspace_id, created_at=now)
        .on_conflict_do_nothing()
        .returning(ConversationTag.tag_id)
    ).all()
    return bool(added)


def _tell(conversation: Conversation, kind: Change, tag: Tag, *, by: Teammate | None, now: datetime) -> None:
    changes.record(conversation, kind, by=by, details={"tag": tag.name}, now=now)
    details = {"tag": tag.name, "tagged": kind is Change.TAGGED}
    occurrences.tell(Occurrence(Kind.CHANGED, conversation, now, by=by, details=details))
    after_commit(lambda: tell_workspace(conversation.workspace_id, conversation.id))


def _name(name: object) -> str:
    line = shown_line(required_text(name, name="The tag", limit=LONGEST))
    if not line:
        raise Invalid("The tag is empty.")
    return line


def _colour(colour: str) -> str:
    if colour not in COLOURS:
        raise Invalid("Choose one of the colours.")
    return colour


def _named(workspace_id: uuid.UUID, name: str) -> Tag | None:
    # Compared here: databases differ in what they take for the same letter.
    every = db.session.scalars(select(Tag).where(Tag.workspace_id == workspace_id)).all()
    return next((tag for tag in every if tag.name.casefold() == name.casefold()), None)


def _check_name(workspace_id: uuid.UUID, name: str, *, but: uuid.UUID | None = None) -> None:
    found = _named(workspace_id, name)
    if found is not None and found.id != but:
        raise Conflict(f"There is a tag “{found.name}” already.")


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError:
        raise Conflict("There is a tag of this name already.") from None


def _told(tag: Tag) -> dict[str, str]:
    return {"name": tag.name, "colour": tag.colour}
