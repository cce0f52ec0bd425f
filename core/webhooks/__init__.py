"""Telling the servers of a site what happens with its conversations (Standard Webhooks, docs/webhooks.md)."""

from core.webhooks.deliveries import (
    PAGE,
    attempts_of,
    clear_old,
    counts,
    deliveries,
    find_delivery,
    replay,
    replay_failed,
    test,
)
from core.webhooks.keeping import MOST, add, change, find, listed, reach, remove, renew_secret, switch
from core.webhooks.kinds import KINDS, TEST
from core.webhooks.listening import note
from core.webhooks.sending import OFF, resume, use_dispatcher, work

__all__ = [
    "KINDS",
    "MOST",
    "OFF",
    "PAGE",
    "TEST",
    "add",
    "attempts_of",
    "change",
    "clear_old",
    "counts",
    "deliveries",
    "find",
    "find_delivery",
    "listed",
    "note",
    "reach",
    "remove",
    "renew_secret",
    "replay",
    "replay_failed",
    "resume",
    "switch",
    "test",
    "use_dispatcher",
    "work",
]
