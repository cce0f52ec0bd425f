"""Who may go on: first whether somebody is blocked, then the limits, then what looks suspicious."""

from core.protection.admitting import BETWEEN, BLOCKED_FOR, admit, check_blocked, clear_old, score_of
from core.protection.noticing import note_mismatch, note_opening, note_text
from core.protection.visitors import Visitor, visitor_behind, visitor_of

__all__ = [
    "BETWEEN",
    "BLOCKED_FOR",
    "Visitor",
    "admit",
    "check_blocked",
    "clear_old",
    "note_mismatch",
    "note_opening",
    "note_text",
    "score_of",
    "visitor_behind",
    "visitor_of",
]
