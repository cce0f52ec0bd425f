"""What admins look at of their sources."""

from core.sources import looking
from core.sources.storing import store
from models.knowledge import PageStatus, SourcePage
from tests.conftest import NOW, keep


def more(source, name, status=PageStatus.READ, **texts):
    return keep(
        SourcePage(
            workspace_id=source.workspace_id,
            source_id=source.id,
            address=f"https://shop.example/{name}",
            address_hash=name,
            title=name,
            status=status,
            depth=1,
            excluded_parts=[],
            **texts,
        )
    )


def test_pages_are_listed_with_trouble_first_and_their_entries(source, page):
    store(page, looking.parts_of(page), NOW)
    broken = more(source, "broken", PageStatus.FAILED)
    found = looking.pages_of(source)
    assert [one.id for one in found.pages] == [broken.id, page.id]
    assert (found.total, found.count) == (2, 1)
    assert (found.entries[page.id], found.entries[broken.id]) == (2, 0)


def test_pages_are_found_by_status_and_words(source, page):
    broken = more(source, "broken", PageStatus.FAILED)
    assert [one.id for one in looking.pages_of(source, statuses=[PageStatus.FAILED]).pages] == [broken.id]
    assert [one.id for one in looking.pages_of(source, search="HELP").pages] == [page.id]
    assert looking.pages_of(source, search="100%_").total == 0


def test_a_page_too_far_is_the_last_one(source, page, monkeypatch):
    monkeypatch.setattr(looking, "PER_PAGE", 1)
    more(source, "second")
    found = looking.pages_of(source, number=99)
    assert (found.number, found.count, [one.title for one in found.pages]) == (2, 2, ["second"])


def test_sources_are_counted_with_what_came_of_them(agent, source, page):
    store(page, looking.parts_of(page), NOW)
    assert looking.count(agent) == 1
    assert looking.count_entries([source])[source.id] == 2
    assert looking.count_statuses([source])[source.id] == {PageStatus.READ: 1}


def test_parts_are_shown_with_their_entries(page):
    store(page, looking.parts_of(page), NOW)
    shown = looking.shown_parts(page)
    assert [(one.part.question, one.entry.question) for one in shown] == [
        ("Help: Delivery time", "Help: Delivery time"),
        ("Help: Returns", "Help: Returns"),
    ]


def test_a_page_that_goes_by_its_address_has_no_heading(source):
    page = more(source, "plain", text="Hello there.")
    page.title = page.address
    assert [part.title_path for part in looking.parts_of(page)] == [""]


def test_entries_know_where_they_were_read(source, page):
    store(page, looking.parts_of(page), NOW)
    entries = [shown.entry for shown in looking.shown_parts(page)]
    assert set(looking.origins_of(entries).values()) == {(source, page)}
    assert looking.origins_of([]) == {}
