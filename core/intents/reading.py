"""What a tool answered, as a structure."""

import json
from typing import Any

from gateways.mcp import Result


def content_of(result: Result | None) -> Any:
    """What a tool answered in a structure; servers of old write it as JSON into their text."""
    if result is None or result.structured is not None:
        return result.structured if result else None
    try:
        return json.loads(result.text)
    except (ValueError, RecursionError):
        return None
