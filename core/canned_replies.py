"""Texts that a team sends again and again: found by a slash, filled with what is known of the customer."""

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import IntegrityError

from core import audits, greetings
from core.errors import Conflict, Invalid, NotFound
from core.texts import clean_line, required_text
from models import db, transaction
from models.conversations import Conversation
from models.inbox import CannedReply
from models.teammates import Teammate, Workspace

MOST = 500
"""The most replies of a workspace."""
LONGEST_SHORTCUT = 40
LONGEST_TITLE = 120
LONGEST_TEXT = 4_000
_MOST_OFFERED = 8
_SHORTCUT = re.compile(r"[\w-]+\Z")

VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        **{name: meaning for name, meaning in greetings.VARIABLES.items() if not name.startswith("order.")},
        "teammate.name": "your own name",
        "teammate.first_name": "your own first name",
    }
)
"""What can stand between braces, and what it becomes."""


def listed(workspace: Workspace, *, search: str = "") -> Sequence[CannedReply]:
    """All replies that hold the searched words, by their shortcuts."""
    return db.session.scalars(
        select(CannedReply)
        .where(CannedReply.workspace_id == workspace.id, *_matching(search))
        .order_by(CannedReply.shortcut)
    ).all()


def offered(workspace: Workspace, typed: str) -> Sequence[CannedReply]:
    """What may be meant by the letters behind a slash: shortcuts that begin so, then what is used most."""
    return db.session.scalars(
        select(CannedReply)
        .where(CannedReply.workspace_id == workspace.id, *_matching(typed))
        .order_by(
            CannedReply.shortcut.startswith(typed.casefold(), autoescape=True).desc(),
            CannedReply.used_count.desc(),
            CannedReply.shortcut,
        )
        .limit(_MOST_OFFERED)
    ).all()


def find(workspace: Workspace, reply_id: uuid.UUID) -> CannedReply:
    """One reply of this workspace.

    Raises:
        NotFound: also for somebody else's.
    """
    reply = db.session.get(CannedReply, reply_id)
    if reply is None or reply.workspace_id != workspace.id:
        raise NotFound("There is no such reply. It may have been deleted.")
    return reply


def add(workspace: Workspace, *, shortcut: str, title: str, text: str, by: Teammate, now: datetime) -> CannedReply:
    """Keep a reply for the whole team.

    Raises:
        Invalid: when a text is missing or too long, or a variable is not known.
        Conflict: when the shortcut is taken, or there are too many replies.
    """
    worded = _worded(shortcut, title, text)
    with _one_by_shortcut(worded["shortcut"]), transaction():
        _refuse_too_many(workspace)
        reply = CannedReply(
            workspace_id=workspace.id, **worded, created_by_id=by.id, created_at=now, updated_at=now, used_count=0
        )
        db.session.add(reply)
        db.session.flush()
        _record("canned_reply.add", reply, by=by, now=now, after=worded)
    return reply


def change(reply: CannedReply, *, shortcut: str, title: str, text: str, by: Teammate, now: datetime) -> None:
    """Word a reply anew.

    Raises:
        Invalid, Conflict: as `add`.
    """
    worded = _worded(shortcut, title, text)
    with _one_by_shortcut(worded["shortcut"]), transaction():
        before = {name: getattr(reply, name) for name in worded}
        if before == worded:
            return
        for name, content in worded.items():
            setattr(reply, name, content)
        reply.updated_at = now
        db.session.flush()
        _record("canned_reply.change", reply, by=by, now=now, before=before, after=worded)


def remove(reply: CannedReply, *, by: Teammate, now: datetime) -> None:
    """Delete a reply for the whole team; what was sent with it stays."""
    with transaction():
        _record("canned_reply.remove", reply, by=by, now=now, before={"title": reply.title, "text": reply.text})
        db.session.delete(reply)


def filled(reply: CannedReply, conversation: Conversation, teammate: Teammate) -> str:
    """A reply with what is known in the places of its variables: text for the composer, sent by nobody yet."""
    name = conversation.customer.name or ""
    values = {
        "customer.name": name,
        "customer.first_name": name.split()[0] if name else "",
        "customer.email": conversation.customer.email or "",
        "agent.name": conversation.agent.name,
        "teammate.name": teammate.name,
        "teammate.first_name": teammate.name.split()[0],
    }
    return greetings.fill(reply.text, values)


def note_use(workspace: Workspace, reply_id: uuid.UUID) -> None:
    """Count that a reply was sent, inside the caller's transaction; one that is gone or another's counts nowhere."""
    db.session.execute(
        update(CannedReply)
        .where(CannedReply.id == reply_id, CannedReply.workspace_id == workspace.id)
        .values(used_count=CannedReply.used_count + 1)
    )


def check_text(text: str) -> str:
    """The words of a reply, cleaned.

    Raises:
        Invalid: there are none, too many, or they name a variable that is not known.
    """
    words = required_text(text, name="The reply", limit=LONGEST_TEXT)
    if problem := greetings.problem_with(words, known=VARIABLES):
        raise Invalid(problem)
    return words


def _matching(search: str) -> Sequence[Any]:
    words = clean_line(search).split()[:8]
    columns = (CannedReply.shortcut, CannedReply.title, CannedReply.text)
    return [or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in words]


def _worded(shortcut: str, title: str, text: str) -> dict[str, str]:
    name = required_text(shortcut, name="The shortcut", limit=LONGEST_SHORTCUT).removeprefix("/").casefold()
    if not _SHORTCUT.match(name):
        raise Invalid("A shortcut is one word of letters, digits and hyphens, like “shipping-time”.")
    heading = clean_line(required_text(title, name="The title", limit=LONGEST_TITLE))
    return {"shortcut": name, "title": heading, "text": check_text(text)}


@contextmanager
def _one_by_shortcut(shortcut: str) -> Iterator[None]:
    """Say in words that another reply has the shortcut, whoever was faster."""
    try:
        yield
    except IntegrityError:
        raise Conflict(f"There is a reply with the shortcut /{shortcut} already.") from None


def _refuse_too_many(workspace: Workspace) -> None:
    there = db.session.scalar(
        select(func.count()).select_from(CannedReply).where(CannedReply.workspace_id == workspace.id)
    )
    if (there or 0) >= MOST:
        raise Conflict(f"There are {MOST} replies already. Delete some that nobody uses any more.")


def _record(action: str, reply: CannedReply, *, by: Teammate, now: datetime, **told: Any) -> None:
    subject = ("canned_reply", reply.id, f"/{reply.shortcut}")
    audits.record(reply.workspace_id, action, by=by, subject=subject, now=now, **told)
