"""Selectors of elements of a website's own pages."""

import re

_NAME = r"(?:-?(?:[a-z_\u00a0-\uffff]|\\[^\da-f\s])|--)(?:[\w\u00a0-\uffff-]|\\[^\da-f\s])*"
_VALUE = rf"""(?:{_NAME}|"[^"\\]*"|'[^'\\]*')"""
_ATTRIBUTE = rf"\[ ?{_NAME} ?(?:[~|^$*]?= ?{_VALUE} ?)?\]"
_SIMPLE = rf"(?:[#.]{_NAME}|{_ATTRIBUTE})"
_COMPOUND = rf"(?:(?:\*|{_NAME}){_SIMPLE}*|{_SIMPLE}+)"
_COMPLEX = rf"{_COMPOUND}(?:(?: ?[>+~] ?| ){_COMPOUND})*"
_LIST = re.compile(rf"{_COMPLEX}(?: ?, ?{_COMPLEX})*", re.IGNORECASE | re.ASCII)


def is_selector(text: str) -> bool:
    """Whether this is a list of CSS selectors that no browser refuses (Selectors Level 3, without pseudo-classes).

    A selector that a browser refuses would stop the loader; so this is strict rather than complete.

    Args:
        text: with single spaces between its words, as `reading.plain` leaves them.
    """
    return _LIST.fullmatch(text) is not None
