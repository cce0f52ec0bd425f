"""What the pages say about keys for programs."""

from collections.abc import Mapping
from types import MappingProxyType

from core.api_keys import Thing
from models.api_keys import ApiKey

THINGS: Mapping[Thing, tuple[str, str]] = MappingProxyType(
    {
        Thing.CUSTOMERS: ("Customers", "Their names, addresses and what else is known; adding and erasing them."),
        Thing.CONVERSATIONS: ("Conversations", "All that is said, and answering as a teammate."),
        Thing.KNOWLEDGE: ("Knowledge", "Questions, answers and sources of your agents."),
        Thing.AGENTS: ("Agents", "Making and archiving them, and the websites they appear on."),
        Thing.EVENTS: ("Events", "How often the widget was loaded, opened and used."),
        Thing.WEBHOOKS: ("Webhooks", "Which of your servers are told what happens."),
    }
)
"""What each thing is called, and what it comprises."""


def may(key: ApiKey) -> str:
    """What a key is good for, in one sentence."""
    changed = [name.lower() for thing, (name, _) in THINGS.items() if f"{thing}:write" in key.scopes]
    read = [
        name.lower()
        for thing, (name, _) in THINGS.items()
        if f"{thing}:read" in key.scopes and f"{thing}:write" not in key.scopes
    ]
    parts = [f"{verb} {_listed(names)}" for verb, names in (("changes", changed), ("reads", read)) if names]
    sentence = " and ".join(parts) or "does nothing"
    return f"{sentence[0].upper()}{sentence[1:]}"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
