"""Reading websites, from the first page to the report."""

import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core import audits, jobs
from core.audit_words import deed
from core.clock import utc_now
from core.errors import Conflict, Invalid, NotFound
from core.sources import crawling, keeping, reading_jobs, readings, robots
from core.sources.keeping import File
from core.sources.rules import Rules
from gateways.queue import TaskQueue
from models import db, transaction
from models.jobs import Job, JobStatus
from models.knowledge import Entry, PageStatus, Source, SourceKind, SourcePage, WebsitePace
from models.teammates import Role
from tests.conftest import NOW, make_agent, make_teammate
from tests.hostile_site import HostileSite, served

READ, UNCHANGED, DUPLICATE = PageStatus.READ, PageStatus.UNCHANGED, PageStatus.DUPLICATE
SKIPPED, FAILED, GONE, WAITING = PageStatus.SKIPPED, PageStatus.FAILED, PageStatus.GONE, PageStatus.WAITING


@pytest.fixture(scope="module", autouse=True)
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


def read(agent, site, kind=SourceKind.SITE, path="", **rest):
    address = f"{site.address}{path}"
    source = keeping.add(agent, kind, address=address, by=None, now=utc_now(), allow_private=True, **rest)
    # The job has worked in a session of its own.
    db.session.expire_all()
    return source


def read_again(source):
    readings.start(source, by=None, now=utc_now())
    db.session.expire_all()


def pages(source, site):
    rows = db.session.scalars(
        select(SourcePage).where(SourcePage.source_id == source.id).execution_options(populate_existing=True)
    )
    return {row.address.removeprefix(site.address): row for row in rows}


def statuses(source, site):
    return {path: page.status for path, page in pages(source, site).items()}


def live_entries(source):
    return db.session.scalars(
        select(Entry)
        .join(SourcePage)
        .where(SourcePage.source_id == source.id, Entry.archived_at.is_(None))
        .order_by(Entry.position)
    ).all()


def test_a_whole_website_is_read(agent, site):
    source = read(agent, site)
    assert statuses(source, site) == {
        "/": READ,
        "/sitemap.xml": SKIPPED,
        **{f"/article/{number}": READ for number in range(4)},
    }
    reading = readings.state(source)
    assert (reading.done, reading.total, reading.job.status) == (6, 6, JobStatus.DONE)
    assert (reading.job.done, reading.job.total) == (6, 6)
    assert source.read_at is not None
    assert source.problem is None
    entry = next(entry for entry in live_entries(source) if "case 3" in entry.question)
    assert entry.link.startswith(f"{site.address}/article/3")
    assert entry.language == "en"
    assert "Article 3" in entry.title_path
    assert keeping.count_entries(source) == len(live_entries(source)) == 9


def test_one_page_is_read_alone(agent, site):
    source = read(agent, site, SourceKind.PAGE, "/article/1")
    assert statuses(source, site) == {"/article/1": READ}


def test_a_sitemap_says_which_pages_are_read(agent, site):
    source = read(agent, site, SourceKind.SITEMAP, "/sitemap.xml")
    assert statuses(source, site) == {"/sitemap.xml": SKIPPED, **{f"/article/{n}": READ for n in range(4)}}
    assert pages(source, site)["/sitemap.xml"].problem == "This is a list of 4 pages."
    assert "/" not in site.asked


def test_patterns_choose_the_pages(agent, site):
    source = read(agent, site, rules=Rules(include=("/article/*",), exclude=("/article/2",)))
    assert statuses(source, site) == {
        "/": SKIPPED,
        "/sitemap.xml": SKIPPED,
        **{f"/article/{number}": READ for number in (0, 1, 3)},
    }
    assert "/article/2" not in site.asked


def test_no_more_pages_are_read_than_wanted(agent, site):
    source = read(agent, site, rules=Rules(most_pages=3))
    assert Counter(statuses(source, site).values())[READ] <= 3
    assert source.problem == "There are more pages than the 3 that are read. The rest is left out."


def test_only_changes_are_read_again(agent, site):
    source = read(agent, site)
    before = {entry.id: entry.updated_at for entry in live_entries(source)}
    site.changed, site.removed = {1}, {3}
    read_again(source)
    found = statuses(source, site)
    assert (found["/article/0"], found["/article/1"], found["/article/3"]) == (UNCHANGED, READ, GONE)
    after = {entry.id: entry.updated_at for entry in live_entries(source)}
    assert set(after) < set(before)
    changed = [entry for entry in live_entries(source) if entry.updated_at != before[entry.id]]
    assert [entry.answer.endswith("This was written anew.") for entry in changed] == [True]
    assert not any("case 3" in entry.question for entry in live_entries(source))


def test_a_page_that_is_back_is_known_again(agent, site):
    source = read(agent, site)
    known = {entry.id for entry in live_entries(source)}
    site.removed = {2}
    read_again(source)
    site.removed = set()
    read_again(source)
    assert statuses(source, site)["/article/2"] == READ
    assert {entry.id for entry in live_entries(source)} == known


def test_pages_that_a_sitemap_lists_no_more_are_gone(agent, site):
    source = read(agent, site, SourceKind.SITEMAP, "/sitemap.xml")
    site.articles = 3
    read_again(source)
    assert statuses(source, site)["/article/3"] == GONE


def test_a_website_that_is_down_is_not_forgotten(agent, site):
    source = read(agent, site)
    known = len(live_entries(source))
    site.is_down = True
    robots.forget()
    read_again(source)
    assert len(live_entries(source)) == known
    page = pages(source, site)["/article/1"]
    assert page.status == FAILED
    assert page.problem.endswith("What was read before is kept.")
    assert "robots.txt answers 500" in source.problem


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


def test_pages_that_an_admin_leaves_out_are_not_asked_for(agent, site):
    source = read(agent, site)
    page = pages(source, site)["/article/1"]
    with transaction():
        page.is_excluded = True
    asked = site.asked["/article/1"]
    read_again(source)
    assert statuses(source, site)["/article/1"] == SKIPPED
    assert site.asked["/article/1"] == asked
    assert not any("case 1" in entry.question for entry in live_entries(source))


def test_an_agent_that_knows_all_it_may_says_so_page_by_page(agent, site, monkeypatch):
    monkeypatch.setattr("core.knowledge.entries.MOST_ENTRIES", 4)
    source = read(agent, site)
    found = Counter(statuses(source, site).values())
    assert (found[READ], found[FAILED]) == (2, 3)
    assert len(live_entries(source)) == 3
    assert readings.state(source).job.status == JobStatus.DONE
    assert any("can hold 4 questions" in (page.problem or "") for page in pages(source, site).values())


def test_a_text_is_read_as_one_page(agent):
    text = "# Opening hours\n\nWe are open from nine to five.\n\n# Parking\n\nThere is room behind the house."
    source = keeping.add(agent, SourceKind.TEXT, title="House rules", text=text, by=None, now=utc_now())
    assert [entry.question for entry in live_entries(source)] == ["House rules: Opening hours", "House rules: Parking"]
    assert source.next_read_at is None


def test_a_file_that_cannot_be_read_says_why(agent):
    file = File("sources/nothing", "text/plain", 5)
    source = keeping.add(agent, SourceKind.FILE, title="notes.txt", file=file, by=None, now=utc_now())
    db.session.expire_all()
    assert source.problem.startswith("This file is not there any more.")
    assert live_entries(source) == []


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


def test_websites_are_read_again_when_it_is_time(agent, site):
    source = read(agent, site, SourceKind.PAGE, "/article/1", read_every_hours=24)
    assert source.next_read_at - source.read_at == timedelta(hours=24)
    readings.start_due(now=utc_now())
    assert site.asked["/article/1"] == 1
    with transaction():
        source.next_read_at = utc_now()
    readings.start_due(now=utc_now())
    db.session.expire_all()
    assert site.asked["/article/1"] == 2
    assert statuses(source, site)["/article/1"] == UNCHANGED


def test_only_the_public_web_is_read(agent, site):
    for address in ("http://127.0.0.1/", "http://169.254.169.254/", "http://[::1]/", "ftp://shop.com", "a b", ""):
        with pytest.raises(Invalid):
            keeping.add(agent, SourceKind.PAGE, address=address, by=None, now=NOW)
    with pytest.raises(Invalid, match="private or special"):
        keeping.add(agent, SourceKind.PAGE, address="169.254.169.254", by=None, now=NOW, allow_private=True)


def test_what_cannot_be_is_refused_in_words(agent):
    def add(**rest):
        keeping.add(agent, SourceKind.SITE, address="https://shop.example", by=None, now=NOW, **rest)

    for rules in (Rules(include=("/a*b",)), Rules(most_pages=0), Rules(exclude=tuple(f"/{n}" for n in range(60)))):
        with pytest.raises(Invalid):
            add(rules=rules)
    with pytest.raises(Invalid, match="Choose how often"):
        add(read_every_hours=1)
    with pytest.raises(Invalid, match="name"):
        keeping.add(agent, SourceKind.TEXT, text="Words", by=None, now=NOW)
    assert keeping.listed(agent) == []


def test_the_same_pages_are_no_second_source(agent, workspace):
    def add(address, to=agent, kind=SourceKind.SITE, **rest):
        return keeping.add(to, kind, address=address, by=None, now=NOW, **rest)

    add("https://shop.example", title="Our shop")
    for address in ("https://shop.example/", "shop.example", "HTTPS://SHOP.example:443/#top"):
        with pytest.raises(Invalid, match="“Our shop” in your sources reads the same already"):
            add(address, rules=Rules(most_pages=7))
    add("https://shop.example", rules=Rules(include=("/help/*",)))
    add("https://shop.example", kind=SourceKind.PAGE)
    add("https://shop.example", to=make_agent(workspace, name="Another"))
    assert len(keeping.listed(agent)) == 3


def test_an_agent_has_only_so_many_sources(agent, monkeypatch):
    monkeypatch.setattr(keeping, "MOST_SOURCES", 1)
    keeping.add(agent, SourceKind.TEXT, title="One", text="Some words here.", by=None, now=NOW)
    with pytest.raises(Invalid, match="1 sources"):
        keeping.add(agent, SourceKind.TEXT, title="Two", text="Some words here.", by=None, now=NOW)


def test_sources_belong_to_their_agent(agent, workspace, other_agent, other_workspace):
    source = keeping.add(agent, SourceKind.TEXT, title="One", text="Some words here.", by=None, now=NOW)
    page = db.session.scalar(select(SourcePage))
    assert keeping.find(workspace, agent, source.id) is source
    assert keeping.find_page(source, page.id) is page
    for stranger in ((other_workspace, other_agent), (workspace, make_agent(workspace, name="Another"))):
        with pytest.raises(NotFound):
            keeping.find(*stranger, source.id)
    with pytest.raises(NotFound):
        keeping.find_page(source, source.id)
    assert keeping.listed(other_agent) == []


def test_changes_of_a_source_are_kept_and_audited(agent, workspace):
    eddy = make_teammate(workspace, "Eddy", Role.EDITOR)
    source = keeping.add(agent, SourceKind.TEXT, title="One", text="Some words here.", by=eddy, now=NOW)
    keeping.change(source, title="Two", rules=Rules(), read_every_hours=None, by=eddy, now=NOW)
    keeping.delete(agent, source, by=eddy, now=NOW)
    told = [(entry.who, deed(entry)) for entry in audits.every(workspace.id, audits.Wanted(area="knowledge"))]
    assert told == [
        ("Eddy", "made an agent forget Two"),
        ("Eddy", "changed how Two is read"),
        ("Eddy", "had an agent read One"),
    ]


def test_the_way_of_a_website_may_change(agent, site):
    source = read(agent, site)
    keeping.change(
        source, title="Mine", rules=Rules(exclude=("/article/2",)), read_every_hours=168, by=None, now=utc_now()
    )
    assert source.next_read_at is not None
    read_again(source)
    found = statuses(source, site)
    assert (found["/article/2"], found["/article/1"]) == (GONE, UNCHANGED)
    assert not any("case 2" in entry.question for entry in live_entries(source))


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
