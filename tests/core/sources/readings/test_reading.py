"""Reading websites, from the first page to the report."""

from collections import Counter
from datetime import timedelta

from core.clock import utc_now
from core.sources import keeping, readings, robots
from core.sources.keeping import File
from core.sources.rules import Rules
from models import db, transaction
from models.jobs import JobStatus
from models.knowledge import SourceKind
from tests.core.sources.readings.sites import (
    FAILED,
    GONE,
    READ,
    SKIPPED,
    UNCHANGED,
    live_entries,
    pages,
    read,
    read_again,
    statuses,
)


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
    assert "did not say what may be read: it is too busy or has a fault" in source.problem


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
