"""Connections of an agent to MCP servers, and the tools found there."""

from core.connections.addresses import checked_url, reach, reaches_private
from core.connections.fills import FILLS, CannotFill, fill, says_who
from core.connections.keeping import (
    MOST,
    add,
    change,
    find,
    listed,
    lock,
    note,
    remove,
    server_of,
    switch,
)
from core.connections.permissions import find_tool, permit
from core.connections.reading import discover, keep_changed, read_again

__all__ = [
    "FILLS",
    "MOST",
    "CannotFill",
    "add",
    "change",
    "checked_url",
    "discover",
    "fill",
    "find",
    "find_tool",
    "keep_changed",
    "listed",
    "lock",
    "note",
    "permit",
    "reach",
    "reaches_private",
    "read_again",
    "remove",
    "says_who",
    "server_of",
    "switch",
]
