"""Reads answers in HTTP/1.1 off a connection. What comes is data: all of it has bounds."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import httpcore2

_READ_AT_ONCE = 64 * 1024
_LONGEST_HEAD = 64 * 1024
_LONGEST_SIZE = 1_000
_MOST_INTERIM = 5
_MOST_REST = 4
_REST_WITHIN = 0.02
_PLAIN_SIZE = re.compile(rb"([0-9a-fA-F]{1,8})\r\n")
_SIZE = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;.*)?")
_STATUS = re.compile(rb"HTTP/1\.([01]) ([1-5]\d\d)(?: .*)?")


@dataclass(frozen=True)
class Answer:
    """What came back: the head, and the content as it comes."""

    status: int
    headers: Mapping[str, str]
    """By their names in lower case; of several of one name, the last."""
    pieces: Iterator[bytes]


class Reading:
    """Reads one answer off a connection."""

    def __init__(self, stream: httpcore2.NetworkStream, seconds: float) -> None:
        self._stream = stream
        self._seconds = seconds
        self._buffer = b""
        self._pieces: Iterator[bytes] = iter(())
        self._may_stay = True
        self._has_ended = False

    def answer(self, *, is_head: bool) -> Answer:
        """The head of it, with the content as it comes.

        Raises:
            httpcore2.RemoteProtocolError: when it is none that can be read.
        """
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
            together = self._whole_chunks() if left == 0 else []
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

    def _whole_chunks(self) -> list[bytes]:
        """The chunks at the beginning of the buffer that have come whole, which nearly all have; the last one stays."""
        chunks, place, buffer = [], 0, self._buffer
        while (size := _PLAIN_SIZE.match(buffer, place)) is not None:
            end = size.end() + int(size[1], 16)
            if end == size.end() or buffer[end : end + 2] != b"\r\n":
                break
            chunks.append(buffer[size.end() : end])
            place = end + 2
        self._buffer = buffer[place:]
        return chunks

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
