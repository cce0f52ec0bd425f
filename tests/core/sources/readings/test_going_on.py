"""A reading is stopped, broken off and taken up again, and a hostile website comes to its end."""

import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import audits, jobs
from core.audit_words import deed
from core.clock import utc_now
from core.errors import Conflict
from core.sources import crawling, keeping, reading_jobs, readings
from core.sources.rules import Rules
from gateways.queue import TaskQueue
from models import db, transaction
from models.jobs import Job, JobStatus
from models.knowledge import Entry, Source, SourcePage
from models.teammates import Role
from tests.conftest import NOW, make_teammate
from tests.core.sources.readings.sites import (
    DUPLICATE,
    FAILED,
    READ,
    SKIPPED,
    WAITING,
    live_entries,
    pages,
    read,
    statuses,
)
from tests.hostile_site import HostileSite, served


def test_a_reading_is_stopped_and_taken_up_again(agent, site, workspace, monkeypatch):
    eddy = make_teammate(workspace, "Eddy", Role.EDITOR)
    monkeypatch.setitem(jobs._handlers, readings.KIND, lambda _job: (_ for _ in ()).throw(jobs.Stopped))
    source = read(agent, site)
    with pytest.raises(Conflict, match="being read just now"):
        readings.start(source, by=eddy, now=utc_now())
    readings.stop(source, by=eddy, now=utc_now())
    reading = readings.state(source)
    assert (reading.job.status, reading.job.problem, reading.may_go_on) == (JobStatus.STOPPED, "Stopped by Eddy.", True)
    monkeypatch.setitem(jobs._handlers, readings.KIND, lambda job: reading_jobs.run(job, allow_private=True))
    readings.go_on(source, by=eddy, now=utc_now())
    assert readings.state(source).job.status == JobStatus.DONE
    with pytest.raises(Conflict, match="All pages were read"):
        readings.go_on(source, by=eddy, now=utc_now())
    told = [deed(entry) for entry in audits.every(workspace.id, audits.Wanted(area="knowledge"))]
    assert told[0].startswith("had 127.0.0.1")
    assert told[1].startswith("stopped the reading of 127.0.0.1")


def test_a_stop_takes_effect_at_the_next_page(agent, site, monkeypatch):
    visit = crawling.Crawler.visit

    def stopped(self, address, known):
        if address.endswith("/article/0"):
            readings.stop(db.session.scalar(select(Source)), by=None, now=utc_now())
        return visit(self, address, known)

    monkeypatch.setattr(crawling.Crawler, "visit", stopped)
    source = read(agent, site)
    assert readings.state(source).job.status == JobStatus.STOPPED
    assert statuses(source, site)["/article/0"] == WAITING
    assert statuses(source, site)["/"] == READ


def test_a_source_may_be_deleted_while_it_is_read(agent, site, monkeypatch):
    visit = crawling.Crawler.visit

    def deleted(self, address, known):
        found = visit(self, address, known)
        if address.endswith("/article/0"):
            keeping.delete(agent, db.session.scalar(select(Source)), by=None, now=utc_now())
        return found

    monkeypatch.setattr(crawling.Crawler, "visit", deleted)
    read(agent, site)
    for table in (Source, SourcePage, Entry):
        assert db.session.scalars(select(table)).all() == []
    assert db.session.scalars(select(Job).where(Job.kind == readings.KIND)).all() == []


def test_slices_leave_room_for_others(agent, site, monkeypatch):
    monkeypatch.setattr(reading_jobs, "SLICE_SECONDS", 0.0)
    source = read(agent, site)
    assert readings.state(source).job.status == JobStatus.DONE
    assert Counter(statuses(source, site).values())[READ] == 5


def test_a_page_at_which_the_server_ends_is_left_out(agent, site, monkeypatch):
    monkeypatch.setitem(jobs._handlers, readings.KIND, lambda _job: (_ for _ in ()).throw(jobs.Stopped))
    source = read(agent, site)
    job = readings.state(source).job
    monkeypatch.setitem(jobs._handlers, readings.KIND, lambda job: reading_jobs.run(job, allow_private=True))
    with transaction():
        job.status, job.attempts, job.next_try_at = JobStatus.RUNNING, 4, NOW
    jobs.run(job.id.hex)
    assert "again and again" in pages(source, site)["/"].problem
    assert readings.state(source).job.status == JobStatus.DONE


@pytest.mark.parametrize("built_app", ["sqlite"], indirect=True)
def test_a_hostile_website_of_five_hundred_pages_is_read_to_its_end(agent, monkeypatch):
    monkeypatch.setattr(crawling, "SECONDS", 2.0)
    with served(HostileSite()) as site:
        source = read(agent, site, rules=Rules(most_pages=600))
        found = statuses(source, site)
        problems = {path: page.problem for path, page in pages(source, site).items()}
    assert readings.state(source).job.status == JobStatus.DONE
    assert len(found) > 500
    assert {path for path in found if path.startswith("/article/") and found[path] == READ} == {
        f"/article/{number}" for number in range(400)
    }
    for path in (*(f"/moved/{n}" for n in range(10)), *(f"/copy/{n}" for n in range(10))):
        assert found[path] == DUPLICATE, path
    assert all(found[f"/print/{number}"] == DUPLICATE for number in range(5))
    assert all(problems[f"/print/{number}"] == f"The same as {site.address}/article/{number}" for number in range(5))
    assert all("in a circle" in problems[path] for path in ("/self", *(f"/loop/{n}" for n in range(5))))
    assert problems["/chain/0"] == "This address leads on and on, from one to the next."
    assert problems["/away"].startswith("It leads to another website")
    assert problems["/gigabyte"] == problems["/endless"] == problems["/bomb"] == "The answer is too large."
    assert problems["/trickle"] == "The answer took too long."
    assert all(found[path] == FAILED for path in ("/headers", "/cut-off", "/broken/0", "/missing/0"))
    assert all(found[path] == SKIPPED for path in ("/deep", "/picture", "/empty", "/login", "/noindex", "/private/1"))
    assert not any(path.startswith("/private") for path in site.asked)
    assert max(site.asked.values()) <= 5
    # The two that never end are left behind after a while.
    assert sum(path.startswith("/calendar") for path in found) <= 12
    assert sum(path.startswith("/sort") for path in found) <= 60
    assert len(live_entries(source)) == 400 * 2 + 1 + sum(path.startswith("/calendar") for path in found) + 1


_CHILD = """
import sys
from pathlib import Path
from app import create_app
from core import jobs
from core.sources import robots
from tests.conftest import settings_for
folder, url, job = sys.argv[1:]
app = create_app(settings_for(Path(folder), database_url=url, allow_private_addresses=True))
robots._LEAST_PAUSE = robots._LONGEST_PAUSE = 0.0
jobs._handlers["index"] = lambda _job: None
with app.app_context():
    jobs.run(job)
"""


@pytest.mark.parametrize("built_app", ["sqlite"], indirect=True)
def test_a_killed_process_loses_the_page_that_it_was_at(app, agent, tmp_path, monkeypatch):
    monkeypatch.setitem(jobs._handlers, readings.KIND, lambda _job: (_ for _ in ()).throw(jobs.Stopped))
    with served(HostileSite(articles=60, traps=[])) as site:
        source = read(agent, site)
        job = readings.state(source).job
        with transaction():
            job.status, job.next_try_at = JobStatus.WAITING, NOW
        url = db.engine.url.render_as_string(hide_password=False)
        process = subprocess.Popen([sys.executable, "-c", _CHILD, str(tmp_path), url, job.id.hex])
        deadline = time.monotonic() + 30
        while sum(site.asked.values()) < 15 and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        db.session.rollback()
        begun = readings.state(source)
        assert begun.is_under_way
        assert 5 < begun.done < begun.total
        # Nobody else may begin until it is sure that the one before is gone, which takes less than a minute.
        assert begun.job.next_try_at - utc_now() < timedelta(seconds=60)
        monkeypatch.setitem(jobs._handlers, readings.KIND, lambda job: reading_jobs.run(job, allow_private=True))
        with transaction():
            begun.job.next_try_at = NOW
        jobs.requeue_overdue(now=utc_now())
        db.session.rollback()
        assert readings.state(source).job.status == JobStatus.DONE
        assert {path for path, status in statuses(source, site).items() if status == READ} == {
            "/",
            *(f"/article/{number}" for number in range(60)),
        }
    asked_twice = [path for path, times in site.asked.items() if times > 1 and path != "/robots.txt"]
    assert len(asked_twice) <= 1


def test_what_was_begun_is_taken_up_at_once_by_a_process_that_is_alone(agent, site, monkeypatch):
    monkeypatch.setitem(jobs._handlers, readings.KIND, lambda _job: (_ for _ in ()).throw(jobs.Stopped))
    source = read(agent, site)
    asked = []
    monkeypatch.setattr(TaskQueue, "add_later", lambda _queue, seconds, _name, job_id: asked.append((seconds, job_id)))
    jobs.resume_begun(is_alone=False)
    jobs.resume_begun(is_alone=True)
    job = readings.state(source).job
    assert [job_id for _, job_id in asked] == [job.id.hex] * 2
    assert asked[0][0] > 60
    assert asked[1][0] == 1
    assert job.next_try_at <= utc_now()
