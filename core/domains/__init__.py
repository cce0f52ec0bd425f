"""Websites on which an agent may be embedded: one matcher for every layer (design.md 5.2)."""

from core.domains.entries import Entry, read_entries, read_page
from core.domains.origins import Origin, origin_of
from core.domains.patterns import InvalidPattern, Pattern, parse_pattern
from core.domains.policy import admits
from core.domains.validator import DomainValidator, explain, matching_pattern, valid_patterns
from core.domains.words import companions, described, hindrance, shown

__all__ = [
    "DomainValidator",
    "Entry",
    "InvalidPattern",
    "Origin",
    "Pattern",
    "admits",
    "companions",
    "described",
    "explain",
    "hindrance",
    "matching_pattern",
    "origin_of",
    "parse_pattern",
    "read_entries",
    "read_page",
    "shown",
    "valid_patterns",
]
