"""One reader at a time for each website, whatever process it is in."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import jobs
from core.clock import utc_now
from core.sources import crawling, extraction, keeping, paces, reading_jobs, readings, robots
from models import db
from models.knowledge import PageStatus, SourceKind, SourcePage, WebsitePace
from tests.hostile_site import HostileSite, served

ADDRESS = "https://www.shop.example/help"
ONE, OTHER = uuid.uuid4(), uuid.uuid4()
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def no_pauses(app, monkeypatch):
    monkeypatch.setattr(paces, "_SHORT_PAUSE", 0.0)
    yield
    robots.forget()
    robots._free_at.clear()


def is_free(address, reader):
    try:
        with paces.alone_at(address, reader):
            return True
    except jobs.Later:
        return False


def test_a_website_has_one_reader_at_a_time():
    with paces.alone_at(ADDRESS, ONE):
        with pytest.raises(jobs.Later) as later:
            paces.alone_at("http://shop.example/blog", OTHER).__enter__()
        assert 0 < later.value.seconds <= 5
        assert is_free("https://other.example/", OTHER)
    assert is_free(ADDRESS, OTHER)


def test_its_pause_goes_on_whoever_reads_it_next():
    robots.note_asked(ADDRESS, took=0.1, delay=40)
    with paces.alone_at(ADDRESS, ONE):
        pass
    robots._free_at.clear()
    assert not is_free(ADDRESS, OTHER)
    assert not is_free(ADDRESS, ONE)


def test_a_page_may_take_all_of_its_time_without_being_taken_for_lost():
    # On its way it may lead to another website, whose rules are asked for, too.
    most = 2 * robots._LIMITS.seconds + crawling.SECONDS + extraction.SECONDS - 1
    assert paces.LONGEST_PAGE.total_seconds() > most


def test_who_has_died_is_waited_for_no_longer_than_a_page_takes():
    begun = utc_now()
    assert paces._take(ADDRESS, ONE, now=begun) == 0
    assert not is_free(ADDRESS, OTHER)
    # The same one begins again at once; so its page was the only thing lost.
    assert paces._take(ADDRESS, ONE, now=begun) == 0
    assert paces._take(ADDRESS, OTHER, now=begun + paces.LONGEST_PAGE + timedelta(seconds=1)) == 0
    # And what comes too late has no say any more.
    paces.hold_on(ADDRESS, ONE, now=begun + HOUR)
    assert db.session.scalars(select(WebsitePace.reader_id)).one() == OTHER
    assert paces._take(ADDRESS, ONE, now=begun + HOUR) == 0


def test_who_still_reads_keeps_it():
    begun = utc_now()
    paces._take(ADDRESS, ONE, now=begun)
    paces.hold_on(ADDRESS, ONE, now=begun + paces.LONGEST_PAGE - timedelta(seconds=1))
    later = begun + paces.LONGEST_PAGE + timedelta(seconds=1)
    assert paces._take(ADDRESS, OTHER, now=later) == pytest.approx(paces.LONGEST_PAGE.total_seconds() - 2)


def test_websites_that_nobody_reads_are_forgotten():
    paces._take(ADDRESS, ONE, now=utc_now())
    paces.clear_expired(now=utc_now())
    assert db.session.scalars(select(WebsitePace)).all()
    paces.clear_expired(now=utc_now() + HOUR)
    assert db.session.scalars(select(WebsitePace)).all() == []


def test_a_website_that_another_process_reads_is_not_asked(agent, monkeypatch):
    asked = []

    def run(job):
        try:
            reading_jobs.run(job, allow_private=True)
        except jobs.Later as later:
            asked.append(later.seconds)
            raise jobs.Stopped from later

    monkeypatch.setitem(jobs._handlers, readings.KIND, run)
    with served(HostileSite(articles=1, traps=[])) as site:
        paces._take(site.address, OTHER, now=utc_now())
        keeping.add(agent, SourceKind.SITE, address=site.address, by=None, now=utc_now(), allow_private=True)
        assert not site.asked
    assert asked == [5.0]
    db.session.expire_all()
    assert db.session.scalars(select(SourcePage.status)).all() == [PageStatus.WAITING]
