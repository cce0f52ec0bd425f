"""What may be taken: its kind, what a scanner says of it, and what is stored of it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from core import images
from core.errors import Invalid, Unavailable
from core.file_kinds import Kind
from gateways.scanner import ScannerUnavailable, current_scanner

log = structlog.get_logger()

LARGEST_SIDE = 2_048
"""Of a picture, in pixels."""
_PATIENCE = 20.0
# Unpacked, one picture takes up to 160 MB: many of them at once would be an attack.
_hands = threading.BoundedSemaphore(3)


@dataclass(frozen=True)
class Kept:
    """What is to be stored of a file."""

    content: bytes
    width: int | None = None
    height: int | None = None


def checked(content: bytes, kind: Kind) -> Kept:
    """What is to be stored of a file of this kind.

    Raises:
        Invalid: when it is broken, or infected.
        Unavailable: when nobody can say whether it is clean, or too many are being checked.
    """
    with _hand():
        _scan(content)
        if not kind.is_picture:
            return Kept(content)
        try:
            picture = images.encode(content, most_wide=LARGEST_SIDE, most_high=LARGEST_SIDE)
        except Invalid as refusal:
            raise Invalid(refusal.message, code="picture_refused") from None
    return Kept(picture.content, picture.width, picture.height)


@contextmanager
def _hand() -> Iterator[None]:
    if not _hands.acquire(timeout=_PATIENCE):
        raise Unavailable("Many files are being checked at the moment. Try again in a moment.", retry_after=10)
    try:
        yield
    finally:
        _hands.release()


def _scan(content: bytes) -> None:
    scanner = current_scanner()
    if scanner is None:
        return
    try:
        finding = scanner.finding(content)
    except ScannerUnavailable as error:
        log.warning("scanner_unavailable", error=str(error))
        words = "Files cannot be checked for viruses at the moment, so this one was not taken. Try again in a while."
        raise Unavailable(words, code="scanner_unavailable", retry_after=60) from None
    if finding is not None:
        log.warning("file_infected", finding=finding)
        words = "The virus scanner found something in this file, so it was not taken. Nothing of it is kept."
        raise Invalid(words, code="file_infected")
