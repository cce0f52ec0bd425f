from datetime import datetime


def clear_expired(*, now: datetime) -> None: ...
