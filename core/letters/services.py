"""Mails as the services hand them in that take mail in for others, and as they are written (RFC 5322)."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import Any

from core.errors import Invalid
from core.letters.arrived import (
    LONGEST_FIELD,
    MOST_FIELDS,
    MOST_FILES,
    MOST_TEXT,
    Arrived,
    SentFile,
    addresses_in,
    by_name,
    has_failed,
)

_RECIPIENTS = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to")
_ADDRESSES = frozenset({"from", "sender", "reply-to", *_RECIPIENTS})
_MOST_BOUNDARIES = 5_000
_UNREADABLE = "This is no mail as this service sends it."


def from_postmark(content: object) -> Arrived:
    """Of the JSON of Postmark's inbound webhook.

    Raises:
        Invalid: when it is something else.
    """
    if not isinstance(content, dict) or "From" not in content:
        raise Invalid(_UNREADABLE)
    pairs = [(one.get("Name", ""), one.get("Value", "")) for one in _dicts(content.get("Headers"))]
    headers = by_name([*pairs, ("From", content["From"])])
    if any(name.strip().lower() == "from" for name, _content in pairs if isinstance(name, str)):
        # Once among the fields, where the service tells them all.
        headers["from"] = headers["from"][:-1]
    to = [str(one.get("Email", "")) for name in ("ToFull", "CcFull", "BccFull") for one in _dicts(content.get(name))]
    files = [
        SentFile(str(one.get("Name", "")), _decoded(one.get("Content")))
        for one in _dicts(content.get("Attachments"))
        if not one.get("ContentID")
    ]
    return Arrived(
        headers,
        [str(content.get("OriginalRecipient", "")), *to],
        str(content.get("TextBody") or "")[:MOST_TEXT],
        str(content.get("HtmlBody") or ""),
        files[:MOST_FILES],
        is_forged=has_failed(headers),
    )


def from_mailgun(form: Mapping[str, str], files: Mapping[str, SentFile]) -> Arrived:
    """Of the form that a route of Mailgun sends.

    Raises:
        Invalid: when it is something else.
    """
    if "recipient" not in form or "message-headers" not in form:
        raise Invalid(_UNREADABLE)
    found = _json(form["message-headers"])
    pairs = [(one[0], one[1]) for one in found if isinstance(one, list) and len(one) == 2] if found else []
    headers = by_name(pairs)
    inline = _json(form.get("content-id-map", "")) or {}
    shown = set(inline.values()) if isinstance(inline, dict) else set()
    return Arrived(
        headers,
        [form["recipient"], *addresses_in(headers, *_RECIPIENTS)],
        form.get("body-plain", "")[:MOST_TEXT],
        form.get("body-html", ""),
        [file for name, file in files.items() if name not in shown][:MOST_FILES],
        is_forged=has_failed(headers),
    )


def from_sendgrid(form: Mapping[str, str], files: Mapping[str, SentFile]) -> Arrived:
    """Of the form of SendGrid's Inbound Parse, with the whole mail in it or in its parts.

    Raises:
        Invalid: when it is something else.
    """
    envelope = _json(form.get("envelope", "")) or {}
    to = [str(one) for one in envelope.get("to", [])] if isinstance(envelope, dict) else []
    if "email" in form:
        whole = from_raw(form["email"].encode("utf-8", "surrogateescape"))
        return Arrived(whole.headers, [*to, *whole.recipients], whole.text, whole.html, whole.files, whole.is_forged)
    if "headers" not in form:
        raise Invalid(_UNREADABLE)
    headers = by_name(_read(form["headers"].encode("utf-8", "replace")).items())
    told = _json(form.get("attachment-info", "")) or {}
    shown = {name for name, one in told.items() if isinstance(one, dict) and one.get("content-id")}
    return Arrived(
        headers,
        [*to, *addresses_in(headers, *_RECIPIENTS)],
        form.get("text", "")[:MOST_TEXT],
        form.get("html", ""),
        [file for name, file in files.items() if name not in shown][:MOST_FILES],
        is_forged=has_failed(headers) or form.get("SPF", "").strip().lower() == "fail",
    )


def from_raw(content: bytes) -> Arrived:
    """Of a mail as it was written.

    Raises:
        Invalid: when it was made to keep its readers busy: of thousands of parts, or nested without an end.
    """
    if content.count(b"\n--") > _MOST_BOUNDARIES:
        raise Invalid(_UNREADABLE)
    try:
        return _arrived(_read(content))
    except RecursionError:
        raise Invalid(_UNREADABLE) from None


def _arrived(mail: Any) -> Arrived:
    headers = by_name(mail.items())
    texts: dict[str, str] = {"plain": "", "html": ""}
    files: list[SentFile] = []
    for part in _parts(mail):
        kind = part.get_content_subtype()
        if part.get_content_maintype() == "text" and not _is_attached(part) and not texts.get(kind, "-"):
            texts[kind] = _words_of(part)
        elif _is_attached(part) and len(files) < MOST_FILES:
            files.append(SentFile(part.get_filename() or "", part.get_payload(decode=True) or b""))
    return Arrived(
        headers,
        addresses_in(headers, *_RECIPIENTS),
        texts["plain"][:MOST_TEXT],
        texts["html"],
        files,
        is_forged=has_failed(headers),
    )


def _read(content: bytes) -> Any:
    # The older policy takes what is broken as it is; the newer one raises at some of it.
    return message_from_bytes(content, policy=policy.compat32, _class=_Mail)


class _Mail(EmailMessage):
    """Fields that cannot be read are text all the same."""

    def items(self) -> list[tuple[str, str]]:
        return [(name, _field(name, str(content)[:LONGEST_FIELD])) for name, content in super().items()[:MOST_FIELDS]]


def _field(name: str, content: str) -> str:
    # What an address is encoded as is no address, to whoever has looked whether the mail comes from there.
    return content if name.lower() in _ADDRESSES else _plain(content)


def _plain(content: object) -> str:
    try:
        return str(make_header(decode_header(str(content))))
    except (UnicodeError, LookupError, ValueError):
        return str(content)


def _parts(mail: Any) -> Sequence[Any]:
    found = []
    for part in mail.walk():
        if not part.is_multipart():
            found.append(part)
        if len(found) >= 50:
            break
    return found


def _is_attached(part: Any) -> bool:
    return _plain(part.get("content-disposition", "")).strip().lower().startswith("attachment")


def _words_of(part: Any) -> str:
    content = part.get_payload(decode=True) or b""
    try:
        return str(content.decode(part.get_content_charset("utf-8"), "replace"))
    except (LookupError, ValueError):
        # No such encoding, or none that texts are written in.
        return str(content.decode("utf-8", "replace"))


def _dicts(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value[:300] if isinstance(one, dict)] if isinstance(value, list) else []


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _decoded(content: object) -> bytes:
    try:
        return base64.b64decode(str(content))
    except (binascii.Error, ValueError):
        return b""
