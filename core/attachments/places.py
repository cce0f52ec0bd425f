"""Where the bytes of files lie."""

import uuid

FOLDER = "attachments"


def key_of(number: uuid.UUID) -> str:
    """The name under which the bytes of an attachment are stored."""
    return f"{FOLDER}/{number}"
