"""What pages that a reply links to say of themselves: title and summary, and no picture of anybody's server."""

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

import structlog
from sqlalchemy import select

from core import conversations, rich_text
from core.texts import clean_line, html_to_read
from gateways.outgoing import Limits, OutgoingError, fetch
from models import db
from models.conversations import Conversation, Message, Sender

log = structlog.get_logger()

MOST = 3
"""How many links of a message are previewed."""
KEPT_FOR, NOT_KEPT_FOR = 86_400.0, 600.0
"""Seconds for which a preview, and that there is none, is remembered."""

_MOST_KEPT = 2_000
_LIMITS = Limits(seconds=6.0, connect_seconds=3.0, bytes=512 * 1024, redirects=3)
_LINK = re.compile(r"https?://.{1,1000}")
# A page that is slow must not take the threads of those who chat.
_hands = threading.BoundedSemaphore(4)
_kept: "OrderedDict[str, tuple[float, Preview | None]]" = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True)
class Preview:
    """A page in words."""

    url: str
    host: str
    title: str
    summary: str

    def as_json(self) -> dict[str, str]:
        return dict(vars(self))


def of(message: Message, *, allow_private: bool) -> list[Preview]:
    """The pages that the agent or a person links to. What a customer wrote is never fetched, nor what repeats it.

    It is slow: call it outside a transaction, and apart from the message itself.

    Args:
        allow_private: whether pages of the own network may be asked.
    """
    if message.sender not in (Sender.AGENT, Sender.PERSON):
        return []
    links = _links_in(message)
    # What was read so far must not keep the database waiting for somebody's page.
    db.session.commit()
    found = (_preview(url, allow_private=allow_private) for url in links)
    return [preview for preview in found if preview is not None]


def _links_in(message: Message) -> Sequence[str]:
    links = dict.fromkeys(url for url in rich_text.links_in(message.text) if _LINK.fullmatch(url))
    if not links:
        return []
    said = " ".join(_said_by_customer(message)).lower()
    return [url for url in links if _without_scheme(url) not in said][:MOST]


def _said_by_customer(message: Message) -> Sequence[str]:
    conversation = db.session.get_one(Conversation, message.conversation_id)
    latest = conversations.messages_after(conversation.id, max(0, message.seq - 500), limit=500)
    return [one.text for one in latest if one.sender is Sender.CUSTOMER]


def _without_scheme(url: str) -> str:
    return url.partition("://")[2].removeprefix("www.").rstrip("/").lower()


def _preview(url: str, *, allow_private: bool) -> Preview | None:
    with _lock:
        known = _kept.get(url)
    if known is not None and known[0] > time.monotonic():
        return known[1]
    if not _hands.acquire(blocking=False):
        return None
    try:
        preview = _fetched(url, allow_private=allow_private)
    finally:
        _hands.release()
    with _lock:
        _kept[url] = (time.monotonic() + (KEPT_FOR if preview else NOT_KEPT_FOR), preview)
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return preview


def _fetched(url: str, *, allow_private: bool) -> Preview | None:
    try:
        answer = fetch(url, headers={"Accept": "text/html"}, limits=_LIMITS, allow_private=allow_private)
    except OutgoingError as error:
        log.info("link_not_previewed", error=type(error).__name__)
        return None
    is_page = answer.headers.get("content-type", "").partition(";")[0].strip().lower() == "text/html"
    if answer.status != 200 or not is_page:
        return None
    page = _Page()
    page.feed(html_to_read(answer.body))
    title = clean_line(page.told.get("og:title") or page.title)[:120]
    summary = clean_line(page.told.get("og:description") or page.told.get("description", ""))[:200]
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return Preview(url, host, title, summary) if title else None


class _Page(HTMLParser):
    """Reads the head of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.title = ""
        self.told: dict[str, str] = {}
        self._is_in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._is_in_title = tag == "title" and not self.title
        name = (given.get("property") or given.get("name") or "").lower()
        if tag == "meta" and name in ("og:title", "og:description", "description"):
            self.told.setdefault(name, (given.get("content") or "")[:2_000])

    def handle_endtag(self, _tag: str) -> None:
        self._is_in_title = False

    def handle_data(self, data: str) -> None:
        if self._is_in_title and len(self.title) < 2_000:
            self.title += data


def find(conversation: Conversation, message_id: object) -> Message | None:
    """A message of this conversation, or None."""
    return db.session.scalar(
        select(Message).where(Message.id == message_id, Message.conversation_id == conversation.id)
    )
