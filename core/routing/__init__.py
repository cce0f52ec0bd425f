"""Who gets a conversation that waits for a person."""

from core.routing.choosing import loads
from core.routing.giving import (
    JOB,
    KINDS,
    MINUTES,
    Mode,
    Rules,
    change,
    follow,
    give_waiting,
    look_again,
    note_active,
    of,
    run,
    sweep,
)

__all__ = [
    "JOB",
    "KINDS",
    "MINUTES",
    "Mode",
    "Rules",
    "change",
    "follow",
    "give_waiting",
    "loads",
    "look_again",
    "note_active",
    "of",
    "run",
    "sweep",
]
