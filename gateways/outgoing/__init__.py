"""The one outgoing HTTP client for every address that a user can steer.

Crawled pages, webhooks, MCP servers, LLM base URLs, JWKS and brand imports all go through here, so that nobody can make
the server speak to the network it stands in (SSRF, OWASP A10). What is checked is what is connected to: the name is
resolved once, inside the connection, and the connection goes to the very address that was checked.
"""

from gateways.outgoing.addresses import check_address, check_url
from gateways.outgoing.apart import ApartTransport
from gateways.outgoing.client import Limits, Response, fetch
from gateways.outgoing.kept import KeptConnections, path_of
from gateways.outgoing.reading import Answer
from gateways.outgoing.refusals import OutgoingError, OutgoingFailed, OutgoingRefused
from gateways.outgoing.transport import GuardedTransport, Resolver, resolve

__all__ = [
    "Answer",
    "ApartTransport",
    "GuardedTransport",
    "KeptConnections",
    "Limits",
    "OutgoingError",
    "OutgoingFailed",
    "OutgoingRefused",
    "Resolver",
    "Response",
    "check_address",
    "check_url",
    "fetch",
    "path_of",
    "resolve",
]
