"""Reads the files that the commands take, and says in a sentence what is wrong with them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from core.errors import Invalid

_LARGEST = 50 * 1024 * 1024


@dataclass(frozen=True)
class Question:
    """One line of a file of questions."""

    id: str | int
    text: str


def read_object(path: Path) -> dict[str, Any]:
    """The JSON object in a file.

    Raises:
        Invalid: when it cannot be read, or holds something else.
    """
    content = _parsed(_text(path), where=str(path))
    if not isinstance(content, dict):
        raise Invalid(f"{path} has to hold a JSON object, in braces.")
    return content


def read_list(path: Path) -> list[Any]:
    """The JSON list in a file.

    Raises:
        Invalid: when it cannot be read, or holds something else.
    """
    content = _parsed(_text(path), where=str(path))
    if not isinstance(content, list):
        raise Invalid(f"{path} has to hold a JSON list, in square brackets.")
    return content


def read_questions(path: Path) -> Iterator[Question]:
    """The questions in a file of JSON objects, one a line; blank lines are passed over.

    Raises:
        Invalid: naming the line that cannot be used.
    """
    # Only at the newlines: JSON allows other line ends of Unicode inside a text.
    for number, line in enumerate(_text(path).split("\n"), start=1):
        if line.strip():
            yield _question(line, where=f"{path}, line {number:,}")


def _question(line: str, *, where: str) -> Question:
    content = _parsed(line, where=where)
    if not isinstance(content, dict):
        raise Invalid(f"{where} has to be an object with id and text.")
    name, text = content.get("id"), content.get("text")
    if isinstance(name, bool) or not isinstance(name, str | int):
        raise Invalid(f"{where} needs an id that is a text or a whole number.")
    if not isinstance(text, str):
        raise Invalid(f"{where} needs a text.")
    return Question(name, text)


def _parsed(text: str, *, where: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise Invalid(f"{where} is nested too deeply.") from None
    except ValueError as error:
        raise Invalid(f"{where} is not JSON: {error}.") from None


def _refuse_constant(name: str) -> NoReturn:
    # Python would read NaN and Infinity, but no other reader of our own output would.
    raise ValueError(f"{name} is no number in JSON")


def _text(path: Path) -> str:
    try:
        # Not by the size that the system tells: a pipe or a device has none.
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise Invalid("A file's name cannot have a NUL character.") from None
    if len(content) > _LARGEST:
        raise Invalid(f"{path} is larger than 50 MB.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(f"{path} is not UTF-8 text.") from None
