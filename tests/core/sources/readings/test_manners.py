"""What a website asks of those who read it is heeded."""

import uuid

import pytest
from sqlalchemy import update

from core.clock import utc_now
from core.sources import readings, robots
from gateways.queue import TaskQueue
from models import db, transaction
from models.jobs import Job
from models.knowledge import SourceKind, WebsitePace
from models.teammates import Role
from tests.conftest import NOW, make_teammate
from tests.core.sources.readings.sites import FAILED, READ, SKIPPED, pages, read, statuses


def test_robots_are_heeded(agent, site):
    site.robots = "User-agent: Porchlight\nDisallow: /article/1\n\nUser-agent: *\nDisallow: /\n"
    source = read(agent, site)
    page = pages(source, site)["/article/1"]
    assert (page.status, page.problem) == (SKIPPED, "The website's robots.txt asks not to read this page.")
    assert "/article/1" not in site.asked
    assert statuses(source, site)["/article/0"] == READ


def test_a_changed_robots_txt_counts_when_somebody_has_it_read_again(agent, site, workspace):
    site.robots = "User-agent: *\nDisallow: /\n"
    source = read(agent, site, SourceKind.PAGE, "/article/1")
    site.robots = ""
    readings.start(source, by=make_teammate(workspace, "Eddy", Role.EDITOR), now=utc_now())
    assert statuses(source, site)["/article/1"] == READ


def test_sitemaps_of_robots_are_followed(agent, site):
    site.robots = f"Sitemap: {site.address}/sitemap.xml?of=robots\nSitemap: https://elsewhere.example/sitemap.xml"
    assert "/sitemap.xml?of=robots" in statuses(read(agent, site), site)
    assert "/sitemap.xml" not in site.asked


@pytest.fixture
def pauses(monkeypatch):
    """The pauses that jobs ask for, which are over at once."""
    found = []

    def add_later(queue, seconds, name, job_id):
        if seconds <= 0:
            return queue.add(name, job_id)
        found.append(seconds)
        robots._free_at.clear()
        with transaction():
            db.session.execute(update(WebsitePace).values(free_at=NOW))
            db.session.get(Job, uuid.UUID(job_id)).next_try_at = NOW
        return queue.add(name, job_id)

    monkeypatch.setattr(TaskQueue, "add_later", add_later)
    return found


def test_a_website_gets_the_pause_that_it_asks_for(agent, site, pauses):
    site.robots = "User-agent: *\nCrawl-delay: 7\n"
    read(agent, site)
    assert site.asked["/article/3"] == 1
    # Between any two pages; the one that is waited for is not asked for meanwhile.
    assert len(pauses) == 5
    assert all(0 < pause <= 7 for pause in pauses)


def test_a_busy_website_is_asked_again_and_then_let_be(agent, site, pauses):
    source = read(agent, site, SourceKind.PAGE, "/busy")
    page = pages(source, site)["/busy"]
    assert (page.status, page.problem) == (FAILED, "The website was too busy (429).")
    assert pauses == [1.0, 1.0]
    assert site.asked["/busy"] == 3
    assert source.problem == page.problem
