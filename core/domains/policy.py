"""Patterns in the words of Content Security Policy."""

from collections.abc import Iterable

from core.domains.origins import Origin
from core.domains.patterns import Pattern

NOWHERE = "'none'"


def sources_of(patterns: Iterable[Pattern]) -> str:
    """Write the source list that allows these patterns and nothing wider.

    Hosts are A-labels, addresses or `*`, so nothing in the list can end the directive or start another.
    Two facts of CSP 3 remain. An `http` source also matches the same host and port on https (6.7.2.8,
    scheme-part), which no source can prevent: the origin check does. And a source with a host does not match
    addresses other than 127.0.0.1 in a strict browser, which is narrower, never wider.

    Returns:
        `*` for every http(s) page (6.7.2.8, step 1), `https:` or `http:` for every host of one scheme, host
        sources such as `https://*.example.com:*`, and `'none'` when nothing can be said.
    """
    sources = [source for pattern in patterns for source in _sources(pattern)]
    return "*" if "*" in sources else " ".join(dict.fromkeys(sources)) or NOWHERE


def source_of_origin(origin: Origin) -> str:
    """Name one origin; `'none'` for IPv6, which CSP cannot name."""
    return NOWHERE if origin.host.startswith("[") else str(origin)


def _sources(pattern: Pattern) -> list[str]:
    if pattern.host.startswith("["):
        return []
    schemes = [pattern.scheme] if pattern.scheme else ["https", "http"]
    if pattern.is_any_host and pattern.port is None:
        return [f"{pattern.scheme}:"] if pattern.scheme else ["*"]
    return [f"{scheme}://{pattern.host_text}:{pattern.port or '*'}" for scheme in schemes]
