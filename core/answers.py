"""The answers that are owed."""

from datetime import datetime


def requeue_overdue(*, now: datetime) -> None: ...
