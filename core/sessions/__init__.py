"""Sessions: one browser's signed, expiring right to chat as one customer on one website (design.md 5.4)."""

from core.sessions.ending import clear_expired, end, end_all, end_of_customer
from core.sessions.finding import find, look_again, topics
from core.sessions.permits import check_returning, check_still_allowed
from core.sessions.starting import identify, refresh, start
from core.sessions.visits import LIFETIME, Started, Visit

__all__ = [
    "LIFETIME",
    "Started",
    "Visit",
    "check_returning",
    "check_still_allowed",
    "clear_expired",
    "end",
    "end_all",
    "end_of_customer",
    "find",
    "identify",
    "look_again",
    "refresh",
    "start",
    "topics",
]
