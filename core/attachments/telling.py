"""What messages and browsers are told of a file."""

from collections.abc import Iterable, Mapping
from typing import Any

from models.conversations import Message
from models.files import Attachment

_ADDRESS = "/api/v1/widget/attachments"


def as_details(attachments: Iterable[Attachment]) -> dict[str, Any]:
    """What the message itself says of its files, so that showing it takes no look into another table."""
    all_told = [_told(row) for row in attachments]
    return {"attachments": all_told} if all_told else {}


def as_json(attachment: Attachment) -> dict[str, Any]:
    """An attachment as the widget gets it (docs/widget-api.md)."""
    return with_address(_told(attachment))


def with_address(told: Mapping[str, Any]) -> dict[str, Any]:
    """What a message says of a file, with where it is fetched; the address alone, without a session, opens nothing."""
    return {**told, "url": f"{_ADDRESS}/{told['id']}"}


def names_in(message: Message) -> list[str]:
    """The names of the files that a message brought."""
    return [told["name"] for told in message.details.get("attachments", [])]


def _told(row: Attachment) -> dict[str, Any]:
    told = {"id": str(row.id), "name": row.name, "size": row.size, "mediaType": row.media_type}
    return told | ({"width": row.width, "height": row.height} if row.width else {})
