"""What the agent says to a question: found by the index, put into words here."""

from core.replies.composing import (
    Generate,
    LookUp,
    compose,
    compose_excuse,
    compose_to_files,
    compose_without_answers,
)
from core.replies.repeating import Said
from core.replies.saying import Reply, Speaker, Wanted, fetching, speaker_of

__all__ = [
    "Generate",
    "LookUp",
    "Reply",
    "Said",
    "Speaker",
    "Wanted",
    "compose",
    "compose_excuse",
    "compose_to_files",
    "compose_without_answers",
    "fetching",
    "speaker_of",
]
