"""What a visit makes of a page: its status, its text, its entries, and the pages that it leads to."""

import hashlib
from datetime import datetime

from core.sources.addresses import Scope
from core.sources.crawling import Outcome, Visit
from core.sources.cutting import Part, cut
from core.sources.frontier import Frontier
from core.sources.pages_read import PageRead
from core.sources.storing import store
from models.knowledge import PageStatus, SourceKind, SourcePage

_LEAST_WORDS = 3
_ALIKE = 0.8
_STATUS = {
    Outcome.SKIPPED: PageStatus.SKIPPED,
    Outcome.KNOWN: PageStatus.DUPLICATE,
    Outcome.LISTED: PageStatus.SKIPPED,
    Outcome.FAILED: PageStatus.FAILED,
    Outcome.LATER: PageStatus.FAILED,
}


def settle(
    page: SourcePage, visit: Visit, frontier: Frontier, scope: Scope, *, parts: list[Part], now: datetime
) -> bool:
    """Keep what came of a visit, inside the caller's transaction.

    Args:
        parts: what `parts_of` made of it before the transaction.

    Returns:
        whether the agent knows something else than before.

    Raises:
        Invalid: when the agent would know more than one may.
    """
    if visit.outcome in (Outcome.READ, Outcome.UNCHANGED):
        changed = _keep(page, visit, frontier, parts=parts, now=now)
    else:
        changed = _leave(page, visit, frontier, now=now)
    page.read_at = now
    frontier.note(page)
    follow(page, visit, frontier, scope)
    return changed


def parts_of(visit: Visit) -> list[Part]:
    """The parts of what was read; apart from the transaction, since a long page takes its time."""
    return cut(visit.page.markdown, visit.page.title, visit.address) if visit.outcome == Outcome.READ else []


def follow(page: SourcePage, visit: Visit, frontier: Frontier, scope: Scope) -> None:
    """Have the pages visited that this one leads to, inside the caller's transaction."""
    kind = frontier.source.kind
    if visit.sitemap is not None and kind != SourceKind.PAGE:
        listed = visit.sitemap.addresses
        fits = scope.is_on_site if visit.sitemap.are_sitemaps else scope.is_to_follow
        frontier.offer(filter(fits, listed), depth=page.depth + 1)
    elif kind == SourceKind.SITE:
        frontier.offer(filter(scope.is_to_follow, visit.page.links), depth=page.depth + 1)


def mark_duplicate(page: SourcePage, other: str, *, now: datetime) -> bool:
    """Have a page stand back behind another one; whether the agent knew something of it."""
    page.status, page.problem = PageStatus.DUPLICATE, f"The same as {other}"[:500]
    return _forget(page, now=now)


def retire(page: SourcePage, *, now: datetime) -> bool:
    """Take a page out that is no longer there, inside the caller's transaction."""
    page.status, page.problem = PageStatus.GONE, "It was not found any more."
    return _forget(page, now=now)


def are_alike(one: str, other: str) -> bool:
    """Whether two texts are for the most part the same."""
    first, second = set(one.lower().split()), set(other.lower().split())
    return len(first & second) >= _ALIKE * max(1, len(first | second))


def _keep(page: SourcePage, visit: Visit, frontier: Frontier, *, parts: list[Part], now: datetime) -> bool:
    if visit.outcome == Outcome.UNCHANGED:
        page.status, page.problem = PageStatus.UNCHANGED, None
        return False
    read, before = visit.page, (page.content_hash, page.title)
    if len(read.markdown.split()) < _LEAST_WORDS:
        page.status, page.problem = PageStatus.SKIPPED, "There is no text on this page, or a script writes it."
        return _forget(page, now=now)
    page.title, page.language = read.title[:300] or page.address[:300], read.language
    page.etag, page.modified = visit.etag, visit.modified
    page.content_hash = _hash(read)
    twin = frontier.twin_of(page)
    if twin is not None:
        return mark_duplicate(page, twin.address, now=now)
    page.problem = visit.problem or None
    page.status = PageStatus.UNCHANGED if (page.content_hash, page.title) == before else PageStatus.READ
    page.text = read.markdown
    if page.status == PageStatus.UNCHANGED:
        return False
    return store(page, parts, now, learn=False).is_change


def _leave(page: SourcePage, visit: Visit, frontier: Frontier, *, now: datetime) -> bool:
    page.problem = visit.problem[:500]
    if visit.outcome == Outcome.GONE:
        page.status = PageStatus.GONE if page.text else PageStatus.FAILED
        return _forget(page, now=now)
    page.status = _STATUS[visit.outcome]
    if visit.outcome == Outcome.LISTED and visit.sitemap is not None:
        number = len(visit.sitemap.addresses)
        kind = "sitemaps" if visit.sitemap.are_sitemaps else "pages"
        page.problem = f"This is a list of {number:,} {kind}."
    if visit.outcome == Outcome.KNOWN:
        target = frontier.page_at(visit.address)
        page.problem = f"It leads to {visit.address}"[:500]
        if target is not None and target.problem:
            page.status, page.problem = target.status, f"It leads to {visit.address} · {target.problem}"[:500]
    if page.status == PageStatus.FAILED:
        # A website that is down for an hour must not make the agent forget.
        if page.text:
            page.problem = f"{page.problem} What was read before is kept."[:500]
        return False
    return _forget(page, now=now)


def _forget(page: SourcePage, *, now: datetime) -> bool:
    page.content_hash = page.etag = page.modified = None
    # A pasted text is kept nowhere else.
    if page.address:
        page.text = None
    return store(page, [], now, learn=False).is_change


def _hash(read: PageRead) -> str:
    return hashlib.sha256(f"{read.language}\n{read.markdown}".encode()).hexdigest()
