"""Knows the providers of e-mail addresses that are made to be thrown away."""

from functools import cache
from pathlib import Path

_LIST = Path(__file__).with_suffix(".txt")


def provider_of(email: str | None) -> str | None:
    """The provider of a throw-away address; None for any other."""
    domain = (email or "").rpartition("@")[2].lower().rstrip(".")
    labels = domain.split(".")
    names = (".".join(labels[start:]) for start in range(len(labels) - 1))
    return next((name for name in names if name in _providers()), None)


@cache
def _providers() -> frozenset[str]:
    lines = _LIST.read_text().splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
