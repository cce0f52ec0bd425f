"""The built-in answerer: finds the entry that answers a customer's message, without a language model."""

from core.answering.entries import Entry, Passage, Text, passages
from core.answering.index import Index, Ranking

__all__ = ["Entry", "Index", "Passage", "Ranking", "Text", "passages"]
