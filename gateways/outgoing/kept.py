"""HTTP/1.1 spoken by hand over guarded connections that are kept open, for streams of which each word counts.

httpx2 and h11 take more processor time for one streamed answer than everything else that is done with it. Spoken is the
little that such an answer needs: no redirects, no cookies, no packing. What comes back is data: all of it has bounds.
"""

import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import httpcore2
import httpx2

from gateways.outgoing.addresses import check_url
from gateways.outgoing.transport import Deadline, GuardedNetwork, Resolver, resolve, trusted

_PORTS = {"http": 80, "https": 443}
_MOST_IDLE = 64
_IDLE_FOR = 60.0
_READ_AT_ONCE = 64 * 1024
_LONGEST_HEAD = 64 * 1024
_LONGEST_SIZE = 1_000
_MOST_INTERIM = 5
_MOST_REST = 4
_REST_WITHIN = 0.02
_SIZE = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;.*)?")
_STATUS = re.compile(rb"HTTP/1\.([01]) ([1-5]\d\d)(?: .*)?")
# Nothing may end a line of the head, or begin another one; and there are no other letters in it.
_FIELD = re.compile(r"[^\r\n\0\u0100-\U0010ffff]*")


@dataclass(frozen=True)
class Answer:
    """What came back: the head, and the content as it comes."""

    status: int
    headers: Mapping[str, str]
    """By their names in lower case; of several of one name, the last."""
    pieces: Iterator[bytes]


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
        reading = _Reading(stream, seconds)
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


class _Reading:
    """Reads one answer off a connection."""

    def __init__(self, stream: httpcore2.NetworkStream, seconds: float) -> None:
        self._stream = stream
        self._seconds = seconds
        self._buffer = b""
        self._pieces: Iterator[bytes] = iter(())
        self._may_stay = True
        self._has_ended = False

    def answer(self, *, is_head: bool) -> Answer:
        for _ in range(_MOST_INTERIM):
            status, headers = self._head()
            if status >= 200:
                break
        else:
            raise httpcore2.RemoteProtocolError("There are too many interim answers.")
        if headers.get("content-encoding", "identity").strip().lower() not in ("identity", ""):
            raise httpcore2.RemoteProtocolError("The answer is packed, which was not asked for.")
        self._pieces = self._content(headers, is_empty=is_head or status in (204, 304))
        return Answer(status, headers, self._pieces)

    def is_whole(self) -> bool:
        """Whether nothing of it is left on the connection, which may be used again then.

        Readers of a stream end at its last event: what closes the content has mostly come along with that.
        """
        self._seconds = _REST_WITHIN
        try:
            for _ in range(_MOST_REST):
                if self._has_ended or not (self._buffer or self._stream.get_extra_info("is_readable")):
                    break
                next(self._pieces, None)
        except (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.RemoteProtocolError):
            return False
        return self._has_ended and self._may_stay and not self._buffer

    def _more(self) -> bytes:
        return self._stream.read(_READ_AT_ONCE, self._seconds)

    def _fill(self) -> None:
        more = self._more()
        if not more:
            raise httpcore2.RemoteProtocolError("The answer broke off.")
        self._buffer += more

    def _head(self) -> tuple[int, dict[str, str]]:
        while (end := self._buffer.find(b"\r\n\r\n")) < 0:
            if len(self._buffer) > _LONGEST_HEAD:
                raise httpcore2.RemoteProtocolError("The head of the answer is too long.")
            self._fill()
        first, *fields = self._buffer[:end].split(b"\r\n")
        self._buffer = self._buffer[end + 4 :]
        status = _STATUS.fullmatch(first)
        if status is None:
            raise httpcore2.RemoteProtocolError("This is no answer in HTTP.")
        pairs = (field.decode("latin-1").partition(":") for field in fields)
        headers = {name.strip().lower(): text.strip() for name, _colon, text in pairs}
        closes = "close" in (one.strip().lower() for one in headers.get("connection", "").split(","))
        self._may_stay = status[1] == b"1" and not closes
        return int(status[2]), headers

    def _content(self, headers: Mapping[str, str], *, is_empty: bool) -> Iterator[bytes]:
        coding = headers.get("transfer-encoding", "").lower()
        length = headers.get("content-length", "")
        if is_empty:
            self._has_ended = True
        elif coding == "chunked":
            yield from self._chunks()
        elif coding or (length and not (length.isascii() and length.isdigit() and len(length) < 16)):
            raise httpcore2.RemoteProtocolError("Where the answer ends cannot be told.")
        elif length:
            yield from self._counted(int(length))
        else:
            self._may_stay = False
            yield from self._until_closed()

    def _counted(self, left: int) -> Iterator[bytes]:
        while left > 0:
            if not self._buffer:
                self._fill()
            piece, self._buffer = self._buffer[:left], self._buffer[left:]
            left -= len(piece)
            yield piece
        self._has_ended = True

    def _until_closed(self) -> Iterator[bytes]:
        if self._buffer:
            yield self._buffer
        self._buffer = b""
        while piece := self._more():
            yield piece
        self._has_ended = True

    def _chunks(self) -> Iterator[bytes]:
        """The content of all chunks that have come, together."""
        left = 0
        while not self._has_ended:
            together = []
            while self._buffer and not self._has_ended:
                if left > 0:
                    piece, self._buffer = self._buffer[:left], self._buffer[left:]
                    left -= len(piece)
                    together.append(piece)
                    # What is left then is the line break behind it.
                    left = left or -1
                    continue
                line = self._line()
                if line is None:
                    break
                left = self._size(line, left)
            if together:
                yield b"".join(together)
            if not self._has_ended:
                self._fill()

    def _line(self) -> bytes | None:
        line, ending, rest = self._buffer.partition(b"\r\n")
        if len(line) > _LONGEST_SIZE:
            raise httpcore2.RemoteProtocolError("A line between chunks is too long.")
        if not ending:
            return None
        self._buffer = rest
        return line

    def _size(self, line: bytes, left: int) -> int:
        if left < 0 and not line:
            return 0
        size = _SIZE.fullmatch(line) if left == 0 else None
        if size is None:
            raise httpcore2.RemoteProtocolError("The chunks of the answer do not fit together.")
        number = int(size[1], 16)
        if number == 0:
            self._read_trailer()
        return number

    def _read_trailer(self) -> None:
        read = 0
        while (line := self._line()) != b"":
            if line is None:
                self._fill()
            read += len(line or b"")
            if read > _LONGEST_HEAD:
                raise httpcore2.RemoteProtocolError("What follows the answer is too long.")
        self._has_ended = True
