"""Websites on which an agent may be embedded: one matcher for every layer (design.md 5.2)."""

from core.domains.origins import Origin, origin_of
from core.domains.patterns import InvalidPattern, Pattern, parse_pattern
from core.domains.validator import DomainValidator, explain, matching_pattern

__all__ = [
    "DomainValidator",
    "InvalidPattern",
    "Origin",
    "Pattern",
    "explain",
    "matching_pattern",
    "origin_of",
    "parse_pattern",
]
