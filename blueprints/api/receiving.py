"""Reads what a program sends, by the shape that the operation declares."""

from typing import Any, NamedTuple, TypeVar

from flask import abort, request
from pydantic import ValidationError

from blueprints.api.shapes.base import Shape
from core.errors import Invalid
from models import db
from web.errors import problem
from web.uploads import expect_files, sent_file

_MOST_TOLD = 20
Wanted = TypeVar("Wanted", bound=Shape)


class SentFile(NamedTuple):
    """A file, as its sender calls it."""

    name: str
    content: bytes


class InvalidFields(Invalid):
    """What was sent does not have the shape that is asked for."""

    def __init__(self, error: ValidationError) -> None:
        fields = [_told(one) for one in error.errors(include_url=False, include_input=False)[:_MOST_TOLD]]
        first = fields[0]
        super().__init__(f"{first['name'] or 'The request'}: {first['problem']}.")
        self.details = {"fields": fields}


def query(shape: type[Wanted]) -> Wanted:
    """What stands behind the question mark.

    Raises:
        Invalid: naming each field that cannot be used.
    """
    if doubled := [name for name, sent in request.args.lists() if len(sent) > 1]:
        raise Invalid(f"{doubled[0]} stands in the address twice.")
    try:
        wanted = shape.model_validate(request.args.to_dict(), strict=False, by_alias=True, by_name=False)
    except ValidationError as error:
        raise InvalidFields(error) from None
    _refuse_nothing_signs(wanted.model_dump())
    return wanted


def body(shape: type[Wanted]) -> Wanted:
    """The JSON that was sent.

    Raises:
        Invalid: naming each field that cannot be used.
    """
    if request.mimetype != "application/json":
        abort(problem("unsupported_media_type", "Send JSON, with “Content-Type: application/json”.", 415))
    try:
        wanted = shape.model_validate_json(request.get_data(cache=True), by_alias=True, by_name=False)
    except ValidationError as error:
        if error.errors(include_url=False, include_input=False)[0]["type"] == "json_invalid":
            abort(problem("json_invalid", "What was sent is no JSON.", 400))
        raise InvalidFields(error) from None
    _refuse_nothing_signs(wanted.model_dump())
    return wanted


def file() -> SentFile:
    """The one file of the form that was sent, in the field `file`.

    Raises:
        Invalid: when there is none, or anything beside it.
    """
    if request.mimetype != "multipart/form-data":
        abort(problem("unsupported_media_type", "Send a form with a file, as multipart/form-data.", 415))
    # A slow line must not hold a read of the database open.
    db.session.commit()
    expect_files(1)
    if request.form or len(request.files) > 1:
        raise Invalid("Send one file, in the field “file”, and nothing beside it.")
    return SentFile(*sent_file("file"))


def _refuse_nothing_signs(value: object) -> None:
    # No database of ours takes U+0000 in a text, and no text needs it.
    if isinstance(value, str) and "\x00" in value:
        raise Invalid("A text must not hold the character U+0000.")
    if isinstance(value, dict):
        for pair in value.items():
            _refuse_nothing_signs(pair)
    elif isinstance(value, list | tuple):
        for one in value:
            _refuse_nothing_signs(one)


def _told(one: Any) -> dict[str, str]:
    return {"name": ".".join(map(str, one["loc"])), "problem": str(one["msg"]).removeprefix("Value error, ")}
