"""Fetch one address, with limits on time, size and redirects."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import httpx2

from gateways.outgoing.addresses import check_url
from gateways.outgoing.refusals import OutgoingFailed, OutgoingRefused
from gateways.outgoing.transport import GuardedTransport, Resolver, resolve

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# What may be told to another website than the one that was asked; keys and signatures may not.
_HARMLESS_HEADERS = frozenset({"accept", "accept-language", "user-agent"})
# What says where a request goes and where it ends is ours to say: a caller may pass on what a user wrote.
_OUR_HEADERS = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "accept-encoding"}
)
# Header fields, interim answers and the lines between chunks may take as much again as the content, and a little more.
_OVERHEAD = 256 * 1024


@dataclass(frozen=True)
class Limits:
    """How much one fetch may take: time over all hops, bytes after unpacking, hops."""

    seconds: float = 15.0
    connect_seconds: float = 5.0
    bytes: int = 5 * 1024 * 1024
    redirects: int = 5


@dataclass(frozen=True)
class Response:
    """An answer with its whole body; `url` is where it came from in the end."""

    status: int
    headers: httpx2.Headers
    body: bytes
    url: str


def fetch(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    limits: Limits | None = None,
    follows: bool = True,
    cuts: bool = False,
    allow_private: bool = False,
    resolver: Resolver = resolve,
) -> Response:
    """Fetch an address that a user may have steered.

    No cookies, no proxies and no credentials of the environment are used. Redirects are followed, each checked anew:
    never from https to http, never with a body to another website, and never with the caller's headers there.

    Args:
        url: http or https.
        headers: none of those that say where a request goes and ends, such as Host.
        follows: False hands a redirect back as it is.
        cuts: True takes the beginning of an answer that is too large, or packed as nobody asked for: its status tells.
        method: for a redirect with 301, 302 or 303 it becomes GET, except for HEAD.
        allow_private: whether addresses of the own network and other ports than 80 and 443 are allowed.
        resolver: how names are looked up.
    Returns:
        the answer, whatever its status.
    Raises:
        OutgoingRefused: the address, or one it redirects to, must not be fetched.
        OutgoingFailed: no answer, too late, too large, or broken.
    """
    limits = limits or Limits()
    if any(name.lower() in _OUR_HEADERS for name in headers or ()):
        raise OutgoingRefused("One of these header fields cannot be set.")
    request = _Request(check_url(url, allow_private=allow_private), method.upper(), dict(headers or {}), body)
    transport = GuardedTransport(
        allow_private=allow_private,
        deadline=time.monotonic() + limits.seconds,
        most_bytes=2 * limits.bytes + _OVERHEAD,
        resolver=resolver,
    )
    with transport:
        for _ in range(limits.redirects + 1):
            response = _fetch_once(transport, request, limits, cuts=cuts)
            location = response.headers.get("location")
            if not follows or response.status not in _REDIRECTS or not location:
                return response
            request = request.redirected(response.status, location, allow_private=allow_private)
    raise OutgoingFailed("This address redirects too many times.")


@dataclass(frozen=True)
class _Request:
    url: httpx2.URL
    method: str
    headers: dict[str, str]
    body: bytes | None

    def redirected(self, status: int, location: str, *, allow_private: bool) -> "_Request":
        try:
            joined = self.url.join(location)
        except (httpx2.InvalidURL, ValueError) as error:
            raise OutgoingFailed("This address redirects to something that is no address.") from error
        url = check_url(joined, allow_private=allow_private)
        if self.url.scheme == "https" and url.scheme == "http":
            raise OutgoingRefused("This address redirects from https to http.")
        is_repeated = status in (307, 308) or self.method == "HEAD"
        method, body = (self.method, self.body) if is_repeated else ("GET", None)
        headers = {name: value for name, value in self.headers.items() if body or name.lower() != "content-type"}
        if not _same_website(url, self.url):
            if body:
                raise OutgoingRefused("This address passes what was sent to it on to another website.")
            headers = {name: value for name, value in headers.items() if name.lower() in _HARMLESS_HEADERS}
        return _Request(url, method, headers, body)


def _same_website(one: httpx2.URL, other: httpx2.URL) -> bool:
    return (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)


def _fetch_once(transport: GuardedTransport, request: _Request, limits: Limits, *, cuts: bool) -> Response:
    headers = httpx2.Headers({"User-Agent": "Porchlight", "Accept": "*/*", "Accept-Encoding": "gzip"})
    headers.update(request.headers)
    timeout = httpx2.Timeout(limits.seconds, connect=limits.connect_seconds)
    try:
        sent = httpx2.Request(
            request.method,
            request.url,
            headers=headers,
            content=request.body,
            extensions={"timeout": timeout.as_dict()},
        )
        received = transport.handle_request(sent)
        try:
            body = _beginning_of(received, limits.bytes) if cuts else _body_of(received, limits.bytes)
        finally:
            received.close()
    except httpx2.TimeoutException as error:
        raise OutgoingFailed("The answer took too long.") from error
    except (httpx2.HTTPError, httpx2.StreamError, ValueError) as error:
        raise OutgoingFailed("There was no usable answer from this address.") from error
    return Response(received.status_code, received.headers, body, str(request.url))


def _beginning_of(received: httpx2.Response, most: int) -> bytes:
    """What can be read of it as it came, up to a size; how it goes on is nobody's business."""
    pieces, size = [], 0
    if received.headers.get("content-encoding", "identity").strip().lower() not in ("identity", ""):
        return b""
    for piece in received.iter_raw():
        pieces.append(piece)
        size += len(piece)
        if size >= most:
            break
    return b"".join(pieces)[:most]


def _body_of(received: httpx2.Response, most: int) -> bytes:
    """Read and unpack piece by piece, so that a small packet cannot grow without end."""
    # Packed twice, or otherwise than we asked for, an answer can cost much time before any of its content shows.
    if received.headers.get("content-encoding", "identity").strip().lower() not in ("identity", "gzip", "x-gzip", ""):
        raise OutgoingFailed("The answer is packed in a way that was not asked for.")
    pieces, size = [], 0
    for piece in received.iter_bytes():
        size += len(piece)
        if size > most or received.num_bytes_downloaded > most:
            raise OutgoingFailed("The answer is too large.")
        pieces.append(piece)
    return b"".join(pieces)
