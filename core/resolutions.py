"""Why a conversation was resolved."""

import enum


class Resolution(enum.StrEnum):
    """What became of the customer's concern, as a teammate says when closing; stored, so the words stay."""

    SOLVED = "solved"
    NO_REPLY = "no_reply"
    """The customer did not come back to it."""
    ELSEWHERE = "elsewhere"
    """Somebody else or another channel has to do with it."""
    SPAM = "spam"
    OTHER = "other"
    MERGED = "merged"
    """It goes on in another conversation; nobody chooses that by hand."""


NAMES = {
    Resolution.SOLVED: "Solved",
    Resolution.NO_REPLY: "No reply from the customer",
    Resolution.ELSEWHERE: "Goes on elsewhere",
    Resolution.SPAM: "Spam",
    Resolution.OTHER: "Something else",
    Resolution.MERGED: "Merged",
}
"""What each is called on a page."""

CHOICES = tuple(one for one in Resolution if one is not Resolution.MERGED)
"""Those that a teammate chooses from."""


def name_of(key: str | None) -> str:
    """What a stored reason is called; empty for none, and for one that is not known any more."""
    return next((name for one, name in NAMES.items() if one.value == key), "")
