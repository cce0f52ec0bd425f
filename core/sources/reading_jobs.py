"""The job of a reading: a few seconds of it at a time, so that no website keeps the others waiting.

What it has done is in the database after every page. A process that dies loses the page that it was at, and nothing
else: the job goes on where the pages say that it is.
"""

import threading
import time
import uuid
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta

import structlog

from core import jobs
from core.clock import utc_now
from core.errors import Invalid
from core.knowledge.learning import start_learning
from core.sources import paces, robots
from core.sources.addresses import Scope, normal, origin_of
from core.sources.crawling import Crawler, Known, Outcome, Visit
from core.sources.cutting import Part
from core.sources.documents import read_document
from core.sources.extraction import Extractor
from core.sources.frontier import Frontier, counts
from core.sources.readings import scope_of
from core.sources.rules import WEB, Rules, next_reading
from core.sources.settling import are_alike, follow, mark_duplicate, parts_of, retire, settle
from models import db, transaction
from models.agents import Agent
from models.jobs import Job
from models.knowledge import PageStatus, Source, SourceKind, SourcePage

log = structlog.get_logger()

SLICE_SECONDS = 5.0
_LONGEST = timedelta(hours=12)
_MOST_BYTES = 2 * 1024**3
_MOST_TRIES = 3
# A page at which the process has died this often is left out.
_MOST_CRASHES = 3
_MOST_SITEMAPS = 10

# One source at a time in a process: crawling may take its time, customers may not be made to wait for it.
_turn = threading.Lock()
_extractor = Extractor()
_tries: dict[uuid.UUID, int] = {}
_received: dict[uuid.UUID, int] = {}


def run(job: Job, *, allow_private: bool) -> None:
    """Go on with a reading.

    Args:
        allow_private: whether pages of the own network may be asked.

    Raises:
        Later: when there is more to read than fits in one turn.
        Stopped: when somebody has stopped it, or deleted the source.
    """
    source = db.session.get(Source, job.subject_id, populate_existing=True)
    if source is None:
        return
    if not _turn.acquire(blocking=False):
        raise jobs.Later(1.0)
    goes_on = False
    try:
        with paces.alone_at(source.address, job.id) if source.address else nullcontext():
            _Slice(job, source, allow_private=allow_private).run()
    except jobs.Later:
        goes_on = True
        raise
    finally:
        if not goes_on:
            _extractor.close()
        _turn.release()


class _Slice:
    """A few seconds of one reading."""

    def __init__(self, job: Job, source: Source, *, allow_private: bool) -> None:
        self._job = job
        self._source = source
        self._allow_private = allow_private
        self._scope: Scope = scope_of(source)
        self._frontier = Frontier(source, most_pages=Rules.of(source).most_pages)
        self._crawler = Crawler(
            scope=self._scope,
            extractor=_extractor,
            is_settled=self._frontier.is_settled,
            allow_private=allow_private,
            heeds_noindex=source.kind != SourceKind.PAGE,
        )
        self._is_changed = False

    def run(self) -> None:
        """Visit pages until the time is up or none is left.

        Raises:
            Later: when some are left.
        """
        ends = time.monotonic() + SLICE_SECONDS
        try:
            while (page := self._frontier.next()) is not None:
                self._refuse_endless()
                self._step(page)
                # What the process has survived was not the fault of a page.
                self._job.attempts = 0
                if time.monotonic() > ends:
                    raise jobs.Later
            self._finish()
        finally:
            self._learn()

    def _step(self, page: SourcePage, *, heeds_canonical: bool = True) -> None:
        visit = self._visit(page)
        if visit.outcome == Outcome.LATER:
            visit = self._tried_enough(page, visit)
        _received[self._job.id] = _received.get(self._job.id, 0) + visit.size
        original = self._original(page, visit) if heeds_canonical else None
        try:
            self._keep(page, visit, original)
        except Invalid as refusal:
            # Nothing of it was kept, nor what this slice takes for known since.
            self._keep(page, Visit(Outcome.FAILED, page.address, refusal.message), None)
            raise jobs.Later from refusal
        _tries.pop(page.id, None)

    def _keep(self, page: SourcePage, visit: Visit, original: SourcePage | None) -> None:
        parts = parts_of(visit)
        with transaction():
            jobs.refuse_stopped(self._job)
            db.session.refresh(page, ["is_excluded", "excluded_parts"])
            self._settle(page, visit, original, parts)
            self._report()

    def _visit(self, page: SourcePage) -> Visit:
        address = page.address
        if page.is_excluded:
            return Visit(Outcome.SKIPPED, address, "You have left this page out.")
        if self._job.attempts > _MOST_CRASHES:
            return Visit(Outcome.FAILED, address, "The server ended while it read this page, again and again.")
        if self._source.kind not in WEB:
            return read_document(self._source, page, _extractor)
        visit = self._crawler.visit(address, Known(page.etag, page.modified))
        is_for_links = self._source.kind == SourceKind.SITE and not self._scope.is_wanted(visit.address)
        if visit.outcome == Outcome.READ and is_for_links:
            return replace(visit, outcome=Outcome.SKIPPED, problem="It was read only for where it leads to.")
        return visit

    def _tried_enough(self, page: SourcePage, visit: Visit) -> Visit:
        if visit.is_refused:
            _tries[page.id] = _tries.get(page.id, 0) + 1
            if _tries[page.id] >= _MOST_TRIES:
                return replace(visit, outcome=Outcome.FAILED)
        raise jobs.Later(visit.wait)

    def _original(self, page: SourcePage, visit: Visit) -> SourcePage | None:
        """The page that the website names as the original of this one, if it really says the same.

        Many websites name their first page as the original of all.
        """
        address = visit.page.canonical
        if visit.outcome != Outcome.READ or not address or address in (visit.address, page.address):
            return None
        if self._source.kind == SourceKind.PAGE or not self._scope.is_to_follow(address):
            return None
        other = self._brought_forward(address, page)
        if other is not None and other.status == PageStatus.WAITING:
            self._step(other, heeds_canonical=False)
            other = self._frontier.page_at(address)
        if other is None or other.status not in (PageStatus.READ, PageStatus.UNCHANGED):
            return None
        return other if are_alike(other.text or "", visit.page.markdown) else None

    def _brought_forward(self, address: str, page: SourcePage) -> SourcePage | None:
        with transaction():
            jobs.refuse_stopped(self._job)
            self._frontier.offer([address], depth=page.depth)
            other = self._frontier.page_at(address)
            if other is not None and other.status == PageStatus.WAITING:
                # Should the website want a pause now, it is the first one after that.
                other.depth = page.depth - 1
        return other

    def _settle(self, page: SourcePage, visit: Visit, original: SourcePage | None, parts: list[Part]) -> None:
        now = utc_now()
        if self._is_vain_guess(page, visit):
            db.session.delete(page)
            return
        if original is not None:
            follow(page, visit, self._frontier, self._scope)
            page.read_at = now
            self._is_changed |= mark_duplicate(page, original.address, now=now)
            self._frontier.note(page)
            return
        if visit.address != page.address and visit.outcome in (Outcome.READ, Outcome.LISTED):
            self._frontier.offer([visit.address], depth=page.depth)
            arrived = self._frontier.page_at(visit.address)
            if arrived is not None:
                known = Visit(Outcome.KNOWN, visit.address)
                self._is_changed |= settle(page, known, self._frontier, self._scope, parts=[], now=now)
                page = arrived
        self._is_changed |= settle(page, visit, self._frontier, self._scope, parts=parts, now=now)
        if page.address == self._source.address and self._source.kind == SourceKind.SITE:
            self._frontier.offer(self._sitemaps(), depth=1)

    def _sitemaps(self) -> list[str]:
        address = self._source.address or ""
        named = robots.of(address, allow_private=self._allow_private).sitemaps
        found = [normal(sitemap, address) for sitemap in named] or [_guessed_sitemap(address)]
        return [sitemap for sitemap in found if sitemap and self._scope.is_on_site(sitemap)][:_MOST_SITEMAPS]

    def _is_vain_guess(self, page: SourcePage, visit: Visit) -> bool:
        """Whether a sitemap is not there that nobody has spoken of."""
        is_guess = self._source.kind == SourceKind.SITE and page.address == _guessed_sitemap(self._source.address or "")
        return is_guess and visit.outcome != Outcome.LISTED and not page.text

    def _report(self) -> None:
        found = counts(self._source, self._frontier.number)
        total = sum(found.values())
        jobs.progress(self._job, done=total - found[PageStatus.WAITING], total=total, lease=paces.LONGEST_PAGE)
        if self._source.address:
            paces.hold_on(self._source.address, self._job.id, now=utc_now())
        if self._frontier.is_full and not self._source.problem:
            most = Rules.of(self._source).most_pages
            self._source.problem = f"There are more pages than the {most:,} that are read. The rest is left out."

    def _refuse_endless(self) -> None:
        """End a reading that has no end of its own.

        Raises:
            Stopped: when it has taken as much as a reading may.
        """
        is_late = utc_now() - self._job.created_at > _LONGEST
        if is_late or _received.get(self._job.id, 0) > _MOST_BYTES:
            jobs.stop(self._job, by=None, now=utc_now())
            with transaction():
                self._source.problem = "This took more time or data than a reading may. The rest was left out."
            raise jobs.Stopped

    def _finish(self) -> None:
        found = counts(self._source, self._frontier.number)
        first = self._frontier.page_at(self._source.address or "")
        if first is not None and first.status != PageStatus.FAILED:
            for page in self._frontier.missing():
                with transaction():
                    jobs.refuse_stopped(self._job)
                    self._is_changed |= retire(page, now=utc_now())
        now = utc_now()
        with transaction():
            jobs.refuse_stopped(self._job)
            self._frontier.clear_old()
            self._source.read_at, self._source.next_read_at = now, next_reading(self._source, after=now)
            if not found[PageStatus.READ] + found[PageStatus.UNCHANGED]:
                self._source.problem = (first.problem if first else None) or "No page with text was found."
        _received.pop(self._job.id, None)

    def _learn(self) -> None:
        if self._is_changed:
            agent = db.session.get(Agent, self._source.agent_id)
            if agent is not None:
                start_learning(agent, now=utc_now())


def _guessed_sitemap(address: str) -> str:
    return f"{origin_of(address)}/sitemap.xml"
