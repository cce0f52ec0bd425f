"""Lists of rows in the customizer's form, which buttons that post make longer and shorter, with or without scripts."""

from collections.abc import Callable, Mapping
from typing import Any

from wtforms import FieldList


def arrange(rows: FieldList, pressed: str | None, *, name: str, blank: Callable[[], Mapping[str, Any]]) -> None:
    """Do to a list what a pressed button says.

    Args:
        pressed: `NAME:add`, or `NAME:up:2`, `NAME:down:2`, `NAME:remove:2` with the place of the row.
        name: of this list; buttons of other lists are none of its business.
        blank: what stands in a new row.
    """
    action, place = _read(pressed, name)
    values = [entry.data for entry in rows]
    if action == "add" and len(values) < (rows.max_entries or 0):
        values.append(blank())
    elif place in range(len(values)):
        row = values.pop(place)
        if action in ("up", "down"):
            values.insert(max(0, place + (1 if action == "down" else -1)), row)
        elif action != "remove":
            values.insert(place, row)
    else:
        return
    _write(rows, values)


def _read(pressed: str | None, name: str) -> tuple[str, int]:
    words = (pressed or "").split(":")
    if words[0] != name or len(words) < 2:
        return "", -1
    place = words[2] if len(words) == 3 else ""
    return words[1], int(place) if place.isascii() and place.isdigit() and len(place) < 4 else -1


def _write(rows: FieldList, values: list[Any]) -> None:
    while len(rows):
        rows.pop_entry()
    for value in values:
        rows.append_entry(value)
