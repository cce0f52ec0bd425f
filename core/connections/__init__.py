"""Connections of an agent to MCP servers, and the tools found there."""

from core.connections.fills import FILLS, CannotFill, fill, says_who
from core.connections.keeping import MOST, add, change, find, listed, reach, remove, server_of, switch
from core.connections.permissions import find_tool, permit
from core.connections.reading import discover, keep_changed, read_again

__all__ = [
    "FILLS",
    "MOST",
    "CannotFill",
    "add",
    "change",
    "discover",
    "fill",
    "find",
    "find_tool",
    "keep_changed",
    "listed",
    "permit",
    "reach",
    "read_again",
    "remove",
    "says_who",
    "server_of",
    "switch",
]
