"""Takes values out of what somebody wrote, and says in words what cannot be used."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core import greetings, page_patterns
from core.widget_configs.colours import read_colour
from core.widget_configs.selectors import is_selector

# Words that people coming from other chats use for the same setting.
_SAME = {
    "accent": ("accent_color", "accentColor", "primary", "primary_color", "primaryColor", "color"),
    "scheme": ("mode", "color_scheme", "colorScheme"),
    "after_seconds": ("delay_seconds", "afterSeconds", "seconds", "delay"),
}
_PICTURE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")


class Reader:
    """Takes values out of a mapping one by one, and collects what is wrong with them, by the name of the part."""

    def __init__(self, settings: Mapping[str, Any], prefix: str = "", problems: dict[str, str] | None = None) -> None:
        self._settings = settings
        self._prefix = prefix
        self.problems: dict[str, str] = {} if problems is None else problems

    def raw(self, key: str) -> Any:
        return next((self._settings[name] for name in (key, *_SAME.get(key, ())) if name in self._settings), None)

    def refuse(self, key: str, sentence: str) -> None:
        self.problems[f"{self._prefix}{key}"] = sentence

    def part(self, key: str) -> "Reader":
        value = self.raw(key)
        if value is not None and not isinstance(value, Mapping):
            self.refuse(key, "Write this as named values in braces.")
        return Reader(value if isinstance(value, Mapping) else {}, f"{self._prefix}{key}.", self.problems)

    def rows(self, key: str, *, most: int, what: str) -> "list[Reader] | None":
        """A reader for each row of a list, named like `triggers.0`; None when there is no list to use."""
        value = self.raw(key)
        if value is None:
            return None
        found = [value] if isinstance(value, Mapping) else value
        if not isinstance(found, list | tuple) or not all(isinstance(row, Mapping) for row in found):
            self.refuse(key, f"Write the {what} as a list.")
        elif len(found) > most:
            self.refuse(key, f"Up to {most} {what} can be kept.")
        else:
            return [Reader(row, f"{self._prefix}{key}.{n}.", self.problems) for n, row in enumerate(found)]
        return None

    def text(self, key: str, base: str, *, longest: int, what: str, needed: bool = False, lines: bool = False) -> str:
        value = self.raw(key)
        if value is None:
            return base
        if not isinstance(value, str):
            self.refuse(key, f"Write the {what} as text.")
            return base
        text = plain(value, lines=lines)
        if needed and not text:
            self.refuse(key, f"Write a {what}.")
        elif len(text) > longest:
            self.refuse(key, f"Shorten the {what} to {longest:,} characters; it has {len(text):,}.")
        else:
            return text
        return base

    def greeting(self, key: str, base: str, *, longest: int, what: str, needed: bool = False) -> str:
        """A text of several lines in which variables may stand (`core.greetings`)."""
        text = self.text(key, base, longest=longest, what=what, needed=needed, lines=True)
        sentence = greetings.problem_with(text)
        if sentence and text != base:
            self.refuse(key, sentence)
            return base
        return text

    def pages(self, key: str) -> str:
        """A pattern of pages (`core.page_patterns`), or nothing."""
        pattern = self.text(key, "", longest=200, what="address")
        sentence = page_patterns.problem_with(pattern) if pattern else ""
        if sentence:
            self.refuse(key, sentence)
        return "" if sentence else pattern

    def texts(self, key: str, base: tuple[str, ...], *, most: int, longest: int, what: str) -> tuple[str, ...]:
        """A list of texts, each once, without the empty ones."""
        value = self.raw(key)
        if value is None:
            return base
        if not isinstance(value, list | tuple) or not all(isinstance(text, str) for text in value):
            self.refuse(key, f"Write the {what} as a list of texts.")
            return base
        texts = tuple(dict.fromkeys(text for text in map(plain, value) if text))
        if len(texts) > most:
            self.refuse(key, f"Up to {most} {what} can be kept.")
        elif any(len(text) > longest for text in texts):
            self.refuse(key, f"Shorten each of the {what} to {longest} characters.")
        else:
            return texts
        return base

    def page_list(self, key: str, base: tuple[str, ...]) -> tuple[str, ...]:
        """A list of patterns of pages, like `/pricing` or `/blog/*`."""
        pages = self.texts(key, base, most=20, longest=200, what="addresses")
        problem = next(filter(None, map(page_patterns.problem_with, pages)), "")
        if problem:
            self.refuse(key, problem)
        return base if problem else pages

    def selector(self, key: str, base: str) -> str:
        """A CSS selector that every browser reads, or nothing."""
        text = self.text(key, base, longest=200, what="selector")
        if text and not is_selector(text):
            self.refuse(key, "Write a CSS selector like #chat or a.help, without anything behind a colon.")
            return base
        return text

    def number(self, key: str, base: int, least: int, most: int) -> int:
        found = self.optional_number(key, base, least, most)
        return base if found is None else found

    def optional_number(self, key: str, base: int | None, least: int, most: int) -> int | None:
        """A whole number; None where it was left empty."""
        value = self.raw(key)
        if value is None:
            return base
        if isinstance(value, str):
            if not value.strip():
                return None
            if value.strip().isascii() and value.strip().isdigit():
                value = int(value.strip()[:11])
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.refuse(key, f"Write a whole number from {least:,} to {most:,}.")
            return base
        return value

    def choice(self, key: str, base: str, choices: Sequence[str]) -> str:
        value = self.raw(key)
        if value is None:
            return base
        if value not in choices:
            self.refuse(key, f"Choose one of {', '.join(one or 'nothing' for one in choices)}.")
            return base
        return str(value)

    def switch(self, key: str, base: bool) -> bool:
        value = self.raw(key)
        if value is None:
            return base
        if not isinstance(value, bool):
            self.refuse(key, "Write true or false.")
            return base
        return value

    def colour(self, key: str, base: str, *, may_be_empty: bool = False) -> str:
        value = self.raw(key)
        if value is None:
            return base
        if may_be_empty and isinstance(value, str) and not value.strip():
            return ""
        colour = read_colour(value)
        if colour is None:
            self.refuse(key, "Write the colour as #rrggbb, for example #1f6feb.")
        return colour or base

    def picture(self, key: str, base: str) -> str:
        """The id of an uploaded picture, or nothing. Whose it is, is known only where it is shown."""
        return self._fitting(key, base, _PICTURE.fullmatch, "Upload the picture once more.")

    def time(self, key: str, base: str) -> str:
        """A time of day like `09:30`, or nothing."""
        return self._fitting(key, base, _TIME.fullmatch, "Write a time like 09:30.")

    def _fitting(self, key: str, base: str, fits: Callable[[str], object], sentence: str) -> str:
        value = self.raw(key)
        if value is None:
            return base
        if not isinstance(value, str) or (value.strip() and not fits(value.strip())):
            self.refuse(key, sentence)
            return base
        return value.strip()


def plain(text: str, *, lines: bool = False) -> str:
    """Text without surrounding space and without characters that nobody can see or a database cannot keep."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not lines:
        text = " ".join(text.split())
    kept = (letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs"))
    return "".join(kept).strip()
