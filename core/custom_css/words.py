"""What the parts of the sanitizer share: the way to say no, and lists of names."""


class Refused(Exception):
    """Something in the sheet that is left out; the message is for the admin."""


def names(listed: str) -> frozenset[str]:
    """Read names that are separated by spaces."""
    return frozenset(listed.split())


def shown(words: str) -> str:
    """Cut what the admin wrote down to something that can be quoted in a message."""
    return "".join(sign for sign in words[:40] if sign.isprintable())
