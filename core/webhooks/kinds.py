"""Of what an address can be told, in words."""

from collections.abc import Mapping
from types import MappingProxyType

from core.occurrences import Kind

TEST = "webhook.test"
"""What the test button sends; no address has to ask for it."""

KINDS: Mapping[str, str] = MappingProxyType(
    {
        Kind.STARTED.value: "A customer begins a conversation",
        Kind.RECEIVED.value: "A customer writes",
        Kind.SENT.value: "The agent or a teammate answers",
        Kind.REQUESTED.value: "A customer waits for a person",
        Kind.ASSIGNED.value: "A conversation is given to somebody, or to nobody",
        Kind.RETURNED.value: "The agent takes over again",
        Kind.RESOLVED.value: "A conversation is resolved",
        Kind.REOPENED.value: "A resolved conversation goes on",
        Kind.SNOOZED.value: "A conversation is put off",
        Kind.WOKEN.value: "A conversation that was put off comes back",
        Kind.CHANGED.value: "Tags, priority or the like are changed",
        Kind.NOTED.value: "A teammate writes a note",
        Kind.RATED.value: "A customer rates a conversation",
        Kind.LATE.value: "An answer is later than you want it to be",
    }
)
"""Each kind of event, and when it happens."""
