"""Who is there, in words."""

from collections.abc import Sequence
from datetime import datetime

from core.availabilities import Attendance, Whereabouts
from core.widget_words import NAMES
from models.teammates import Teammate

WHEREABOUTS = {
    Whereabouts.THERE: "There",
    Whereabouts.AWAY: "Away",
    Whereabouts.OFF: "Outside their hours",
    Whereabouts.GONE: "Not in Porchlight",
}


def where(attendance: Attendance, now: datetime, reader: Teammate) -> Whereabouts:
    """Where somebody is; whoever reads it has a page open."""
    found = attendance.whereabouts(now)
    is_reading = found is Whereabouts.GONE and attendance.teammate.id == reader.id
    return Whereabouts.THERE if is_reading else found


def languages(codes: Sequence[str]) -> str:
    """Languages by their names."""
    return ", ".join(NAMES[code] for code in codes if code in NAMES)


def load(attendance: Attendance, number: int) -> str:
    """How many conversations somebody has, of how many at once."""
    return f"{number} of {attendance.availability.capacity} conversations"
