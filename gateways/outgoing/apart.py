"""The guarded transport for libraries that know asyncio alone; they run apart from everything else."""

import asyncio
import socket
import time
from collections.abc import Iterable, Mapping
from typing import Any

import httpcore2
import httpx2

from gateways.outgoing.addresses import check_url
from gateways.outgoing.refusals import OutgoingError, OutgoingFailed, OutgoingRefused
from gateways.outgoing.transport import Resolver, allowed_addresses, resolve, trusted

_READ_AT_ONCE = 64 * 1024
_PORTS = {"http": 80, "https": 443}


class ApartTransport(httpx2.AsyncBaseTransport):
    """Speaks to one website, at the addresses that were found and checked when it was made.

    No redirect is followed, not even to the same website: whoever configured an address has read that one.

    Args:
        url: the only website that may be asked.
        allow_private: see `check_url` and `check_address`.
        seconds: after which everything ends.
        most_bytes: that all answers together may take.
        resolver: how names are looked up.

    Raises:
        OutgoingRefused: when the address must not be asked.
        OutgoingFailed: when its name is not found.
    """

    def __init__(
        self, url: str, *, allow_private: bool, seconds: float, most_bytes: int, resolver: Resolver = resolve
    ) -> None:
        self._url = check_url(url, allow_private=allow_private)
        port = self._url.port or _PORTS[self._url.scheme]
        self._seconds, deadline = seconds, time.monotonic() + seconds
        try:
            addresses = allowed_addresses(
                self._url.host, port, allow_private=allow_private, patience=seconds, resolver=resolver
            )
        except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
            raise OutgoingFailed("This website could not be found.") from error
        self.problem: OutgoingError | None = None
        """Why it broke off, which gets lost between the tasks of others."""
        self.status: int | None = None
        """Of the last answer."""
        self._inner = httpx2.AsyncHTTPTransport(verify=trusted(), trust_env=False)
        # httpx2 has no setting for this; without it the connection would look the name up again.
        self._inner._pool = httpcore2.AsyncConnectionPool(
            ssl_context=trusted(), network_backend=_PinnedNetwork(self, addresses, deadline, most_bytes)
        )

    def client(self, headers: Mapping[str, str]) -> httpx2.AsyncClient:
        """A client that goes this way alone, with these headers on each request."""
        seconds = self._seconds
        return httpx2.AsyncClient(transport=self, headers=dict(headers), trust_env=False, timeout=seconds)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request to the one website."""
        if _website(request.url) != _website(self._url):
            raise self.broken(OutgoingRefused("Only the address that was set up can be asked."))
        # Packed, a small answer could grow without end.
        request.headers["Accept-Encoding"] = "identity"
        response = await self._inner.handle_async_request(request)
        self.status = response.status_code
        refusal = _refusal(response)
        if refusal is not None:
            await response.aclose()
            raise self.broken(refusal)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()

    def broken(self, error: OutgoingError) -> httpx2.TransportError:
        """Remember why it broke off, in the words of an error that the library expects."""
        self.problem = self.problem or error
        return httpx2.TransportError(str(error))


def _website(url: httpx2.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _refusal(response: httpx2.Response) -> OutgoingError | None:
    if 300 <= response.status_code < 400:
        return OutgoingRefused("This address redirects. Enter the address that it leads to.")
    if response.headers.get("content-encoding", "identity").strip().lower() not in ("identity", ""):
        return OutgoingFailed("The answer is packed in a way that was not asked for.")
    return None


class _PinnedNetwork(httpcore2.AsyncNetworkBackend):
    """Connects to the checked addresses, whatever host is named: the certificate is still that of the host."""

    def __init__(self, owner: ApartTransport, addresses: list[str], deadline: float, most_bytes: int) -> None:
        self._owner = owner
        self._addresses = addresses
        self._deadline = deadline
        self._left = most_bytes

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to the first of the addresses that answers."""
        for address in self._addresses:
            try:
                async with asyncio.timeout(min(timeout or 5.0, self.seconds_left())):
                    reader, writer = await asyncio.open_connection(address, port, family=_family(address))
            except (OSError, TimeoutError):
                continue
            return _PinnedStream(self, reader, writer)
        self._owner.broken(OutgoingFailed("There was no answer from this address."))
        raise httpcore2.ConnectError("There was no answer from this address.")

    def seconds_left(self) -> float:
        """Until everything ends."""
        return max(self._deadline - time.monotonic(), 0.001)

    def too_slow(self) -> str:
        """Remember that it took too long, and say so."""
        return str(self._owner.broken(OutgoingFailed("The answer took too long.")))

    def take(self, size: int) -> None:
        """Count what arrives, on all connections together."""
        self._left -= size
        if self._left < 0:
            self._owner.broken(OutgoingFailed("The answer is too large."))
            raise httpcore2.ReadError("The answer is too large.")


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


class _PinnedStream(httpcore2.AsyncNetworkStream):
    def __init__(self, network: _PinnedNetwork, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._network = network
        self._reader = reader
        self._writer = writer

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            async with asyncio.timeout(self._seconds(timeout)):
                received = await self._reader.read(min(max_bytes, _READ_AT_ONCE))
        except TimeoutError as error:
            raise httpcore2.ReadTimeout(self._network.too_slow()) from error
        except OSError as error:
            raise httpcore2.ReadError("The connection broke off.") from error
        self._network.take(len(received))
        return received

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if not buffer:
            return
        try:
            async with asyncio.timeout(self._seconds(timeout)):
                self._writer.write(buffer)
                await self._writer.drain()
        except TimeoutError as error:
            raise httpcore2.WriteTimeout(self._network.too_slow()) from error
        except OSError as error:
            raise httpcore2.WriteError("The connection broke off.") from error

    async def aclose(self) -> None:
        self._writer.close()

    async def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.AsyncNetworkStream:
        """Go on encrypted."""
        try:
            async with asyncio.timeout(self._seconds(timeout)):
                await self._writer.start_tls(ssl_context, server_hostname=server_hostname)
        except (TimeoutError, OSError) as error:
            raise httpcore2.ConnectError("No encrypted connection came about.") from error
        return self

    def get_extra_info(self, info: str) -> Any:
        if info == "ssl_object":
            return self._writer.get_extra_info("ssl_object")
        if info == "is_readable":
            return self._reader.at_eof()
        return None

    def _seconds(self, timeout: float | None) -> float:
        left = self._network.seconds_left()
        return left if timeout is None else min(timeout, left)
