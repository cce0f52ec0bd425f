"""What the pages about sources say of kinds, statuses and readings."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.sources.rules import EVERY_HOURS
from models.knowledge import PageStatus, Source, SourceKind
from web.templates import count


@dataclass(frozen=True)
class Kind:
    """A kind of source, as the choice shows it."""

    name: str
    lead: str
    icon_name: str


KINDS: Mapping[SourceKind, Kind] = MappingProxyType(
    {
        SourceKind.SITE: Kind("A website", "Follows the links from page to page", icon_name="world"),
        SourceKind.PAGE: Kind("One page", "Only the page that you name", icon_name="browser"),
        SourceKind.SITEMAP: Kind("A sitemap", "The pages that a sitemap lists", icon_name="sitemap"),
        SourceKind.FILE: Kind("A file", "PDF, Word, Markdown, text or CSV", icon_name="file-text"),
        SourceKind.TEXT: Kind("A text", "Paste it, and change it here", icon_name="clipboard-text"),
    }
)
STATUSES: Mapping[PageStatus, str] = MappingProxyType(
    {
        PageStatus.WAITING: "Not read yet",
        PageStatus.READ: "Read",
        PageStatus.UNCHANGED: "Read, nothing new",
        PageStatus.DUPLICATE: "Same as another page",
        PageStatus.SKIPPED: "Passed over",
        PageStatus.FAILED: "Could not be read",
        PageStatus.GONE: "Not there any more",
    }
)
GROUPS: Mapping[str, tuple[str, tuple[PageStatus, ...]]] = MappingProxyType(
    {
        "read": ("Read", (PageStatus.READ, PageStatus.UNCHANGED)),
        "trouble": ("With a problem", (PageStatus.FAILED, PageStatus.GONE)),
        "passed": ("Passed over", (PageStatus.SKIPPED, PageStatus.DUPLICATE)),
        "waiting": ("Not read yet", (PageStatus.WAITING,)),
    }
)
_OFTEN = dict(zip(EVERY_HOURS, ("every day", "every week", "every month"), strict=True))


def facts_of(source: Source, counts: Counter[PageStatus], entries: int) -> list[str]:
    """What there is of a source, in a few words each."""
    pages = counts[PageStatus.READ] + counts[PageStatus.UNCHANGED]
    told = []
    if pages and source.kind in (SourceKind.SITE, SourceKind.SITEMAP):
        told.append(count(pages, "page"))
    if entries:
        told.append(f"{count(entries, 'part')} to answer from")
    if source.kind == SourceKind.FILE and source.size:
        told.append(size_of(source.size))
    if trouble := counts[PageStatus.FAILED]:
        is_of_pages = source.kind in (SourceKind.SITE, SourceKind.SITEMAP)
        told.append(f"{count(trouble, 'page')} could not be read" if is_of_pages else "could not be read")
    if source.read_every_hours:
        told.append(f"read again {_OFTEN.get(source.read_every_hours, 'regularly')}")
    return [f"{told[0][:1].upper()}{told[0][1:]}", *told[1:]] if told else []


def size_of(size: int) -> str:
    if size >= 1_000_000:
        return f"{size / 1_000_000:.1f} MB"
    return f"{max(1, round(size / 1000)):,} kB"
