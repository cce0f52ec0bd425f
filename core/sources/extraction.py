"""Has pages read in a process of its own: whatever a page does to the parsers, it does not do it to the server.

The child gets the bytes of a page and gives back what it says. It has no secrets, little memory and little time; when
it dies or takes too long, only that page is lost.
"""

import json
import os
import struct
import subprocess  # nosec B404
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO

from core.sources.pages_read import PageRead, read_page
from core.sources.sitemaps import Sitemap, read_sitemap, unpacked

SECONDS = 10.0
_MEMORY = 1024 * 1024 * 1024
# More than any page has to say, and little enough to be held in memory.
_LARGEST_REPLY = 16 * 1024 * 1024
_SIZE = struct.Struct(">I")
_ROOT = Path(__file__).resolve().parents[2]


class Unreadable(Exception):
    """A page that the parsers cannot deal with; the message says so in plain words."""


class Extractor:
    """A child process that reads one page after the other; it is started when it is needed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, body: bytes, address: str, media_type: str) -> PageRead | Sitemap:
        """Read what was fetched from an address.

        Raises:
            Unreadable: when it took too long or too much memory.
        """
        process = self._running()
        timer = threading.Timer(SECONDS, process.kill)
        timer.start()
        try:
            _send(process.stdin, json.dumps([address, media_type]).encode(), body)
            (reply,) = _receive(process.stdout, 1, largest=_LARGEST_REPLY)
            return _understood(reply)
        except (OSError, EOFError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
            self.close()
            raise Unreadable(
                "This page is made in a way that could not be read in the time and memory for it."
            ) from error
        finally:
            timer.cancel()

    def close(self) -> None:
        """End the child; the next page starts another."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with _ignoring(OSError):
                    pipe.close()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(  # nosec B603
                [sys.executable, "-m", "core.sources.extraction"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=_ROOT,
                # No secret of the server's, and no more threads than it is worth.
                env={"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "LANG": "C.UTF-8"},
            )
        return self._process


@contextmanager
def _ignoring(*kinds: type[Exception]) -> Iterator[None]:
    try:
        yield
    except kinds:
        return


def _send(pipe: IO[bytes] | None, *messages: bytes) -> None:
    if pipe is None:
        raise EOFError
    for message in messages:
        pipe.write(_SIZE.pack(len(message)) + message)
    pipe.flush()


def _receive(pipe: IO[bytes] | None, number: int, *, largest: int | None = None) -> list[bytes]:
    messages = []
    for _ in range(number):
        head = pipe.read(_SIZE.size) if pipe else b""
        if len(head) < _SIZE.size or pipe is None:
            raise EOFError
        (size,) = _SIZE.unpack(head)
        if largest is not None and size > largest:
            raise ValueError(f"A message of {size:,} bytes is larger than {largest:,}.")
        message = pipe.read(size)
        if len(message) < size:
            raise EOFError
        messages.append(message)
    return messages


def _understood(reply: bytes) -> PageRead | Sitemap:
    """What the child has found. It has read what a stranger wrote, so its word is looked at, too."""
    kind, found = json.loads(reply)
    if kind == "sitemap":
        return Sitemap(tuple(found["addresses"]), found["are_sitemaps"])
    if kind == "page":
        return PageRead(**{**found, "links": tuple(found["links"])})
    raise Unreadable("This page is broken in a way that could not be read.")


def _read(head: bytes, body: bytes) -> tuple[str, object]:
    address, media_type = json.loads(head)
    body = unpacked(body)
    try:
        sitemap = read_sitemap(body, address)
        if sitemap is not None:
            return "sitemap", asdict(sitemap)
        return "page", asdict(read_page(body, address, media_type))
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError, AssertionError):
        # Parsers fail in many ways at pages that were made for it.
        return "broken", None


def serve() -> None:
    """Read page after page for the process that started this one, until it ends."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Customers wait for the server, nobody waits for this.
    os.nice(10)
    while True:
        try:
            head, body = _receive(sys.stdin.buffer, 2)
        except EOFError:
            return
        _send(sys.stdout.buffer, json.dumps(_read(head, body)).encode())


if __name__ == "__main__":
    serve()
