"""Where a request comes from. Only what as many proxies as are trusted have added is believed (web/proxies.py)."""

from flask import request

from core import networks


def current_address() -> str:
    """The visitor's address in its one spelling, empty when it cannot be read."""
    return networks.spelled(request.remote_addr)


def network() -> str:
    """As what the visitor's address is counted: of IPv6 the /64 that one household is given."""
    return networks.counted(request.remote_addr)


def proxy_address() -> str:
    """The address at the other end of the connection, which is that of the nearest proxy if there is one."""
    before = request.environ.get("werkzeug.proxy_fix.orig", {})
    return networks.spelled(before.get("REMOTE_ADDR") or request.remote_addr)


def hides_behind_a_proxy() -> bool:
    """Whether a proxy seems to be in front that this server was not told of: it takes all visitors for one."""
    return "werkzeug.proxy_fix.orig" not in request.environ and "X-Forwarded-For" in request.headers
