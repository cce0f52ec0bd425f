"""What all readers of files share."""

from dataclasses import dataclass

LONGEST_TEXT = 2_000_000


class Unreadable(Exception):
    """Nothing can be read in a file; the text is for the person who added it."""


@dataclass(frozen=True)
class FileRead:
    """What a file says."""

    markdown: str
    note: str | None = None
    """What of it could not be read, in words."""


def bounded(markdown: str, note: str | None = None) -> FileRead:
    """The text up to the most that is kept of one file."""
    if len(markdown) <= LONGEST_TEXT:
        return FileRead(markdown, note)
    return FileRead(markdown[:LONGEST_TEXT], "It is very long: only the beginning was read, about 700 pages of text.")
