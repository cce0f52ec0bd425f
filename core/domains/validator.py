"""The one matcher behind frame-ancestors, the session's parent origin, CORS and the tester."""

import hashlib
from collections.abc import Iterator

from core.domains.hosts import normal_host
from core.domains.idn import InvalidHost
from core.domains.origins import Origin, origin_of, read_origin
from core.domains.patterns import InvalidPattern, Pattern, parse_pattern
from core.domains.policy import source_of_origin, sources_of


class DomainValidator:
    """Which websites may embed an agent, as its list of allowed domains says.

    Nothing but `parse_pattern` ever raises: what cannot be read matches nothing, and a pattern that is invalid
    or a list that is no list allows nothing. An empty list means nowhere. Call it on the class or an instance.
    """

    @staticmethod
    def validate_domain(origin: object, allowed_domains: object) -> bool:
        """Whether a page that sent this Origin header may embed the agent (RFC 6454)."""
        return matching_pattern(read_origin(origin), allowed_domains) is not None

    @staticmethod
    def validate_referer(url: object, allowed_domains: object) -> bool:
        """Whether the page that this Referer header names may embed the agent (WHATWG URL)."""
        return matching_pattern(origin_of(url), allowed_domains) is not None

    @staticmethod
    def check_wildcard_match(host: object, pattern: object) -> bool:
        """Whether a host, without scheme and port, is one that the pattern's host means.

        Scheme and port of the pattern are left aside, as a host has neither.
        """
        if not isinstance(host, str):
            return False
        try:
            return parse_pattern(pattern).allows_host(normal_host(host))
        except (InvalidHost, InvalidPattern):
            return False

    @staticmethod
    def generate_domain_hash(domain: object) -> str:
        """Name a website by a stable text that reveals nothing: SHA-256, in hex, of the host in comparable spelling.

        Equal spellings (`Bücher.example`, `https://xn--bcher-kva.example`) have equal hashes. Scheme and port do
        not count, `*.` does. What is no website is hashed as it stands, marked so that it equals no website.
        """
        try:
            text = parse_pattern(domain).host_text
        except InvalidPattern:
            text = f"?{domain}" if isinstance(domain, str) else "?"
        return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()

    @staticmethod
    def parse_pattern(text: object) -> Pattern:
        """Read a pattern, or raise `InvalidPattern` with a sentence that says what to mend."""
        return parse_pattern(text)

    @staticmethod
    def frame_ancestors(allowed_domains: object, referer: object = None) -> str:
        """Write what follows `frame-ancestors ` in the widget page's Content-Security-Policy.

        Args:
            allowed_domains: the patterns; invalid ones are left out.
            referer: the request's Referer header; when its page is allowed, that one origin is named only.
        Returns:
            A source list, never empty: `'none'` when there is nothing that CSP can say (as for IPv6).
        """
        origin = origin_of(referer)
        if origin is not None and matching_pattern(origin, allowed_domains) is not None:
            return source_of_origin(origin)
        return sources_of(pattern for _, pattern in valid_patterns(allowed_domains))


def explain(origin: object, patterns: object) -> str | None:
    """Name the pattern, as it stands in the list, that allows an Origin header; None when none does.

    For the address of a page, pass `str(origin_of(address))`.
    """
    return matching_pattern(read_origin(origin), patterns)


def matching_pattern(origin: Origin | None, allowed_domains: object) -> str | None:
    """Find the first pattern in the list that allows an origin."""
    if origin is None:
        return None
    return next((text for text, pattern in valid_patterns(allowed_domains) if pattern.allows(origin)), None)


def valid_patterns(allowed_domains: object) -> Iterator[tuple[str, Pattern]]:
    """Read a list of patterns, leaving out what cannot be read; with each pattern its text as it stands there."""
    # A text is no list of texts: the letters of "*.example.com" include a pattern that allows everything.
    if not isinstance(allowed_domains, list | tuple | set | frozenset):
        return
    for text in allowed_domains:
        try:
            yield text, parse_pattern(text)
        except InvalidPattern:
            continue
