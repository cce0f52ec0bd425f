"""Blocked visitors: who may not chat, why, until when, and how often they tried."""

from core.blocks.finding import Page, active_for, find, is_active, listed, name_of, refusal
from core.blocks.placing import LONGEST_REASON, Risky, block_again, block_customer, block_network, lift
from core.blocks.trying import clear_old, note_hit

__all__ = [
    "LONGEST_REASON",
    "Page",
    "Risky",
    "active_for",
    "block_again",
    "block_customer",
    "block_network",
    "clear_old",
    "find",
    "is_active",
    "lift",
    "listed",
    "name_of",
    "note_hit",
    "refusal",
]
