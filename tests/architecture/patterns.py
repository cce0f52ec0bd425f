"""Tries every pattern of the rules on its own words, again and again: prints the name of each before it is tried."""

import importlib
import pkgutil
import re
from collections.abc import Iterator

import core

_TIMES = 30
"""Where two ways to read a word double the ways to read the next, so many take hours."""
_SIGNS = ("a", "1", " ", "-", ",", ".", "@", "'", "/", ":", "ä", "中")


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """All patterns that modules keep, by where they stand."""
    for found in pkgutil.walk_packages(core.__path__, "core."):
        for name, kept in vars(importlib.import_module(found.name)).items():
            yield from _within(kept, f"{found.name}.{name}", depth=0)


def attempts(pattern: re.Pattern[str]) -> Iterator[str]:
    """Texts that nearly match."""
    words = re.findall(r"[^\W_]+", re.sub(r"\\.", " ", pattern.pattern))
    for word in dict.fromkeys((*words, *_SIGNS)):
        yield word * _TIMES + "!"
        yield f"{word} " * _TIMES + "!"


def _within(kept: object, name: str, *, depth: int) -> Iterator[tuple[str, re.Pattern[str]]]:
    if isinstance(kept, re.Pattern):
        if isinstance(kept.pattern, str):
            yield name, kept
    elif depth < 3:
        values = kept.values() if isinstance(kept, dict) else kept if isinstance(kept, list | tuple | frozenset) else ()
        for value in values:
            yield from _within(value, name, depth=depth + 1)


def main() -> None:
    tried: set[tuple[str, int]] = set()
    for name, pattern in patterns():
        if (pattern.pattern, pattern.flags) in tried:
            continue
        tried.add((pattern.pattern, pattern.flags))
        print(name, flush=True)
        for text in attempts(pattern):
            pattern.search(text)
            pattern.fullmatch(text)


if __name__ == "__main__":
    main()
