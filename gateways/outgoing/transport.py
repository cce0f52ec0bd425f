"""A transport for httpx2 that resolves once, checks, and connects to what it checked."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import httpcore2
import httpx2

from gateways.outgoing.addresses import check_address, check_url

Resolver = Callable[[str, int], list[str]]
Deadline = float | Callable[[], float | None] | None
_LONGEST_LOOKUP = 10.0
_MOST_ADDRESSES = 4
_WRITTEN_AT_ONCE = 16 * 1024
_USUAL = httpx2.Limits(max_connections=10)


def resolve(host: str, port: int) -> list[str]:
    """Look a name up with the operating system; returns its addresses in the order to try them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedTransport(httpx2.HTTPTransport):
    """Lets an httpx2 client speak to the public internet only.

    Every request, each hop of a redirect included, is checked by its URL; every connection by its address. Give it to
    clients of other libraries too: `httpx2.Client(transport=GuardedTransport(), trust_env=False)`.

    Args:
        allow_private: see `check_url` and `check_address`.
        deadline: moment on `time.monotonic()` at which everything ends, however slowly an answer trickles in; where a
            transport is kept for many requests, a function that tells that of the one being made in this thread.
        most_bytes: how much one connection may receive, with everything that is no content: header fields,
            interim answers, the lines between chunks.
        resolver: how names are looked up.
        limits: how many connections are open at once.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        deadline: Deadline = None,
        most_bytes: int | None = None,
        resolver: Resolver = resolve,
        limits: httpx2.Limits = _USUAL,
    ) -> None:
        super().__init__(verify=trusted(), trust_env=False)
        self._allow_private = allow_private
        # httpx2 has no setting for this; without it the connection would look the name up again.
        self._pool = httpcore2.ConnectionPool(
            ssl_context=trusted(),
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=GuardedNetwork(allow_private, deadline, most_bytes, resolver),
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request, unless its URL is refused."""
        check_url(request.url, allow_private=self._allow_private)
        return super().handle_request(request)


def allowed_addresses(
    host: str,
    port: int,
    *,
    allow_private: bool = False,
    patience: float | None = _LONGEST_LOOKUP,
    resolver: Resolver = resolve,
) -> list[str]:
    """The addresses of a host in the order to try them.

    Args:
        patience: seconds that looking the name up may take.

    Raises:
        OutgoingRefused: when one of them must not be spoken to.
        httpcore2.ConnectError: when there is none.
        httpcore2.ConnectTimeout: when looking it up takes too long.
    """
    addresses = _looked_up(host.strip("[]"), port, patience, resolver)
    # One private address among public ones is how a name is rebound between two looks at it.
    for address in addresses:
        check_address(address, allow_private=allow_private)
    return addresses[:_MOST_ADDRESSES]


def _looked_up(host: str, port: int, patience: float | None, resolver: Resolver) -> list[str]:
    """Look the name up in a thread, because the operating system knows no time limit for it."""
    found: list[list[str]] = []
    failures: list[Exception] = []

    def look_up() -> None:
        try:
            found.append(resolver(host, port))
        except (OSError, UnicodeError) as error:
            failures.append(error)

    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(patience)
    if failures:
        raise httpcore2.ConnectError("This name could not be found.") from failures[0]
    if not found:
        raise httpcore2.ConnectTimeout("Looking this name up took too long.")
    return found[0]


@cache
def trusted() -> ssl.SSLContext:
    """The certificates of the operating system, whatever the environment says."""
    return httpx2.create_ssl_context(trust_env=False)


class GuardedNetwork(httpcore2.NetworkBackend):
    """Opens connections to addresses that may be spoken to; the arguments are those of `GuardedTransport`."""

    def __init__(self, allow_private: bool, deadline: Deadline, most_bytes: int | None, resolver: Resolver) -> None:
        self._allow_private = allow_private
        self._deadline = deadline
        self._most_bytes = most_bytes
        self._resolver = resolver
        self._network = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to an address of the host, if all of its addresses are allowed."""
        failure: Exception = httpcore2.ConnectError("This name leads to no address.")
        patience = _left(self._deadline, min(timeout or _LONGEST_LOOKUP, _LONGEST_LOOKUP))
        for address in allowed_addresses(
            host, port, allow_private=self._allow_private, patience=patience, resolver=self._resolver
        ):
            try:
                stream = self._network.connect_tcp(
                    address, port, _left(self._deadline, timeout), local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _BoundedStream(stream, self._deadline, self._most_bytes)
        raise failure


class _BoundedStream(httpcore2.NetworkStream):
    """A connection on which nothing goes on after the deadline, not even byte by byte, and nothing without end."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline, most_bytes: int | None) -> None:
        self._stream = stream
        self._deadline = deadline
        self._most_bytes = most_bytes
        self._received = 0

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        received = self._stream.read(max_bytes, _left(self._deadline, timeout))
        self._received += len(received)
        if self._most_bytes is not None and self._received > self._most_bytes:
            raise httpcore2.ReadError("The answer is too large.")
        return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # Whoever takes it in small sips would otherwise get the whole time anew for each of them.
        for start in range(0, len(buffer), _WRITTEN_AT_ONCE):
            piece = buffer[start : start + _WRITTEN_AT_ONCE]
            self._stream.write(piece, _left(self._deadline, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline, timeout))
        return _BoundedStream(secured, self._deadline, self._most_bytes)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: Deadline, timeout: float | None) -> float | None:
    ends_at = deadline() if callable(deadline) else deadline
    if ends_at is None:
        return timeout
    left = ends_at - time.monotonic()
    if left <= 0:
        raise httpcore2.ReadTimeout("The answer took too long.")
    return left if timeout is None else min(left, timeout)
