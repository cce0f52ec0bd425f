"""A website that may be read at once, and whoever reads it."""

import pytest

from core import jobs
from core.sources import crawling, reading_jobs, readings, robots
from tests.hostile_site import HostileSite, served


@pytest.fixture(scope="package", autouse=True)
def one_child():
    """One process that reads pages for all tests, which need not wait for its start each."""
    close = reading_jobs._extractor.close
    reading_jobs._extractor.close = lambda: None
    yield
    reading_jobs._extractor.close = close
    close()


@pytest.fixture(autouse=True)
def hurried(app, monkeypatch):
    """Nobody is waited for, and what an agent knows is learned another time."""
    monkeypatch.setattr(robots, "_LEAST_PAUSE", 0.0)
    monkeypatch.setattr(robots, "_LONGEST_PAUSE", 0.0)
    monkeypatch.setattr(crawling, "SECONDS", 1.0)
    monkeypatch.setitem(jobs._handlers, readings.KIND, lambda job: reading_jobs.run(job, allow_private=True))
    monkeypatch.setitem(jobs._handlers, "index", lambda _job: None)
    yield
    robots.forget()
    robots._free_at.clear()


@pytest.fixture
def site():
    with served(HostileSite(articles=4, traps=[])) as served_site:
        yield served_site
