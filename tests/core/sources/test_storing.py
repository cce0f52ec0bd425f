"""Entries kept in step with the page that they were cut from."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.errors import Invalid
from core.knowledge import entries
from core.sources.cutting import cut
from core.sources.storing import Stored, store
from models import db
from models.jobs import Job
from models.knowledge import Entry, Phrasing
from tests.conftest import NOW, keep

LATER = NOW + timedelta(days=1)
TEXT = "## Delivery time\nTwo days.\n\n## Returns\nThirty days."


def read(page, text, now=NOW, **more):
    return store(page, cut(text, page.title, page.address), now, **more)


def known(page):
    rows = db.session.scalars(
        select(Entry).where(Entry.page_id == page.id, Entry.archived_at.is_(None)).order_by(Entry.position)
    )
    return {entry.question: entry for entry in rows}


def test_the_parts_of_a_page_become_entries(agent, page):
    revision = agent.knowledge_revision
    assert read(page, TEXT) == Stored(added=2)
    entry = known(page)["Help: Returns"]
    assert (entry.answer, entry.title_path, entry.link, entry.language) == (
        "Thirty days.",
        "Help › Returns",
        page.address,
        "en",
    )
    assert entry.workspace_id == agent.workspace_id
    assert agent.knowledge_revision == revision + 1
    assert db.session.scalar(select(Job.kind).where(Job.subject_id == agent.id)) == "index"


def test_they_stand_behind_what_was_written_by_hand(agent, page):
    written = entries.add(agent, question="Open?", answer="Yes.", by=None, now=NOW)
    read(page, TEXT)
    assert min(entry.position for entry in known(page).values()) > written.position


def test_a_reading_that_finds_the_same_changes_nothing(page):
    read(page, TEXT)
    assert not read(page, TEXT, LATER).is_change
    assert {entry.updated_at for entry in known(page).values()} == {NOW}


def test_a_changed_part_keeps_its_entry_and_its_phrasings(page):
    read(page, TEXT)
    entry = known(page)["Help: Returns"]
    keep(Phrasing(entry_id=entry.id, text="Send it back?"))
    assert read(page, TEXT.replace("Thirty", "Sixty"), LATER) == Stored(changed=1)
    after = known(page)["Help: Returns"]
    assert (after.id, after.answer, [phrasing.text for phrasing in after.phrasings]) == (
        entry.id,
        "Sixty days.",
        ["Send it back?"],
    )


def test_a_part_under_another_heading_keeps_its_entry(page):
    read(page, TEXT)
    entry = known(page)["Help: Returns"]
    assert read(page, TEXT.replace("Returns", "Sending back"), LATER) == Stored(changed=1)
    assert known(page)["Help: Sending back"].id == entry.id


def test_a_part_that_is_gone_is_archived_and_comes_back(page):
    read(page, TEXT)
    entry = known(page)["Help: Returns"]
    assert read(page, "## Delivery time\nTwo days.", LATER) == Stored(removed=1)
    assert list(known(page)) == ["Help: Delivery time"]
    assert read(page, TEXT, LATER) == Stored(changed=1)
    assert known(page)["Help: Returns"].id == entry.id


def test_what_was_gone_for_long_is_forgotten(page):
    read(page, TEXT)
    read(page, "", LATER)
    read(page, "", LATER + timedelta(days=91))
    assert db.session.scalars(select(Entry).where(Entry.page_id == page.id)).all() == []


def test_an_excluded_part_is_not_known(page):
    parts = cut(TEXT, page.title, page.address)
    page.excluded_parts = [parts[0].key]
    assert store(page, parts, NOW) == Stored(added=1)
    assert list(known(page)) == ["Help: Returns"]


def test_nothing_of_an_excluded_page_is_known(page):
    read(page, TEXT)
    page.is_excluded = True
    assert read(page, TEXT) == Stored(removed=2)
    assert known(page) == {}


def test_an_agent_that_would_know_too_much_learns_nothing_of_it(page, monkeypatch):
    monkeypatch.setattr(entries, "MOST_ENTRIES", 1)
    with pytest.raises(Invalid, match="can hold 1"):
        read(page, TEXT)
    assert known(page) == {}


def test_whoever_stores_many_pages_asks_for_the_learning(agent, page):
    read(page, TEXT, learn=False)
    assert db.session.scalar(select(Job).where(Job.subject_id == agent.id)) is None
