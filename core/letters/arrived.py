"""A mail as it came in, whichever way: what is known of it, and nothing that is believed yet."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import getaddresses

from core.signing import hash_secret

MOST_FILES = 5
MOST_TEXT = 200_000
MOST_FIELDS, LONGEST_FIELD = 300, 10_000
"""Of the fields above a mail."""
_LONGEST_ID = 255
_MAIL_ID = re.compile(r"<[!-;=?-~]{1,400}>")
_NAMED = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|[^"<>(),:;@])*<[^<>\s,"]+>""")
_MOST_REFERENCES = 20
_AUTOMATIC = ("auto-generated", "auto-replied", "auto-notified")
_BULK = ("bulk", "junk", "list", "auto_reply")
_ROBOTS = ("mailer-daemon", "postmaster", "no-reply", "noreply", "do-not-reply", "donotreply", "bounce", "bounces")
_MARKS = ("x-autoreply", "x-autorespond", "x-autoresponder", "list-id", "x-failed-recipients", "x-loop")


@dataclass(frozen=True)
class SentFile:
    """A file that came with a mail."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Arrived:
    """One mail."""

    headers: Mapping[str, Sequence[str]]
    """By their names in small letters."""
    recipients: Sequence[str]
    """All addresses that it may have been sent to, those of the envelope among them."""
    text: str
    html: str
    files: Sequence[SentFile] = ()
    is_forged: bool = False
    """Whether whoever took it in has found that it does not come from where it says (SPF, DKIM, DMARC)."""

    @property
    def sender(self) -> str:
        """The address that it claims to come from; empty when it claims none, or several."""
        found = _addresses(list(self.headers.get("from", ()))[:1])
        return found[0].strip().lower() if len(found) == 1 else ""

    @property
    def names_its_sender_plainly(self) -> bool:
        """Whether every program reads the same sender in it: the one whose server was looked at among them."""
        fields = self.headers.get("from", ())
        if len(fields) != 1 or not self.sender:
            return False
        content = fields[0].strip().lower()
        # Before the address stands a name at the most; no second one in brackets, nothing behind it.
        return content == self.sender or (
            content.endswith(f"<{self.sender}>") and _NAMED.fullmatch(content) is not None
        )

    @property
    def mail_id(self) -> str:
        """Its Message-ID, shortened to a hash where it is long; one made of what it holds where it has none."""
        own = _ids(self.headers.get("message-id", ()))
        if own and len(own[0]) <= _LONGEST_ID:
            return own[0]
        return f"sha256:{hash_secret(own[0] if own else self.sender + self.text + self.html)}"

    @property
    def references(self) -> Sequence[str]:
        """The mails that it answers, the nearest first."""
        later, earlier = self.headers.get("in-reply-to", ()), self.headers.get("references", ())
        return list(dict.fromkeys([*_ids(later), *_ids(earlier)[::-1]]))[:_MOST_REFERENCES]

    @property
    def is_automatic(self) -> bool:
        """Whether a program wrote it: the notice of an absence, a failure to deliver, a newsletter (RFC 3834)."""
        said = self._first("auto-submitted").partition(";")[0].strip()
        return_path = self.headers.get("return-path")
        content = self._first("content-type")
        return (
            said in _AUTOMATIC
            or self._first("precedence") in _BULK
            or self._first("x-auto-response-suppress") == "all"
            or any(name in self.headers for name in _MARKS)
            or (return_path is not None and return_path[0].strip() == "<>")
            or content.startswith("multipart/report")
            or self.sender.partition("@")[0] in _ROBOTS
        )

    def _first(self, name: str) -> str:
        found = self.headers.get(name, ())
        return found[0].strip().lower() if found else ""


def by_name(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """Header fields by their names in small letters."""
    found: dict[str, list[str]] = {}
    for name, content in pairs[:MOST_FIELDS]:
        found.setdefault(str(name).strip().lower(), []).append(str(content)[:LONGEST_FIELD])
    return found


def addresses_in(headers: Mapping[str, Sequence[str]], *names: str) -> list[str]:
    """The addresses of some header fields."""
    return _addresses([content for name in names for content in headers.get(name, ())])[:50]


def has_failed(headers: Mapping[str, Sequence[str]]) -> bool:
    """Whether the server that took a mail in has noted that it is forged (RFC 8601); the topmost note is its own."""
    notes = headers.get("authentication-results", ())
    return bool(notes) and re.search(r"\bdmarc=fail\b", notes[0], re.IGNORECASE) is not None


def _addresses(contents: Sequence[str]) -> list[str]:
    try:
        return [address for _name, address in getaddresses(contents) if address]
    except RecursionError:
        # Comments within comments, which no mail program writes.
        return []


def _ids(contents: Sequence[str]) -> list[str]:
    return [mail_id for content in contents for mail_id in _MAIL_ID.findall(content)]
