"""Reads a mailbox by IMAP over TLS from a host that a user names: through the guard on addresses, within bounds."""

import contextlib
import imaplib
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpcore2

from gateways.outgoing.transport import Resolver, allowed_addresses, resolve, trusted

PORT = 993
MOST_AT_ONCE = 20
MOST_BYTES = 20 * 1024 * 1024
"""Of one mail; a larger one is passed over."""
_MOST_OF_ANSWER = MOST_BYTES + 1024 * 1024
_PATIENCE = 15.0
_LONGEST = 90.0
"""Seconds for all of it, however slowly the server answers."""
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class ImapFailed(Exception):
    """The mailbox could not be read; the message says why in plain words."""


@dataclass(frozen=True)
class Account:
    """Where a mailbox is, and who may read it."""

    host: str
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    port: int = PORT


@dataclass(frozen=True)
class Place:
    """How far a folder was read: the numbers of its mails hold as long as its validity does."""

    validity: int = 0
    last: int = 0


@dataclass(frozen=True)
class Found:
    """A mail, with where the next reading begins when this one is done."""

    place: Place
    content: bytes | None = field(repr=False)
    """None when it is too large."""


def new_mails(
    account: Account,
    since: Place,
    *,
    allow_private: bool = False,
    context: ssl.SSLContext | None = None,
    resolver: Resolver = resolve,
) -> Iterator[Found]:
    """The mails that came after a place, the oldest first; none of those that lay there at the first reading.

    Nothing in the mailbox is changed, not even that a mail was read.

    Args:
        allow_private: whether hosts of the own network, and other ports, are allowed.
        context: the certificates to trust; those of the operating system when left out.

    Raises:
        ImapFailed: as soon as something is wrong.
        OutgoingRefused: when the host must not be spoken to.
    """
    if account.port != PORT and not allow_private:
        raise ImapFailed(f"Only the usual port of IMAP over TLS, {PORT}, can be used.")
    try:
        with _Connection(account, allow_private, context or trusted(), resolver) as server:
            yield from _read(server, account, since)
    except (imaplib.IMAP4.error, OSError, ValueError, httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
        raise ImapFailed(_words_of(error)) from error


def _read(server: "_Connection", account: Account, since: Place) -> Iterator[Found]:
    server.login(account.user, account.password)
    quoted = account.folder.replace("\\", "\\\\").replace('"', '\\"')
    status, _count = server.select(f'"{quoted}"', readonly=True)
    if status != "OK":
        raise ImapFailed("There is no such folder in this mailbox.")
    validity = _number(server, "UIDVALIDITY")
    if validity != since.validity:
        # The first time, or the server has numbered everything anew: what lies there is not new.
        yield Found(Place(validity, max(0, _number(server, "UIDNEXT") - 1)), None)
        return
    _status, found = server.uid("SEARCH", "UID", f"{since.last + 1}:*")
    numbers = sorted({int(one) for one in (found[0] or b"").split() if int(one) > since.last})
    for number in numbers[:MOST_AT_ONCE]:
        yield Found(Place(validity, number), _content(server, number))


def _content(server: "_Connection", number: int) -> bytes | None:
    _status, told = server.uid("FETCH", str(number), "(RFC822.SIZE)")
    size = _SIZE.search(told[0]) if told and isinstance(told[0], bytes) else None
    if size is None or int(size[1]) > MOST_BYTES:
        return None
    _status, parts = server.uid("FETCH", str(number), "(BODY.PEEK[])")
    return next((bytes(part[1]) for part in parts if isinstance(part, tuple)), None)


def _number(server: "_Connection", name: str) -> int:
    _status, found = server.response(name)
    if not found or found[0] is None:
        raise ImapFailed("This server does not number its mails.")
    return int(found[0])


def _words_of(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return "The server could not prove who it is."
    if isinstance(error, imaplib.IMAP4.abort | OSError | httpcore2.ConnectError | httpcore2.ConnectTimeout):
        return "The server could not be reached, or ended the connection."
    return "The server did not let us in, or answered something that is no IMAP. Check user and password."


class _Connection(imaplib.IMAP4_SSL):
    """Connects to the address that was checked, and ends after so long whatever happens."""

    def __init__(self, account: Account, allow_private: bool, context: ssl.SSLContext, resolver: Resolver) -> None:
        self._allow_private, self._resolver = allow_private, resolver
        self._clock: threading.Timer | None = None
        super().__init__(account.host, account.port, ssl_context=context, timeout=_PATIENCE)

    def _create_socket(self, timeout: float | None) -> ssl.SSLSocket:
        addresses = allowed_addresses(self.host, self.port, allow_private=self._allow_private, resolver=self._resolver)
        with contextlib.ExitStack() as undo:
            plain = undo.enter_context(socket.create_connection((addresses[0], self.port), timeout))
            secured: ssl.SSLSocket = self.ssl_context.wrap_socket(plain, server_hostname=self.host)
            undo.pop_all()
        self._clock = threading.Timer(_LONGEST, _end, [secured])
        self._clock.daemon = True
        self._clock.start()
        return secured

    def read(self, size: int) -> bytes:
        if size > _MOST_OF_ANSWER:
            raise self.abort("The answer is too large.")
        return super().read(size)

    def shutdown(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
        super().shutdown()


def _end(secured: ssl.SSLSocket) -> None:
    # It may be over already.
    with contextlib.suppress(OSError):
        secured.shutdown(socket.SHUT_RDWR)
