"""Addresses of pages, without what they may tell of who reads them."""

import re
from urllib.parse import unquote

from core.privacy.masking import mask

_ADDRESS = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*:)?//(?:[^/?#@\s]*@)?(?P<rest>[^?#\s]*)|(?P<path>/[^?#\s]*)", re.I)


def looks_like_page(text: str) -> bool:
    """Whether a text is the address of a page, whole or without its website."""
    return bool(_ADDRESS.match(text)) and not re.search(r"\s", text)


def plain_page(address: str) -> str:
    """An address without user, query and fragment, where tokens and e-mails travel, and with its path masked."""
    match = _ADDRESS.match(address)
    if match is None:
        return mask(address).text
    begin = f"{match['scheme'] or ''}//" if match["path"] is None else ""
    path = match["rest"] if match["path"] is None else match["path"]
    masked = mask(unquote(path))
    return f"{begin}{masked.text if masked.spans else path}"
