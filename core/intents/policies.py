"""Reads what a shop says to a question about its policies (`ask_business`): a stranger's words, calm and bounded."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core import grounding
from core.citations import citation
from core.intents.cards import host_of
from core.privacy import mask
from core.texts import clean, clean_line

_LONGEST = 1_500
_MOST_SOURCES = 3


@dataclass(frozen=True)
class Told:
    """A shop's answer, and the pages of its own that it names."""

    text: str
    sources: Sequence[Mapping[str, Any]]


def told(content: Any, *, hosts: Collection[str]) -> Told | None:
    """The answer in what a tool gave back; None when there is none.

    Args:
        hosts: where its links may lead, without `www.`.
    """
    answer = content.get("answer") if isinstance(content, Mapping) else None
    words = (answer.get("plain") or answer.get("markdown")) if isinstance(answer, Mapping) else answer
    if not isinstance(words, str):
        return None
    # Nothing of it leads anywhere: what may be followed stands below it, by its host.
    text = grounding.shown(mask(clean(words[:_LONGEST])).text, hosts=(), is_whole=True).strip()
    return Told(text, _sources(content.get("links"), hosts)) if text else None


def _sources(links: Any, hosts: Collection[str]) -> Sequence[Mapping[str, Any]]:
    found = []
    for link in (links if isinstance(links, list) else [])[:10]:
        address = link.get("url") if isinstance(link, Mapping) else None
        if isinstance(address, str) and len(address) <= 1_000 and host_of(address) in hosts:
            title = clean_line(str(link.get("title") or link.get("type") or "")[:120]).replace("_", " ")
            found.append(citation(title or host_of(address), address))
    return found[:_MOST_SOURCES]
