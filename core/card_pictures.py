"""Pictures on product cards: fetched by us and encoded anew, so that no shop's server learns who looks at them."""

import base64
import binascii
import hashlib
import hmac
import threading
import time
from collections import OrderedDict
from urllib.parse import urlsplit

import structlog

from core import images, signing
from core.errors import Invalid, NotFound
from core.images import Image
from gateways.outgoing import Limits, OutgoingError, fetch

log = structlog.get_logger()

KEPT_FOR, NOT_KEPT_FOR = 86_400.0, 300.0
"""Seconds for which a picture, and that there is none, is remembered."""
_WIDTH, _HEIGHT = 480, 360
_MOST_KEPT = 300
_LONGEST_URL = 1_000
_PURPOSE = "card-pictures"
_LIMITS = Limits(seconds=8.0, connect_seconds=3.0, bytes=4 * 1024 * 1024, redirects=2)
# Slow picture servers must not take the threads of those who chat.
_hands = threading.BoundedSemaphore(4)
_kept: "OrderedDict[str, tuple[float, Image | None]]" = OrderedDict()
_lock = threading.Lock()


def name_of(url: str) -> str | None:
    """The name by which we serve a picture: signed, so that nobody makes us fetch what no shop has shown.

    Returns:
        None when it is no address of a picture on the web.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or len(url) > _LONGEST_URL:
        return None
    written = base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")
    return f"{_signature(written, signing.derived_key(_PURPOSE))}.{written}"


def read(name: str, *, allow_private: bool) -> Image:
    """The picture of a name that we gave. It is slow: call it outside a transaction.

    Args:
        allow_private: whether servers of the own network may be asked.

    Raises:
        NotFound: when we gave no such name, or there is no picture now.
    """
    url = _address(name)
    with _lock:
        known = _kept.get(url)
    if known is None or known[0] < time.monotonic():
        known = _keep(url, _fetched(url, allow_private=allow_private))
    if known[1] is None:
        raise NotFound("There is no such picture.")
    return known[1]


def _address(name: str) -> str:
    signature, _, written = name.partition(".")
    keys = signing.derived_keys(_PURPOSE)
    if not any(hmac.compare_digest(_signature(written, key).encode(), signature.encode()) for key in keys):
        raise NotFound("There is no such picture.")
    try:
        return base64.urlsafe_b64decode(written + "=" * (-len(written) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise NotFound("There is no such picture.") from None


def _signature(written: str, key: bytes) -> str:
    return hmac.new(key, written.encode(), hashlib.sha256).hexdigest()[:32]


def _keep(url: str, image: Image | None) -> tuple[float, Image | None]:
    entry = (time.monotonic() + (KEPT_FOR if image else NOT_KEPT_FOR), image)
    with _lock:
        _kept[url] = entry
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return entry


def _fetched(url: str, *, allow_private: bool) -> Image | None:
    if not _hands.acquire(timeout=2):
        raise NotFound("There are too many pictures on their way just now.")
    try:
        answer = fetch(url, headers={"Accept": "image/*"}, limits=_LIMITS, allow_private=allow_private)
        if answer.status != 200:
            return None
        return images.encode(answer.body, most_wide=_WIDTH, most_high=_HEIGHT)
    except (OutgoingError, Invalid) as error:
        log.info("card_picture_missing", error=type(error).__name__)
        return None
    finally:
        _hands.release()
