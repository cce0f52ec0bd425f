"""Who is there, in words."""

from collections.abc import Sequence

from core.availabilities import Attendance, Whereabouts
from core.widget_words import NAMES

WHEREABOUTS = {
    Whereabouts.THERE: "There",
    Whereabouts.AWAY: "Away",
    Whereabouts.OFF: "Outside their hours",
    Whereabouts.GONE: "Not in Porchlight",
}


def languages(codes: Sequence[str]) -> str:
    """Languages by their names."""
    return ", ".join(NAMES[code] for code in codes if code in NAMES)


def load(attendance: Attendance, number: int) -> str:
    """How many conversations somebody has, of how many at once."""
    return f"{number} of {attendance.availability.capacity} conversations"
