"""How much one address and one session may do. A whole office or a phone network may share an address."""

from flask import request

from core import signing
from web.attempts import network

PER_ADDRESS = "1200/minute;12000/hour"
PER_SESSION = "40/minute;400/hour"
HANDOFFS_PER_ADDRESS = "60/hour"
REPORTS_PER_ADDRESS = "300/minute"
PER_ADDRESS_WITHOUT_SCRIPT = "60/minute;600/hour"


def session_key() -> str:
    """Count by session, however its token is spelled; what is no token counts by address."""
    session_id = signing.session_of(request.headers.get("X-Widget-Token", ""))
    return session_id.hex if session_id else network()
