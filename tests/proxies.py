"""A proxy between browsers and servers whose connections can be cut, as a tunnel or a lift cuts them."""

import contextlib
import select
import socket
import threading
from collections.abc import Iterator, Sequence
from itertools import count


class Proxy:
    """Forwards each connection to one of the servers in turn, to the next one where a server is gone."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports = ports
        self._turn = count()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._is_over = False
        self.is_down = False
        self.cuts = 0
        self._threads: list[threading.Thread] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def cut(self) -> None:
        """End every connection that is open now, in the middle of whatever it carries."""
        self.cuts += 1
        self._end_all()

    def carried_to(self, port: int) -> int:
        """How many connections to this server are open."""
        number = 0
        with self._lock:
            for one in self._open:
                # One that has just broken has no other end any more.
                with contextlib.suppress(OSError):
                    number += one.getpeername()[1] == port
        return number

    def serve(self) -> None:
        while not self._is_over:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._carry, args=(client,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self) -> None:
        self._is_over = True
        # Closing alone does not wake who waits in accept().
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._end_all()
        for thread in self._threads:
            thread.join(5)

    def _end_all(self) -> None:
        with self._lock:
            for one in self._open:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def _carry(self, client: socket.socket) -> None:
        with client:
            server = None if self.is_down else self._reach()
            if server is None:
                return
            with server:
                self._pump(client, server)

    def _reach(self) -> socket.socket | None:
        first = next(self._turn)
        for step in range(len(self._ports)):
            with contextlib.suppress(OSError):
                return socket.create_connection(("127.0.0.1", self._ports[(first + step) % len(self._ports)]), 5)
        return None

    def _pump(self, client: socket.socket, server: socket.socket) -> None:
        pair = {client, server}
        with self._lock:
            self._open |= pair
        try:
            with contextlib.suppress(OSError):
                while True:
                    for one in select.select([client, server], [], [])[0]:
                        content = one.recv(65_536)
                        if not content:
                            return
                        (server if one is client else client).sendall(content)
        finally:
            with self._lock:
                self._open -= pair


@contextlib.contextmanager
def proxy(*ports: int) -> Iterator[Proxy]:
    """A proxy before the servers on these ports, for as long as the block runs."""
    made = Proxy(ports)
    thread = threading.Thread(target=made.serve, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.close()
        thread.join(5)
