"""Mail between customers who have left the chat and the team: what leaves, and what comes back."""

from core.letters.arrived import Arrived, SentFile
from core.letters.arriving import Outcome
from core.letters.leaving import LEAVE, Outgoing, find_by_mark, go_on, mailed, note_sent, of, stop, take
from core.letters.marks import mark_to_stop
from core.letters.writing import Speaker, words_of

__all__ = [
    "LEAVE",
    "Arrived",
    "Outcome",
    "Outgoing",
    "SentFile",
    "Speaker",
    "find_by_mark",
    "go_on",
    "mailed",
    "mark_to_stop",
    "note_sent",
    "of",
    "stop",
    "take",
    "words_of",
]
