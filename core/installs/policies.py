"""Content security policies of other people's pages (CSP Level 3): which line does not let the widget in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.widget_configs import Launcher

# What a directive falls back to when it is missing (CSP 3, 6.8.3).
_FALLBACKS = {
    "script-src-elem": ("script-src", "default-src"),
    "frame-src": ("child-src", "default-src"),
    "connect-src": ("default-src",),
}


@dataclass(frozen=True)
class Blocked:
    """A line of a policy that keeps a part of the widget out."""

    directive: str
    """The line that decides, as its owner wrote its name."""
    line: str
    """The whole line as it stands."""
    needed: str
    """The line as it has to be."""


def lines_for(public_url: str, launcher: Launcher) -> dict[str, str]:
    """What a site's policy has to allow, by directive; all else that the chat needs is within its own frame.

    Args:
        launcher: as customers see it; a picture on it is loaded by the site's own page.
    """
    lines = {"script-src": public_url, "frame-src": public_url, "connect-src": public_url}
    return lines | ({"img-src": public_url} if launcher.fill == "image" and launcher.image else {})


def blocked_by(policies: Iterable[str], public_url: str, *, script: str, page_origin: str, nonce: str) -> list[Blocked]:
    """The lines that keep the launcher's script, the frame or the reports out.

    Args:
        policies: of the headers and of the page's head; each has to allow.
        public_url: where Porchlight is served.
        script: the address of the loader.
        page_origin: of the page, for `'self'`.
        nonce: what stands on the script's tag.
    """
    wanted = {"script-src-elem": script, "frame-src": f"{public_url}/", "connect-src": f"{public_url}/"}
    blocked = []
    for policy in _split(policies):
        for directive, address in wanted.items():
            name = next((one for one in (directive, *_FALLBACKS[directive]) if one in policy), None)
            if name is None:
                continue
            sources = policy[name]
            has_nonce = directive == "script-src-elem" and bool(nonce) and f"'nonce-{nonce}'" in sources
            if not has_nonce and not _allows(sources, address, page_origin, is_script=directive == "script-src-elem"):
                blocked.append(_blocked(name, directive, sources, public_url))
    return blocked


def may_be_framed(headers: Mapping[str, str], *, by: str, page_origin: str) -> bool:
    """Whether a page lets others show it in a frame; `frame-ancestors` beats `X-Frame-Options` (CSP 3, 6.4.2).

    Args:
        headers: of the page, names in lower case.
        by: the address of the page around the frame.
        page_origin: of the page itself, for `'self'`.
    """
    policies = [
        policy["frame-ancestors"]
        for policy in _split([headers.get("content-security-policy", "")])
        if "frame-ancestors" in policy
    ]
    if policies:
        return all(any(_matches(source, by, page_origin) for source in sources) for sources in policies)
    option = headers.get("x-frame-options", "").strip().lower()
    return option not in ("deny", "sameorigin") or (option == "sameorigin" and _matches("'self'", by, page_origin))


def _split(policies: Iterable[str]) -> Iterable[dict[str, list[str]]]:
    for header in policies:
        # A header may carry several policies, parted by commas (CSP 3, 2.2.2).
        for text in header.split(","):
            policy: dict[str, list[str]] = {}
            for part in text.split(";"):
                words = part.split()
                if words:
                    policy.setdefault(words[0].lower(), words[1:])
            if policy:
                yield policy


def _allows(sources: list[str], address: str, page_origin: str, *, is_script: bool) -> bool:
    if is_script and "'strict-dynamic'" in sources:
        # Addresses count for nothing then; only a nonce or another trusted script brings one in.
        return False
    return any(_matches(source, address, page_origin) for source in sources)


def _matches(source: str, address: str, page_origin: str) -> bool:
    """Whether a source expression covers an address (CSP 3, 6.7.2.8)."""
    wanted = urlsplit(address)
    lower = source.lower()
    if lower == "'self'":
        return f"{wanted.scheme}://{wanted.netloc}" == page_origin
    if lower.startswith("'"):
        return False
    if lower == "*":
        return wanted.scheme in ("http", "https")
    if lower.endswith(":") and "/" not in lower:
        return lower[:-1] in (wanted.scheme, "http" if wanted.scheme == "https" else wanted.scheme)
    scheme, _, rest = lower.rpartition("://")
    host, _, path = rest.partition("/")
    name, _, port = host.rpartition(":") if ":" in host and not host.endswith("]") else (host, "", "")
    return (
        _same_scheme(scheme or urlsplit(page_origin).scheme, wanted.scheme)
        and _same_host(name, wanted.hostname or "")
        and _same_port(port, wanted.port, wanted.scheme)
        and _same_path(path, wanted.path)
    )


def _same_scheme(allowed: str, wanted: str) -> bool:
    return allowed == wanted or (allowed, wanted) == ("http", "https")


def _same_host(allowed: str, wanted: str) -> bool:
    return wanted.endswith(allowed[1:]) if allowed.startswith("*.") else wanted == allowed


def _same_port(allowed: str, wanted: int | None, scheme: str) -> bool:
    default = 443 if scheme == "https" else 80
    return allowed == "*" or (int(allowed) if allowed.isdigit() else default) == (wanted or default)


def _same_path(allowed: str, wanted: str) -> bool:
    if not allowed:
        return True
    return wanted.startswith(f"/{allowed}") if allowed.endswith("/") else wanted == f"/{allowed}"


def _blocked(name: str, directive: str, sources: list[str], public_url: str) -> Blocked:
    shown = "script-src" if directive == "script-src-elem" and name == "default-src" else name
    target = directive if name in ("default-src", "child-src") and directive != "script-src-elem" else shown
    kept = [source for source in sources if source != "'none'"]
    return Blocked(
        directive=name,
        line=" ".join([name, *sources]),
        needed=" ".join([target, *kept, public_url]),
    )
