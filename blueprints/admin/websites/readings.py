"""What was typed and what is on the list, in words for the page."""

from collections.abc import Collection
from dataclasses import dataclass

from core import websites
from core.domains import (
    InvalidPattern,
    Pattern,
    companions,
    described,
    parse_pattern,
    read_entries,
    shown,
    valid_patterns,
)
from models.agents import Agent, Website


@dataclass(frozen=True)
class Chip:
    """A website on the list."""

    website: Website
    name: str
    meaning: str
    is_any: bool


@dataclass(frozen=True)
class Offer:
    """What is likely meant as well."""

    pattern: str
    meaning: str
    is_taken: bool


@dataclass(frozen=True)
class Reading:
    """How one piece of what was typed is understood."""

    text: str
    problem: str
    pattern: str
    meaning: str
    is_page: bool
    is_any: bool
    covered_by: str
    offers: tuple[Offer, ...]


def chips(agent: Agent) -> list[Chip]:
    """The list, without the two names of one's own computer while their switch is on."""
    hidden = websites.LOCAL if websites.allows_local(agent) else ()
    return [_chip(website) for website in agent.websites if website.pattern not in hidden]


def read(agent: Agent, text: str, taken: Collection[str]) -> list[Reading]:
    """How what somebody types is understood, while they type it."""
    listed = dict(valid_patterns(websites.patterns(agent)))
    readings = []
    for entry in read_entries(text):
        pattern = entry.pattern
        readings.append(
            Reading(
                text=entry.text[:80],
                problem=entry.problem,
                pattern=str(pattern or ""),
                meaning=described(pattern) if pattern else "",
                is_page=entry.is_page,
                is_any=bool(pattern and pattern.is_any_host),
                covered_by=_covering(listed, pattern) if pattern else "",
                offers=_offers(listed, pattern, taken) if pattern else (),
            )
        )
    return readings


def _chip(website: Website) -> Chip:
    try:
        pattern = parse_pattern(website.pattern)
    except InvalidPattern as problem:
        return Chip(website, website.pattern, f"Allows nothing. {problem}", is_any=False)
    name = (
        "Every website"
        if website.pattern == websites.ANYWHERE
        else str(pattern).replace(pattern.host, shown(pattern.host))
    )
    return Chip(website, name, described(pattern), pattern.is_any_host)


def _covering(listed: dict[str, Pattern], pattern: Pattern) -> str:
    return next((text for text, known in listed.items() if known.covers(pattern)), "")


def _offers(listed: dict[str, Pattern], pattern: Pattern, taken: Collection[str]) -> tuple[Offer, ...]:
    # Whoever names a website while every website is allowed is about to close the list.
    named = {text: known for text, known in listed.items() if not known.is_any_host}
    return tuple(
        Offer(str(offer), described(offer), str(offer) in taken)
        for offer in companions(pattern)
        if not _covering(named, offer)
    )
