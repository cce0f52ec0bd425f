"""From a token to its session, and where its end is announced."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm.attributes import set_committed_value

from core import refresh_secrets, signing
from core.errors import Forbidden, Unauthenticated
from core.sessions.permits import check_still_allowed
from core.sessions.visits import LIFETIME
from core.signing import Kind
from models import Base, Prepared, columns_of, db, revisions, row_of
from models.agents import Agent
from models.conversations import Conversation
from models.customers import Customer, WidgetSession
from models.teammates import Workspace

# All that nearly every request of a chat needs, in one question to the database.
_PARTS: Mapping[str, type[Base]] = {
    "customer": Customer,
    "agent": Agent,
    "conversation": Conversation,
    "workspace": Workspace,
}
_TABLES: tuple[type[Base], ...] = (WidgetSession, *_PARTS.values())
_WITH_ALL = Prepared(
    select(*(column for table in _TABLES for column in columns_of(table)))
    .select_from(WidgetSession)
    .join(WidgetSession.customer)
    .join(WidgetSession.agent)
    .join(WidgetSession.conversation)
    .join(WidgetSession.workspace)
    .where(WidgetSession.id == bindparam("session_id"))
)


def find(token: str | None, *, now: datetime, by_link: bool = False) -> WidgetSession:
    """The live session of a token.

    Args:
        by_link: whether it may be one that began with a mailed link, which is good for what is said in its one
            conversation, and for nothing that is the customer's besides.

    Raises:
        Unauthenticated: `token_required`, `token_invalid`, `token_expired` or `token_revoked`.
        Forbidden: `website_not_allowed` when the website was taken off the list meanwhile, `forbidden` when this is
            more than a mailed link allows.
    """
    if not token:
        raise Unauthenticated("Open the chat first.", code="token_required")
    content = _content(token)
    session = _read(uuid.UUID(hex=content["session"]))
    if session.parent_origin != content["origin"] or session.agent_id.hex != content["agent"]:
        raise Unauthenticated("This session is not valid. Open the chat again.", code="token_invalid")
    if session.expires_at <= now and session.return_link_id is not None:
        raise _over()
    if session.expires_at <= now:
        raise Unauthenticated("This session has run out. Open the chat again.", code="token_expired")
    check_still_allowed(session, now=now)
    if session.return_link_id is not None and not by_link:
        raise Forbidden("A link from an e-mail does not allow this. Open the chat on the website for it.")
    return session


def look_again(session_id: uuid.UUID, *, now: datetime) -> WidgetSession:
    """A session that was found before, if it may still be; whether it has run out is not asked.

    Raises:
        Unauthenticated: `token_revoked`, or `token_required` when only verified customers may chat by now.
        Forbidden: `website_not_allowed`.
    """
    session = _read(session_id)
    check_still_allowed(session, now=now)
    return session


def _read(session_id: uuid.UUID) -> WidgetSession:
    found = _WITH_ALL.first(session_id=session_id)
    if found is None:
        raise _ended()
    values = iter(found)
    rows: list[Any] = [row_of(table, tuple(islice(values, len(columns_of(table))))) for table in _TABLES]
    session: WidgetSession = rows[0]
    if session.revoked_at is not None:
        raise _ended()
    for name, part in zip(_PARTS, rows[1:], strict=True):
        set_committed_value(session, name, part)
    revisions.learn(session.workspace)
    return session


def _content(token: str) -> dict[str, Any]:
    try:
        return signing.read(Kind.SESSION, token, max_age=int(LIFETIME.total_seconds()))
    except Unauthenticated as refusal:
        session_id = signing.session_of(token) if refusal.code == "token_expired" else None
        late = db.session.get(WidgetSession, session_id) if session_id else None
        if late is not None and late.return_link_id is not None:
            raise _over() from None
        raise


def _ended() -> Unauthenticated:
    return Unauthenticated("This session was ended. Open the chat again.", code="token_revoked")


def _over() -> Unauthenticated:
    # Not `token_expired`, at which a browser would go on with what it keeps itself: as somebody else.
    return Unauthenticated("Open the link in the e-mail again.", code="token_revoked")


def topics(session: WidgetSession) -> tuple[str, str]:
    """Where the bus announces that this session may have ended: a note of the kind `session`, to look again."""
    return refresh_secrets.topic(session.family_id), refresh_secrets.workspace_topic(session.workspace_id)
