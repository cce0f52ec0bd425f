"""Greetings with what is known of the customer in them: `Hi {{customer.first_name|there}}`.

static/js/widget/greetings.js does the same in browsers; tests/greetings.json holds both to the same.
"""

import re
from collections.abc import Mapping

VARIABLES: Mapping[str, str] = {
    "customer.first_name": "the customer’s first name",
    "customer.name": "the customer’s whole name",
    "customer.email": "the customer’s e-mail address",
    "agent.name": "the name of your agent",
    "order.number": "the number of the latest order of a customer who has signed in at your Shopify shop",
    "order.status": "where that order is",
}
"""What can stand between braces, and what it becomes."""

_LONGEST_VALUE = 60
# Names are trimmed afterwards: with spaces that could be part of either, a long row of them would take seconds.
_MARK = re.compile(r"[ \t]*\{\{([^{}|]*)(?:\|([^{}]*))?\}\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """A greeting with values in the places of its variables.

    Args:
        values: by the names in `VARIABLES`. Where one is missing the words behind the `|` stand; where there are none,
            the variable goes together with the space before it.

    Returns:
        Plain text. It is as safe as text is: whoever puts it into a page has to put it there as text.
    """

    def put(mark: re.Match[str]) -> str:
        value = _short(values.get(mark[1].strip(), "")) or (mark[2] or "").strip()
        space = mark[0][: mark[0].index("{")]
        return f"{space}{value}" if value else ""

    filled = _MARK.sub(put, text)
    # A variable that stood first leaves the comma behind it.
    return filled if filled == text else filled.lstrip(" \t,;:")


def has_variables(text: str) -> bool:
    """Whether something is put into this text."""
    return _MARK.search(text) is not None


def problem_with(text: str, *, known: Mapping[str, str] = VARIABLES) -> str:
    """What is wrong with the variables of a text, as a sentence; empty when nothing is.

    Args:
        known: the names that may stand between braces there.
    """
    for mark in _MARK.finditer(text):
        if mark[1].strip() not in known:
            names = ", ".join(f"{{{{{name}}}}}" for name in known)
            return f"{{{{{mark[1].strip()}}}}} is not known here. You can use {names}."
    rest = _MARK.sub("", text)
    broken = next((place for place in (rest.find("{{"), rest.find("}}")) if place >= 0), None)
    if broken is None:
        return ""
    return f"Write a name between two braces on either side, like {{{{customer.name}}}}; see “{_near(rest, broken)}”."


def _short(value: str) -> str:
    return " ".join(value.split())[:_LONGEST_VALUE].strip()


def _near(text: str, place: int) -> str:
    return text[place : place + 24].partition("\n")[0].strip()
