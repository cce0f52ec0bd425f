"""The words of a message, for a list."""

from core import attachments, rich_text
from models.conversations import Message, Sender


def preview_of(message: Message) -> str:
    """What was said, without the signs that format it. A customer's words are no Markdown and stay as they are.

    Of a message without words it is the names of its files.
    """
    if not message.text:
        return ", ".join(attachments.names_in(message))
    return message.text if message.sender is Sender.CUSTOMER else rich_text.to_text(message.text)
