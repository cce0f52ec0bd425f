"""A virus scanner that speaks as clamd does, on this machine."""

import socketserver
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from gateways.scanner import Scanner

MARK = b"X5O!P%@AP"
"""The beginning of the antivirus makers' test file: enough to be found here, too little to be found elsewhere."""


class _Clamd(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        server: FakeClamd = self.server  # type: ignore[assignment]
        if server.silence:
            time.sleep(server.silence)
            return
        assert self._read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!L", self._read(4))[0]:
            content += self._read(size)
            if server.most is not None and len(content) > server.most:
                self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        server.seen.append(content)
        self.request.sendall(server.answer or (b"stream: Test FOUND\0" if MARK in content else b"stream: OK\0"))

    def _read(self, size: int) -> bytes:
        content = b""
        while len(content) < size:
            piece = self.request.recv(size - len(content))
            if not piece:
                raise ConnectionError
            content += piece
        return content


class FakeClamd(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Clamd)
        self.seen: list[bytes] = []
        self.answer: bytes | None = None
        self.most: int | None = None
        self.silence = 0.0

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that gave up is no news."""

    def scanner(self, *, seconds: float = 5.0) -> Scanner:
        return Scanner("127.0.0.1", self.server_address[1], seconds=seconds)


@contextmanager
def running_clamd() -> Iterator[FakeClamd]:
    with FakeClamd() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
