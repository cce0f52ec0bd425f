"""What is said of customers on their pages."""

from collections.abc import Mapping
from types import MappingProxyType

from core import customers
from models.customers import Customer, Fact, FactKind, FactSource, Standing

STANDINGS: Mapping[Standing, str] = MappingProxyType(
    {
        Standing.VERIFIED: "Verified",
        Standing.IDENTIFIED: "Told by your website, not verified",
        Standing.ANONYMOUS: "Anonymous",
    }
)
EXPLAINED: Mapping[Standing, str] = MappingProxyType(
    {
        Standing.VERIFIED: "Your website has signed who this is.",
        Standing.IDENTIFIED: "A page has told who this is, without proof. Do not tell them anything private.",
        Standing.ANONYMOUS: "Nothing is known about who this is. All you see here belongs to one browser.",
    }
)
SEEN: Mapping[int, str] = MappingProxyType(
    {1: "The last 24 hours", 7: "The last 7 days", 30: "The last 30 days", 365: "The last year"}
)
KEPT: Mapping[int, str] = MappingProxyType({0: "For good", 30: "30 days", 90: "90 days", 365: "A year"})
"""For how many days a fact may be kept."""
FIELDS: Mapping[str, str] = MappingProxyType(
    {"number": "Customer number", "name": "Name", "email": "E-mail", "attributes": "Details"}
)
_SOURCES = {
    FactSource.CUSTOMER: "the customer",
    FactSource.AGENT: "the customer’s words, noted by the agent",
    FactSource.SITE: "your website",
}
_KINDS = {FactKind.PREFERENCE: "Preference", FactKind.SITUATION: "Situation", FactKind.REQUEST: "Wish"}
_LONG = 160


def name_of(customer: Customer) -> str:
    return customers.display_name(customer)


def standing(customer: Customer) -> str:
    return STANDINGS[customer.standing]


def explained(customer: Customer) -> str:
    return EXPLAINED[customer.standing]


def source(fact: Fact) -> str:
    """Who a fact comes from, as it follows upon `From`."""
    if fact.source is FactSource.TEAMMATE:
        return fact.teammate.name if fact.teammate else "a former teammate"
    return _SOURCES[fact.source]


def kind(fact: Fact) -> str:
    """What a fact is about; nothing where that was not said."""
    return _KINDS.get(fact.kind, "")


def content(value: object) -> str:
    """A value that was signed or told."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return "–" if value is None else str(value)


def is_long(text: str) -> bool:
    """Whether a text is better shown on demand."""
    return len(text) > _LONG
