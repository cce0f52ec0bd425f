"""Files that browsers send, and files that they are given."""

import io

from flask import Response, request, send_file
from werkzeug.datastructures import FileStorage

from core import attachments
from core.errors import Invalid
from models.files import Attachment

_AROUND = 256 * 1024
"""Bytes of a form beside its files."""
_PRIVATE = "private, no-store"


def expect_files(number: int, *, largest: int = attachments.MOST_BYTES) -> None:
    """Let this request bring so many files of the largest size, in bytes; before its form is read."""
    request.max_content_length = number * largest + _AROUND


def sent_file(field: str) -> tuple[str, bytes]:
    """The name and the bytes of the one file of this field.

    Raises:
        Invalid: when there is none.
    """
    file = request.files.get(field)
    if file is None:
        raise Invalid("Choose a file.", code="file_refused")
    return file.filename or "", content_of(file)


def sent_files(field: str) -> list[FileStorage]:
    """The files of this field. A form whose field was left empty brings one without a name."""
    return [file for file in request.files.getlist(field) if file.filename]


def content_of(file: FileStorage) -> bytes:
    """The bytes of a sent file; one more than may be is read, so that too large a one is known as such."""
    return file.stream.read(attachments.MOST_BYTES + 1)


def answer_with(attachment: Attachment) -> Response:
    """The bytes of an attachment. Only a picture, which was encoded anew, may be shown; all else is to be saved."""
    response = send_file(
        io.BytesIO(attachments.content_of(attachment)),
        mimetype=attachment.media_type,
        as_attachment=not attachment.media_type.startswith("image/"),
        download_name=attachment.name,
        etag=False,
        conditional=False,
    )
    response.headers["Cache-Control"] = _PRIVATE
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
