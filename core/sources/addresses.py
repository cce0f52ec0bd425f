"""Addresses of pages: one spelling for each, and which of them belong to a source."""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

from core import page_patterns

LONGEST = 2000
_PORTS = {"http": 80, "https": 443}
# They say where a visitor came from, and change nothing of the page.
_TRACKING = re.compile(
    r"(?:utm_\w+|mtm_\w+|pk_\w+|hsa_\w+|(?:gc|db|fb|ms|gb|wb|ys|tt|tw)lid|(?:gcl|fbcl|mscl)id|mc_[ce]id|_ga|_gl|igshid"
    r"|phpsessid|jsessionid)(?:=.*)?",
    re.IGNORECASE,
)
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
# What a browser would show otherwise than as a page; asking for it would only cost both sides time.
_NO_PAGE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|tiff?|css|m?js|json|map|woff2?|ttf|otf|eot|mp[34]|m4[av]|mov|avi|webm|ogg"
    r"|wav|zip|gz|tgz|bz2|xz|rar|7z|exe|dmg|pkg|msi|apk|iso|pdf|docx?|xlsx?|pptx?|csv|rss|atom|ics|swf|psd)$",
    re.IGNORECASE,
)
# What an address may hold as it is (RFC 3986), and what is written with % without need.
_KEPT = "/:@!$&'()*+,;=~-._%"
_ENCODED = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
_MOST_STEPS = 15
_MOST_REPEATS = 3


def normal(address: str, base: str = "") -> str | None:
    """The one spelling of a page's address.

    Without the part behind `#`, marks of campaigns and sessions, the usual port and needless encoding.

    Args:
        address: as it stands in a link.
        base: the page that the link is on.

    Returns:
        None when it is no address of a page on the web.
    """
    try:
        # Half characters cannot be encoded, and broken hosts and ports not be read.
        whole = _normal(urlsplit(urljoin(base, address.strip())))
    except ValueError:
        return None
    return whole if whole is not None and len(whole) <= LONGEST else None


def hash_of(address: str) -> str:
    """What an address is found by in the database."""
    return hashlib.sha256(address.encode()).hexdigest()


def site_of(address: str) -> str:
    """The website of an address: its host and port. With `www.` and without it is the same one, so is http."""
    parts = urlsplit(address)
    port = f":{parts.port}" if parts.port else ""
    return f"{(parts.hostname or '').removeprefix('www.')}{port}"


def origin_of(address: str) -> str:
    """Scheme, host and port, as in `https://shop.com`."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def is_trap(address: str) -> bool:
    """Whether an address looks like one of those that a website makes without end, such as `/a/b/a/b/a/b/a/b`."""
    steps = [step for step in urlsplit(address).path.split("/") if step]
    return len(steps) > _MOST_STEPS or any(count > _MOST_REPEATS for count in Counter(steps).values())


@dataclass(frozen=True)
class Scope:
    """Which addresses a source may grow by.

    Args:
        site: the website, as `site_of` tells it.
        include: patterns of `page_patterns`; without any, every page of the website.
        exclude: patterns of pages to leave out; they win.
    """

    site: str
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    @classmethod
    def of(cls, address: str, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> "Scope":
        stems = (tuple(map(page_patterns.stem_of, patterns)) for patterns in (include, exclude))
        return cls(site_of(address), *stems)

    def is_on_site(self, address: str) -> bool:
        return site_of(address) == self.site

    def is_wanted(self, address: str) -> bool:
        """Whether a page is to be known: on the website, one of those to include, none of those to leave out."""
        if not self.is_on_site(address) or page_patterns.fits(self.exclude, address):
            return False
        return not self.include or page_patterns.fits(self.include, address)

    def is_to_follow(self, address: str) -> bool:
        """Whether a link is worth asking for."""
        return self.is_wanted(address) and not _NO_PAGE.search(urlsplit(address).path) and not is_trap(address)


def _normal(parts: SplitResult) -> str | None:
    host, port = _host(parts.hostname or ""), parts.port
    if parts.scheme not in _PORTS or not host or "@" in parts.netloc:
        return None
    if port is not None and port != _PORTS[parts.scheme]:
        host = f"{host}:{port}"
    path = _spelled(_SESSION_IN_PATH.sub("", _without_dots(parts.path)), _KEPT) or "/"
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _TRACKING.fullmatch(pair))
    return urlunsplit((parts.scheme, host, path, _spelled(query, f"{_KEPT}?"), ""))


def _host(host: str) -> str:
    host = host.rstrip(".").lower()
    if ":" in host:
        return f"[{host}]"
    # Names of other alphabets are asked for in the letters that every name has (RFC 5891).
    return host if host.isascii() else host.encode("idna").decode("ascii")


def _without_dots(path: str) -> str:
    if "/." not in path:
        return path
    kept: list[str] = []
    steps = path.split("/")
    for step in steps:
        if step == "..":
            del kept[max(1, len(kept) - 1) :]
        elif step != ".":
            kept.append(step)
    return "/".join(kept) + ("/" if steps[-1] in (".", "..") else "")


def _spelled(text: str, kept: str) -> str:
    return _ENCODED.sub(_decoded, quote(text, safe=kept))


def _decoded(match: re.Match[str]) -> str:
    letter = chr(int(match[1], 16))
    return letter if letter in _UNRESERVED else match[0].upper()
