"""Copies of a chat for the customer: to keep, to print, or by mail to somebody who is not flooded by it."""

import hashlib
import hmac
import re
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from email_validator import EmailNotValidError, validate_email
from markupsafe import Markup

from core import attachments, conversations, networks, rich_text, widget_configs, widget_words
from core.errors import Conflict, Invalid, TooMany
from core.signing import derived_key
from gateways.counters import current_counters
from models.conversations import Conversation, Message, Sender
from models.customers import Standing, WidgetSession

MOST_MESSAGES = 2_000
DAY = 86_400

# To an address that the website has signed, and to any other: it may be anybody's.
_OF_A_SESSION = {True: 3, False: 1}
_TO_AN_ADDRESS = {True: 3, False: 1}
_FROM_A_NETWORK = {True: 20, False: 5}
_OF_A_WORKSPACE = 500
# What a mail program would make a link of, with and without its scheme.
_ADDRESSES = re.compile(r"(?:https?://|www\.)\S+|\b(?:[\w-]{1,63}\.){1,10}[a-z]{2,24}\b(?:[/?#:]\S*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """One message of a copy, in words."""

    who: str
    at: str
    text: str
    html: Markup
    """Safe by the contract of `rich_text`."""
    files: Sequence[str]
    sources: Sequence[str]


@dataclass(frozen=True)
class Transcript:
    """A conversation in the language in which it was held."""

    language: str
    is_right_to_left: bool
    title: str
    subtitle: str
    files_label: str
    sources_label: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class Recipient:
    """Whom a copy is mailed to."""

    address: str
    is_proven: bool
    """Whether the website has signed that it is the customer's; what is typed or told may be anybody's."""


def of(conversation: Conversation, *, zone: str, now: datetime, is_for_anybody: bool = False) -> Transcript:
    """The copy of a conversation.

    Args:
        zone: the time zone of the times, such as `Europe/Berlin`; UTC when it is none.
        is_for_anybody: whether it goes where it may not be wanted: then the links that the customer wrote are left out,
            so that a mail of ours cannot carry somebody's advertising.

    Raises:
        Conflict: when nobody has answered anything yet.
    """
    said = conversations.messages_after(conversation.id, 0, limit=MOST_MESSAGES)
    if not {Sender.AGENT, Sender.PERSON} & {message.sender for message in said}:
        raise Conflict("There is nothing to copy yet.", code="nothing_said")
    words = _Words(conversation, zone)
    return Transcript(
        language=words.language,
        is_right_to_left=widget_words.is_rtl(words.language),
        title=words.say("transcript_subject", name=words.name),
        subtitle=words.say("transcript_made", time=words.time(now), zone=words.zone.key),
        files_label=words.say("transcript_files"),
        sources_label=words.say("transcript_sources"),
        lines=[_line(message, words, is_for_anybody=is_for_anybody) for message in said],
    )


def as_text(transcript: Transcript) -> str:
    """A copy as plain text."""
    parts = [f"{transcript.title}\n{transcript.subtitle}"]
    for line in transcript.lines:
        rows = [f"{line.who}, {line.at}", line.text]
        if line.files:
            rows.append(f"{transcript.files_label}: {', '.join(line.files)}")
        if line.sources:
            rows.append(f"{transcript.sources_label}: {', '.join(line.sources)}")
        parts.append("\n".join(row for row in rows if row))
    return "\n\n".join(parts) + "\n"


def recipient(conversation: Conversation, typed: object) -> Recipient:
    """Whom a copy goes to: the address that was typed, or the customer's own when none was.

    Raises:
        Invalid: `email_invalid` when it is no address that a mail can go to.
    """
    wanted = typed.strip() if isinstance(typed, str) and typed.strip() else known_address(conversation)
    try:
        address = validate_email(wanted[:254], check_deliverability=False).normalized
    except EmailNotValidError:
        raise Invalid("This does not look like an e-mail address.", code="email_invalid") from None
    customer = conversation.customer
    is_own = address.casefold() == (customer.email or "").casefold()
    return Recipient(address, is_own and customer.standing is Standing.VERIFIED)


def check_mail(session: WidgetSession, to: Recipient, address: str) -> None:
    """Count a mail, and refuse it when there were enough: of this chat, to this address, from this network.

    Args:
        address: the internet address of who asks.

    Raises:
        TooMany: `rated_limited`, with the seconds to wait.
    """
    key = hmac.new(derived_key("transcripts"), to.address.casefold().encode(), hashlib.sha256).hexdigest()
    limits = (
        (_OF_A_SESSION[to.is_proven], ("session", session.conversation_id.hex, str(to.is_proven))),
        (_TO_AN_ADDRESS[to.is_proven], ("to", key)),
        (_FROM_A_NETWORK[to.is_proven], ("from", networks.counted(address), str(to.is_proven))),
        (_OF_A_WORKSPACE, ("workspace", session.workspace_id.hex)),
    )
    counters = current_counters()
    for most, subject in limits:
        if not counters.hit(most, DAY, "transcripts", *subject):
            wait = counters.wait(most, DAY, "transcripts", *subject)
            raise TooMany("A copy was mailed already. You can ask for another one tomorrow.", retry_after=wait)


def known_address(conversation: Conversation) -> str:
    """The customer's own address, for the form; empty when none is known."""
    return conversation.customer.email or (conversation.told or {}).get("email", {}).get("answer", "")


def why_mailed(conversation: Conversation) -> str:
    """What a mail says of who has asked for it, to somebody who may not have."""
    place = conversation.origin.partition("://")[2] or widget_configs.published(conversation.agent)[0].name
    return widget_words.say(conversation.language, "transcript_why", place=place)


class _Words:
    """What a copy needs of the language and the names of a conversation."""

    def __init__(self, conversation: Conversation, zone: str) -> None:
        config, _version = widget_configs.published(conversation.agent)
        self.language = conversation.language
        self.name = widget_configs.name_in(config, self.language)
        self.zone = _zone(zone)
        self._own = config.words

    def say(self, key: str, **values: object) -> str:
        return widget_words.say(self.language, key, own=self._own, **values)

    def time(self, moment: datetime) -> str:
        # The same in every language, and sorted as it happened (ISO 8601).
        return moment.astimezone(self.zone).strftime("%Y-%m-%d %H:%M")

    def who(self, message: Message) -> str:
        if message.sender is Sender.CUSTOMER:
            return self.say("you")
        if message.sender is Sender.SYSTEM:
            return self.say("notice")
        person = message.teammate.name if message.teammate else None
        return str(message.details.get("name") or person or self.name)


def _line(message: Message, words: _Words, *, is_for_anybody: bool) -> Line:
    is_customers = message.sender is Sender.CUSTOMER
    if is_customers:
        text = _ADDRESSES.sub("[…]", message.text) if is_for_anybody else message.text
        html = rich_text.plain_to_html(text)
    else:
        text, html = rich_text.to_text(message.text), rich_text.to_html(message.text)
    sources = [str(source["title"]) for source in message.details.get("sources", [])]
    names = [] if is_customers and is_for_anybody else attachments.names_in(message)
    safe = Markup(html)  # noqa: S704 - what `rich_text` made is safe by its contract
    return Line(words.who(message), words.time(message.created_at), text, safe, names, sources)


def _zone(name: str) -> zoneinfo.ZoneInfo:
    # Only a name of the list: anything else would be looked for among files.
    return zoneinfo.ZoneInfo(name if name in _zones() else "UTC")


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())
