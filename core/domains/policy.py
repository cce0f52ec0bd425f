"""Patterns in the words of Content Security Policy."""

from collections.abc import Iterable

from core.domains.origins import DEFAULT_PORTS, Origin
from core.domains.patterns import Pattern

NOWHERE = "'none'"


def sources_of(patterns: Iterable[Pattern]) -> str:
    """Write the source list that allows these patterns and nothing wider.

    Hosts are A-labels, addresses or `*`, so nothing in the list can end the directive or start another.
    Three facts of CSP 3 remain. An `http` source also matches the same host and port on https (6.7.2.8,
    scheme-part), which no source can prevent: the origin check does. A source with a host does not match
    addresses other than 127.0.0.1 in a strict browser. And its grammar has no underscore (2.3.1, host-char), so that
    browsers leave out a source with one. The latter two are narrower, never wider.

    Returns:
        `*` for every http(s) page (6.7.2.8, step 1), `https:` or `http:` for every host of one scheme, host
        sources such as `https://*.example.com:*`, and `'none'` when nothing can be said.
    """
    sources = [source for pattern in patterns for source in _sources(pattern)]
    return "*" if "*" in sources else " ".join(dict.fromkeys(sources)) or NOWHERE


def source_of_origin(origin: Origin) -> str:
    """Name one origin; `'none'` for IPv6, which CSP cannot name."""
    return NOWHERE if origin.host.startswith("[") else str(origin)


def admits(sources: str, origin: Origin) -> bool:
    """Whether a browser shows a frame in a page of this origin when it gets this `frame-ancestors` list.

    Source: CSP 3, 6.7.2.8 to 6.7.2.12, for the sources that `sources_of` and `source_of_origin` write. A source
    with `http` also matches https, and port 80 there 443; one with an underscore is left out by browsers.
    """
    return any(_matches(source, origin) for source in sources.split() if "_" not in source)


def _matches(source: str, origin: Origin) -> bool:
    if source in {"*", NOWHERE}:
        return source == "*"
    scheme, _, place = source.partition(":")
    if scheme not in {"http", origin.scheme}:
        return False
    host, _, port = place.removeprefix("//").partition(":")
    if not host:
        return True
    is_host = host in {"*", origin.host} or (host.startswith("*.") and origin.host.endswith(host[1:]))
    return is_host and _port_matches(port, scheme, origin)


def _port_matches(port: str, scheme: str, origin: Origin) -> bool:
    if port == "*":
        return True
    is_upgraded = scheme == "http" and origin.scheme == "https"
    number = int(port) if port else DEFAULT_PORTS[scheme]
    return number == origin.port or (is_upgraded and (number, origin.port) == (80, 443))


def _sources(pattern: Pattern) -> list[str]:
    if pattern.host.startswith("["):
        return []
    schemes = [pattern.scheme] if pattern.scheme else ["https", "http"]
    if pattern.is_any_host and pattern.port is None:
        return [f"{pattern.scheme}:"] if pattern.scheme else ["*"]
    return [f"{scheme}://{pattern.host_text}:{pattern.port or '*'}" for scheme in schemes]
