"""Tells browsers apart by what they say of themselves, in words that their owner recognises."""

from typing import TypedDict

from flask import request

from web.addresses import current_address

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def browser_in_words(user_agent: str) -> str:
    """Like `Firefox on Linux`. Later marks are common to many browsers, so the first that fits counts."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "A browser")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser


class Arrival(TypedDict):
    """Which browser asks, in words, and from which address."""

    browser: str
    address: str


def arrival() -> Arrival:
    """What is kept of this request with the session that it begins."""
    return {"browser": browser_in_words(request.user_agent.string), "address": current_address()}
