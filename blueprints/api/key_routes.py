"""What the key of the call itself is good for."""

from blueprints.api import caller
from blueprints.api.operations import operation
from blueprints.api.shapes.keys import KeyShown


@operation("GET", "/key", summary="Show this key", scope=None, answer=KeyShown)
def show_key() -> KeyShown:
    """Whose it is, what it may do and until when: the call to try first."""
    return KeyShown.of(caller.current_key())
