"""Where a connection's server is: which addresses may be asked, and what is shown of them."""

from urllib.parse import urlsplit

from core.connections import shopify
from core.errors import Invalid
from core.shown_addresses import MARK, without_keys
from core.texts import required_text
from gateways.outgoing import OutgoingError, check_url
from models.connections import Connection, ConnectionKind

LONGEST_URL = 2_000
_reach: dict[str, bool] = {"allow_private": False}


def reach(*, allow_private: bool) -> None:
    """Say for this process whether servers of the own network may be asked, and those without https."""
    _reach["allow_private"] = allow_private


def reaches_private() -> bool:
    """Whether servers of the own network may be asked."""
    return _reach["allow_private"]


def checked_url(url: str) -> str:
    """An address as it can be asked.

    Raises:
        Invalid: when it cannot, in words.
    """
    text = required_text(url, name="The address", limit=LONGEST_URL)
    try:
        parsed = check_url(text, allow_private=reaches_private())
    except OutgoingError as error:
        raise Invalid(str(error)) from None
    if parsed.scheme != "https" and not reaches_private():
        raise Invalid("The address has to begin with https://, so that nobody on the way can read along.")
    return text.partition("#")[0]


def address_of(row: Connection, url: str) -> str:
    """Where a connection's server is, by what somebody has entered."""
    return checked_url(shopify.endpoint(url) if row.kind is ConnectionKind.SHOPIFY else url)


def check_whole(row: Connection) -> None:
    """Refuse an address that came with the copy of a workspace and cannot be used as it is.

    Raises:
        Invalid: naming what is missing.
    """
    if MARK in row.url:
        raise Invalid("The keys in this address stayed behind with the copy. Enter the address with them first.")
    checked_url(row.url)


def changed(row: Connection, url: str) -> str:
    """The address that somebody wants, who was shown the one before without its keys."""
    # One that came with an archive has left its key behind.
    if url.strip() == without_keys(row.url) and MARK not in row.url:
        return row.url
    if MARK in url:
        raise Invalid(f"What stands as {MARK} is kept and not shown. To change the address, enter it with its keys.")
    return address_of(row, url)


def website(url: str) -> tuple[str, str, int | None]:
    """Of two addresses with the same one, the same people have the server."""
    parsed = urlsplit(url)
    return parsed.scheme, parsed.netloc.lower(), parsed.port
