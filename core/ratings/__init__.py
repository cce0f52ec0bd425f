"""How content customers were: asked for when a conversation is resolved."""

from core.ratings.asking import ask
from core.ratings.deciding import QUESTION_LIMIT, Asked, Decisions, decide, of
from core.ratings.reading import Figures, figures, of_conversation, of_customer
from core.ratings.taking import COMMENT_LIMIT, OPEN_FOR, rate

__all__ = [
    "COMMENT_LIMIT",
    "OPEN_FOR",
    "QUESTION_LIMIT",
    "Asked",
    "Decisions",
    "Figures",
    "ask",
    "decide",
    "figures",
    "of",
    "of_conversation",
    "of_customer",
    "rate",
]
