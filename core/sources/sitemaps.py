"""Sitemaps: lists of a website's pages, and lists of such lists (sitemaps.org). Read in the child process."""

import re
import zlib
from dataclasses import dataclass

from core.sources.addresses import normal

MOST_LISTED = 10_000
MOST_BYTES = 20 * 1024 * 1024
_GZIP = b"\x1f\x8b"
_ROOT = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>|<!--.{0,2000}?-->|<\?[^>]{0,500}\?>|\s)*<(?:\w+:)?(urlset|sitemapindex)\b", re.S
)


@dataclass(frozen=True)
class Sitemap:
    """What a sitemap lists: pages, or further sitemaps."""

    addresses: tuple[str, ...]
    are_sitemaps: bool


def unpacked(body: bytes) -> bytes:
    """The content of a packed sitemap, up to `MOST_BYTES`; anything else as it is."""
    if not body.startswith(_GZIP):
        return body
    try:
        return zlib.decompressobj(wbits=31).decompress(body, MOST_BYTES)
    except zlib.error:
        return b""


def read_sitemap(body: bytes, address: str) -> Sitemap | None:
    """Read a sitemap.

    Args:
        body: XML; what is broken at its end is read as far as it goes. Entities are not followed.
        address: where it came from.

    Returns:
        None when it is something else.
    """
    from lxml import etree

    root = _ROOT.match(body.removeprefix(b"\xef\xbb\xbf")[:10_000])
    if root is None:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    tree = etree.fromstring(body, parser)
    found: dict[str, None] = {}
    for place in tree.iter("{*}loc") if tree is not None else ():
        listed = normal(place.text or "", address)
        # Pictures and films of a page are listed within it, under the same name.
        if listed and etree.QName(place.getparent()).localname in ("url", "sitemap"):
            found[listed] = None
        if len(found) >= MOST_LISTED:
            break
    return Sitemap(tuple(found), are_sitemaps=root[1] == b"sitemapindex")
