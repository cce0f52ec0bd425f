"""What kinds of personal data and the ways to handle them are called on the page."""

from collections.abc import Mapping
from types import MappingProxyType

from core.privacy import Kind
from core.privacy_settings import NAMES, Handling
from models.teammates import Role

GROUPS: Mapping[str, tuple[Kind, ...]] = MappingProxyType(
    {
        "How to reach somebody": (Kind.EMAIL, Kind.PHONE),
        "Money": (Kind.CARD, Kind.IBAN),
        "Who somebody is": (Kind.NATIONAL_ID, Kind.BIRTH_DATE),
        "Ways in": (Kind.PASSWORD, Kind.CODE, Kind.SECRET),
        "Their devices": (Kind.IP, Kind.MAC),
    }
)
EXAMPLES: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.EMAIL: "ann@example.com",
        Kind.PHONE: "+44 20 7946 0958",
        Kind.CARD: "4111 1111 1111 1111",
        Kind.IBAN: "DE89 3704 0044 0532 0130 00",
        Kind.NATIONAL_ID: "SSN 123-45-6789",
        Kind.BIRTH_DATE: "born on 12 March 1985",
        Kind.PASSWORD: "my password is blue-tree-9",
        Kind.CODE: "the code is 482913",
        Kind.SECRET: "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        Kind.IP: "203.0.113.7",
        Kind.MAC: "00:1A:2B:3C:4D:5E",
    }
)
CHOICES: Mapping[Handling, tuple[str, str]] = MappingProxyType(
    {
        Handling.SEAL: (
            "Mask, keep encrypted",
            "A mark such as [email] stands in its place. Those you choose below can look at what was written.",
        ),
        Handling.MASK: ("Mask", "A mark such as [card] stands in its place. What was written is kept nowhere."),
        Handling.REFUSE: (
            "Refuse the message",
            "Nothing is stored. The customer is asked to take it out and to send the message again.",
        ),
        Handling.KEEP: (
            "Keep as written",
            "It stands readable in conversations, in the search and in exports.",
        ),
    }
)
ROLES: Mapping[Role, str] = MappingProxyType(
    {
        Role.SUPPORT: "Everybody who answers customers",
        Role.EDITOR: "Editors, admins and owners",
        Role.ADMIN: "Admins and owners",
        Role.OWNER: "Owners only",
    }
)
RETENTION: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "conversation_days": ("Conversations are kept for", "days after the last message"),
        "customer_days": ("Customers are kept for", "days after they were last seen, with all they have said"),
        "event_days": ("Page views and clicks are counted for", "days, at most 400"),
        "audit_days": ("The audit log is kept for", "days, at least 90"),
        "note_days": ("Notes of the team are kept for", "days, and no longer than their conversation"),
        "rating_days": ("Ratings are kept for", "days, and no longer than their conversation"),
        "delivery_days": ("What webhooks were told is kept for", "days, at most 30"),
    }
)
"""Of each number of days what stands before it, and what behind it."""

_THINGS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "conversation": ("conversation", "conversations"),
        "customer": ("customer", "customers"),
        "note": ("note", "notes"),
        "rating": ("rating", "ratings"),
        "delivery": ("delivery to a webhook", "deliveries to webhooks"),
        "event": ("counted page view or click", "counted page views and clicks"),
        "audit": ("entry of the audit log", "entries of the audit log"),
    }
)


def name(kind: Kind) -> str:
    """What a kind is called at the beginning of a line."""
    return f"{NAMES[kind][:1].upper()}{NAMES[kind][1:]}"


def listed(due: Mapping[str, int]) -> str:
    """How much of what, as `1,200 conversations and 3 customers`."""
    parts = [f"{number:,} {_THINGS[thing][number != 1]}" for thing, number in due.items() if number]
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
