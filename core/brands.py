"""What a business calls itself, as far as its website's address tells."""

import re

from core.domains import origin_of


def name_of(site_url: str) -> str:
    """A name to begin with: `https://www.lantern-loom.co.uk` is *Lantern Loom*.

    Returns:
        Nothing when the address has no name in it, such as an IP address.
    """
    from publicsuffixlist import PublicSuffixList

    origin = origin_of(site_url)
    if origin is None or not origin.host[-1].isalpha():
        return ""
    domain: str | None = PublicSuffixList().privatesuffix(origin.host)
    if not domain or "." not in domain:
        return ""
    return " ".join(word[:1].upper() + word[1:] for word in re.split(r"[-_]+", _readable(domain)) if word)[:45]


def _readable(domain: str) -> str:
    label = domain.partition(".")[0]
    return label.encode("ascii").decode("idna") if label.startswith("xn--") else label
