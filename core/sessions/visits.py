"""What a browser brings, and what it gets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from models.customers import WidgetSession

LIFETIME = timedelta(hours=24)


@dataclass(frozen=True)
class Visit:
    """What a browser brings when it opens the chat."""

    parent_origin: str
    own_origin: str
    """Where Porchlight itself is served: the parent of the direct link and of previews."""
    refresh_secret: str | None = None
    keeps_in_frame: bool = False
    """The browser blocks cookies, so that the secret lies in the frame's storage and lives shorter."""
    customer: object = None
    customer_token: object = None
    context: Mapping[str, Any] | None = None
    browser: str = ""
    """In words, like `Firefox on Linux`."""
    address: str = ""
    """Of the network that it came from."""


@dataclass(frozen=True)
class Started:
    """A session that has just been made, with what only its browser may know."""

    session: WidgetSession
    token: str
    refresh_secret: str
    refresh_expires_at: datetime
