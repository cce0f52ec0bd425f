"""Where a page of a long list ends, so that the next one begins right after it however much was added meanwhile."""

import base64
import binascii
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from core.errors import Invalid


@dataclass(frozen=True)
class Place:
    """A row's place in a list that is ordered by a moment."""

    moment: datetime
    row_id: uuid.UUID
    rank: int = 0
    """For lists in which some rows come before all others."""

    def written(self) -> str:
        """As it stands in an address."""
        micros = round(self.moment.timestamp() * 1_000_000)
        content = bytes([self.rank]) + micros.to_bytes(8, "big") + self.row_id.bytes
        return base64.urlsafe_b64encode(content).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> "Place":
        """What `written` made.

        Raises:
            Invalid: when it is not from us.
        """
        try:
            content = base64.b64decode(text.encode("ascii") + b"==", altchars=b"-_", validate=True)
            rank, micros, number = content[0], int.from_bytes(content[1:9], "big"), uuid.UUID(bytes=content[9:])
            # In two parts, because a float has too few digits for microseconds.
            moment = datetime.fromtimestamp(micros // 1_000_000, UTC).replace(microsecond=micros % 1_000_000)
        except (ValueError, IndexError, OverflowError, OSError, binascii.Error):
            raise Invalid("This page of the list is not known any more. Begin at the top.") from None
        return cls(moment, number, rank)
