"""How a request to the outside ends without an answer."""


class OutgoingError(Exception):
    """No answer was fetched; the message says why in plain words."""


class OutgoingRefused(OutgoingError):
    """The address must not be asked, now or later."""


class OutgoingFailed(OutgoingError):
    """The address may be asked, but did not give a usable answer this time."""
