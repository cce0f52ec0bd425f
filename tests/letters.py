"""The mails that the app wrote to its folder."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import cast

from flask import Flask


def letters(app: Flask) -> list[EmailMessage]:
    """All of them, in no order; the folder is emptied by each look."""
    found = []
    for path in Path(app.config["MAIL_FILE_PATH"]).glob("*.log"):
        content = path.read_bytes().rpartition(b"-" * 79)[0]
        found.append(cast(EmailMessage, message_from_bytes(content, policy=policy.default)))
        path.unlink()
    return found


def link_in(letter: EmailMessage) -> str:
    """The path of the link in a letter's text."""
    found = re.search(r"http://localhost(/\S+)", text_of(letter))
    assert found, "There is no link in the letter."
    return found[1]


def text_of(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())
