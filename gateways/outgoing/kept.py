"""HTTP/1.1 spoken by hand over guarded connections that are kept open, for streams of which each word counts.

httpx2 and h11 take more processor time for one streamed answer than everything else that is done with it. Spoken is the
little that such an answer needs: no redirects, no cookies, no packing.
"""

import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import httpcore2
import httpx2

from gateways.outgoing.addresses import check_url
from gateways.outgoing.reading import Answer, Reading
from gateways.outgoing.transport import Deadline, GuardedNetwork, Resolver, resolve, trusted

_PORTS = {"http": 80, "https": 443}
_MOST_IDLE = 64
_IDLE_FOR = 60.0
# Nothing may end a line of the head, or begin another one; and there are no other letters in it.
_FIELD = re.compile(r"[^\r\n\0\u0100-\U0010ffff]*")


class KeptConnections:
    """Asks one website again and again; threads may do so at once, each over a connection of its own.

    Args:
        url: any address of the website.
        allow_private: see `check_url` and `check_address`.
        deadline: as of `GuardedTransport`.
        resolver: how names are looked up.

    Raises:
        OutgoingRefused: when it must not be asked.
    """

    def __init__(
        self, url: str, *, allow_private: bool, deadline: Deadline = None, resolver: Resolver = resolve
    ) -> None:
        self._url = check_url(url, allow_private=allow_private)
        self._network = GuardedNetwork(allow_private, deadline, None, resolver)
        self._idle: deque[tuple[float, httpcore2.NetworkStream]] = deque()
        self._lock = threading.Lock()

    @contextmanager
    def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        body: bytes = b"",
        connect_seconds: float,
        seconds: float,
        sent: Callable[[], None] = lambda: None,
    ) -> Iterator[Answer]:
        """Send one request, and give its answer for as long as the block runs.

        Args:
            path: what stands behind the host, with its query.
            connect_seconds: until there is a connection.
            seconds: between two pieces of the answer.
            sent: called when all of the request is on its way.

        Raises:
            OutgoingRefused: when the name leads to an address that must not be spoken to.
            httpcore2.TimeoutException: when it takes too long.
            httpcore2.NetworkError: when there is no connection, or it breaks.
            httpcore2.RemoteProtocolError: when the answer is none that can be read.
        """
        stream = self._connection(connect_seconds)
        reading = Reading(stream, seconds)
        try:
            stream.write(self._head(method, path, headers, len(body)) + body, seconds)
            sent()
            yield reading.answer(is_head=method == "HEAD")
        except BaseException:
            stream.close()
            raise
        if reading.is_whole():
            self._keep(stream)
        else:
            stream.close()

    def close(self) -> None:
        """Close what nobody uses at the moment."""
        with self._lock:
            while self._idle:
                self._idle.pop()[1].close()

    def _connection(self, seconds: float) -> httpcore2.NetworkStream:
        while (kept := self._last_kept()) is not None:
            since, stream = kept
            # Where there is something to read that nobody asked for, the other side has closed it.
            if time.monotonic() - since < _IDLE_FOR and not stream.get_extra_info("is_readable"):
                return stream
            stream.close()
        host = self._url.raw_host.decode("ascii")
        stream = self._network.connect_tcp(host, self._url.port or _PORTS[self._url.scheme], seconds)
        return stream if self._url.scheme == "http" else _secured(stream, host, seconds)

    def _last_kept(self) -> tuple[float, httpcore2.NetworkStream] | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _keep(self, stream: httpcore2.NetworkStream) -> None:
        now = time.monotonic()
        unneeded = []
        with self._lock:
            self._idle.append((now, stream))
            # The last one is taken first: after a rush, nobody would come upon the others again.
            while len(self._idle) > _MOST_IDLE or now - self._idle[0][0] >= _IDLE_FOR:
                unneeded.append(self._idle.popleft()[1])
        for one in unneeded:
            one.close()

    def _head(self, method: str, path: str, headers: Mapping[str, str], length: int) -> bytes:
        fields = {
            "Host": self._url.netloc.decode("ascii"),
            "User-Agent": "Porchlight",
            # Packed, a small answer could grow without end.
            "Accept-Encoding": "identity",
            **({"Content-Length": str(length)} if length else {}),
            **headers,
        }
        if not all(_FIELD.fullmatch(text) for text in (method, path, *fields, *fields.values())):
            raise httpcore2.LocalProtocolError("A header field cannot have several lines, nor letters of every kind.")
        lines = "".join(f"{name}: {text}\r\n" for name, text in fields.items())
        return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode("latin-1")


def path_of(url: str) -> str:
    """What stands behind the host of an address, as it is sent."""
    return httpx2.URL(url).raw_path.decode("ascii")


def _secured(stream: httpcore2.NetworkStream, host: str, seconds: float) -> httpcore2.NetworkStream:
    context = trusted()
    context.set_alpn_protocols(["http/1.1"])
    try:
        return stream.start_tls(context, host.strip("[]"), seconds)
    except BaseException:
        stream.close()
        raise
