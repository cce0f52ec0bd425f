"""How much one address and one session may do. A whole office or a phone network may share an address."""

from flask import request

PER_ADDRESS = "1200/minute;12000/hour"
PER_SESSION = "40/minute;400/hour"
PER_ADDRESS_WITHOUT_SCRIPT = "60/minute;600/hour"


def session_key() -> str:
    """Count by the session's token, as it was sent; whether it is a good one is asked later."""
    return request.headers.get("X-Widget-Token", "")[-64:]
