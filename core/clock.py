"""The time, asked for at the edge and passed inwards."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    return datetime.now(UTC)
