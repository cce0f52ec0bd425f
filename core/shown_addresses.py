"""Addresses as they may be shown and kept on record: many a server is reached by a key that stands in its address."""

import re
from urllib.parse import urlsplit, urlunsplit

MARK = "…"
"""What stands in the place of a key."""
# Of a path: long, and of letters and figures, as nobody names a page.
_KEY = re.compile(r"(?=[^/]*\d)(?=[^/]*[A-Za-z])[A-Za-z0-9_~.=:-]{20,}")


def without_keys(address: str) -> str:
    """An address without what may be a key: `https://shop.example/mcp?key=…`."""
    parts = urlsplit(address)
    path = "/".join(MARK if _KEY.fullmatch(step) else step for step in parts.path.split("/"))
    query = "&".join(map(_without_content, parts.query.split("&"))) if parts.query else ""
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def _without_content(argument: str) -> str:
    name, sign, content = argument.partition("=")
    # What has no name is a key as a whole, if it is anything.
    return f"{name}={MARK}" if sign and content else argument if sign or len(name) < 12 else MARK
