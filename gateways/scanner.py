"""Asks a virus scanner whether a file is clean: clamd's INSTREAM over TCP (clamd(8))."""

import socket
import struct
from contextlib import suppress
from urllib.parse import urlsplit

_PIECE = 64 * 1024
_LONGEST_ANSWER = 4_096
_DEFAULT_PORT = 3310


class ScannerUnavailable(Exception):
    """The scanner did not say whether the file is clean."""


class Scanner:
    """One clamd. Each file has a connection of its own, so that nothing of one is taken for another's."""

    def __init__(self, host: str, port: int, *, seconds: float = 20.0) -> None:
        self._host = host
        self._port = port
        self._seconds = seconds

    def finding(self, content: bytes) -> str | None:
        """What is wrong with a file, by the scanner's name for it; None when nothing is.

        It is slow: call it outside a transaction.

        Raises:
            ScannerUnavailable: when it cannot be reached, takes too long, or gives an answer that is none. Then nobody
                knows, and the file must not be taken.
        """
        try:
            with socket.create_connection((self._host, self._port), timeout=self._seconds) as connection:
                _send(connection, content)
                answer = _answer(connection)
        except (OSError, ValueError) as error:
            raise ScannerUnavailable(type(error).__name__) from error
        return _read(answer)


def _send(connection: socket.socket, content: bytes) -> None:
    connection.sendall(b"zINSTREAM\0")
    # A scanner that has seen enough answers and hangs up in the middle; its answer is still to be read.
    with suppress(BrokenPipeError, ConnectionResetError):
        for first in range(0, len(content), _PIECE):
            piece = content[first : first + _PIECE]
            connection.sendall(struct.pack("!L", len(piece)) + piece)
        connection.sendall(struct.pack("!L", 0))


def _answer(connection: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
        piece = connection.recv(_LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _read(answer: str) -> str | None:
    if answer == "stream: OK":
        return None
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")[:200]
    raise ScannerUnavailable(answer[:200] or "no answer")


def open_scanner(url: str) -> Scanner | None:
    """The scanner for these settings, such as `clamd://127.0.0.1:3310`; None when the address is empty.

    Raises:
        ValueError: when the address names no host, or no port that there can be.
    """
    if not url:
        return None
    parts = urlsplit(url)
    if not parts.hostname:
        raise ValueError("SCANNER_URL names no host.")
    return Scanner(parts.hostname, parts.port or _DEFAULT_PORT)


_scanner: Scanner | None = None


def use_scanner(scanner: Scanner | None) -> None:
    """Make this the process's scanner; None when files are not scanned."""
    global _scanner  # noqa: PLW0603 - one scanner a process is the point
    _scanner = scanner


def current_scanner() -> Scanner | None:
    """The process's scanner, or None where the operator has none."""
    return _scanner
