"""Answers about a customer's own orders and about goods, from the tools of connections and without any model."""

from core.intents.answering import Lookup
from core.intents.hearing import Heard, Wish, hear

__all__ = ["Heard", "Lookup", "Wish", "hear"]
