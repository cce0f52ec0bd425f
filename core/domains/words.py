"""Patterns in words, for who owns the website and knows neither schemes nor stars."""

from core.domains.idn import to_unicode
from core.domains.origins import DEFAULT_PORTS, Origin
from core.domains.patterns import InvalidPattern, Pattern, is_registrable, parse_pattern

_HOME = {"localhost", "127.0.0.1"}
_SCHEMES = {"https": "only by https", "http": "by http only, not by https"}


def shown(host: str) -> str:
    """A host as its owner writes it, with the letters that its A-labels stand for."""
    return host if host.startswith("[") else to_unicode(host)


def described(pattern: Pattern) -> str:
    """Say what a pattern allows and what people would wrongly expect of it.

    Two names that look alike are told apart: where a name has letters beyond ASCII, its A-labels follow.
    """
    limits = [_SCHEMES[pattern.scheme]] if pattern.scheme else []
    if pattern.port:
        limits.append(f"on port {pattern.port} only")
    meant, *others = _meant(pattern)
    return "; ".join([", ".join([meant, *limits]), *others])


def _meant(pattern: Pattern) -> list[str]:
    name = shown(pattern.host)
    spelled = f" ({pattern.host})" if name != pattern.host else ""
    if pattern.is_any_host:
        return ["any website in the world"]
    if pattern.wildcard:
        return [f"every website below {name}{spelled}, such as www.{name}", f"not {name} itself"]
    if "_" in pattern.host:
        return [f"{pattern.host_text}", "but browsers show no chat where a name has an underscore, so give it another"]
    if pattern.host in _HOME or "." not in pattern.host or _is_address(pattern.host):
        return _place_meant(pattern.host)
    return [f"{name}{spelled} and any page of it", f"not {_mistaken(pattern.host)}"]


def _place_meant(host: str) -> list[str]:
    if host in _HOME:
        return [f"pages on your own computer, at {host}"]
    if host.startswith("["):
        return [f"pages at the address {host}", "but browsers show no chat there, so give it a name"]
    return [
        f"pages at the address {host}" if _is_address(host) else f"pages at “{shown(host)}” in a network of your own"
    ]


def _mistaken(host: str) -> str:
    """The name that people take for the same website."""
    if host.startswith("www."):
        return shown(host.removeprefix("www."))
    return f"www.{shown(host)}" if is_registrable(host) else "other names below it"


def companions(pattern: Pattern) -> list[Pattern]:
    """What its owner most likely means as well: the names below an apex, the apex of a wildcard, both for `www.`."""
    if pattern.is_any_host or _is_address(pattern.host):
        return []
    apex = Pattern(pattern.host.removeprefix("www."), pattern.scheme, pattern.port)
    below = Pattern(apex.host, pattern.scheme, pattern.port, wildcard=True)
    return [other for other in (apex, below) if other != pattern and _may_be_saved(other)]


def hindrance(pattern: Pattern, origin: Origin) -> str | None:
    """Why a pattern that seems to mean a website does not allow it; None when it means quite another one."""
    if pattern.allows_host(origin.host):
        return _wrong_scheme_or_port(pattern, origin)
    if pattern.wildcard and pattern.host == origin.host:
        return f"It means the names below {shown(pattern.host)}, not {shown(pattern.host)} itself."
    if not pattern.wildcard and origin.host.endswith(f".{pattern.host}"):
        return f"It means {shown(pattern.host)} alone, without the names below it."
    if origin.host == pattern.host.removeprefix("www."):
        return "It means the name with www., and this one has none."
    return None


def _wrong_scheme_or_port(pattern: Pattern, origin: Origin) -> str | None:
    if pattern.scheme not in {None, origin.scheme}:
        return f"It means pages that come by {pattern.scheme}, and this one comes by {origin.scheme}."
    if pattern.port not in {None, origin.port}:
        usual = " (the usual one)" if origin.port == DEFAULT_PORTS[origin.scheme] else ""
        return f"It means port {pattern.port}, and this page comes from port {origin.port}{usual}."
    return None


def _may_be_saved(pattern: Pattern) -> bool:
    try:
        return parse_pattern(str(pattern)) == pattern
    except InvalidPattern:
        return False


def _is_address(host: str) -> bool:
    return host.startswith("[") or host.rpartition(".")[2].isdigit()
