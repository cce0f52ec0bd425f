"""Mail out: SMTP, a folder of files, or the log, picked by MAIL_URL."""

from collections.abc import Mapping
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import structlog
from flask import current_app
from flask_mailman import EmailMultiAlternatives
from flask_mailman.backends.file import EmailBackend as Folder

log = structlog.get_logger()

RESERVED = (".example", ".invalid")
"""Names that nobody owns (RFC 2606): the demo shop's teammates live there, and mail to them would only bounce."""


def mail_config(url: str, *, sender: str, data_dir: Path) -> dict[str, Any]:
    """What flask-mailman needs for a MAIL_URL.

    Args:
        url: `smtp://user:password@host:587` (STARTTLS unless `?tls=off`), `smtps://…`, `file:` (a folder `mail` in the
            data folder), `console:`. Empty is `file:`, so that nothing that was mailed is lost.
        sender: the From line.
    """
    config: dict[str, Any] = {"MAIL_DEFAULT_SENDER": sender, "MAIL_TIMEOUT": 20}
    parts = urlsplit(url)
    if parts.scheme in ("smtp", "smtps"):
        is_implicit = parts.scheme == "smtps"
        options: Mapping[str, list[str]] = parse_qs(parts.query)
        return config | {
            "MAIL_BACKEND": "smtp",
            "MAIL_SERVER": parts.hostname or "localhost",
            "MAIL_PORT": parts.port or (465 if is_implicit else 587),
            "MAIL_USERNAME": unquote(parts.username) if parts.username else None,
            "MAIL_PASSWORD": unquote(parts.password) if parts.password else None,
            "MAIL_USE_SSL": is_implicit,
            "MAIL_USE_TLS": not is_implicit and options.get("tls") != ["off"],
        }
    if parts.scheme == "console":
        return config | {"MAIL_BACKEND": "console"}
    return config | {"MAIL_BACKEND": "file", "MAIL_FILE_PATH": str(data_dir / "mail")}


def send_mail(
    *,
    to: str,
    subject: str,
    text: str,
    html: str | None = None,
    sender_name: str = "",
    headers: Mapping[str, str] | None = None,
) -> None:
    """Send one mail now. It is slow: call it from a task.

    Args:
        sender_name: who it is from, in the place of the name in MAIL_FROM; the address stays.
        headers: further header fields, such as Reply-To.

    Raises:
        OSError, smtplib.SMTPException: when the server does not take it.
    """
    if to.lower().endswith(RESERVED) and current_app.config["MAIL_BACKEND"] == "smtp":
        return
    message = EmailMultiAlternatives(subject=subject, body=text, to=[to], headers=dict(headers or {}))
    if sender_name:
        _name, address = parseaddr(message.from_email)
        # Encoded, and in quotes where it needs them: what a name holds is its owner's business.
        message.extra_headers["From"] = str(Address(sender_name, addr_spec=address))
    if html is not None:
        message.attach_alternative(html, "text/html")
    message.send()
    if isinstance(message.connection, Folder):
        log.info("mail_written_to_a_folder", folder=message.connection.file_path, hint="Set MAIL_URL to send mails.")
