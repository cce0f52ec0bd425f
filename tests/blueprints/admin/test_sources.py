"""Pages and files: who may do what, as a page and as a part of one."""

import io
from html import unescape

import pytest
from sqlalchemy import select

from core import jobs, knowledge
from core.clock import utc_now
from core.sources import looking, readings
from core.sources.storing import store
from models import db
from models.jobs import Job, JobStatus
from models.knowledge import Entry, PageStatus, Source, SourceKind, SourcePage
from tests.conftest import NOW, keep, make_agent
from tests.core.sources import documents

HTMX = {"HX-Request": "true"}
TEXT = "## Delivery time\nTwo days.\n\n## Returns\nThirty days."


def address(agent, path=""):
    return f"/admin/agents/{agent.id}/sources{path}"


def make_source(agent, kind=SourceKind.SITE, **changes):
    return keep(
        Source(
            **{
                "workspace_id": agent.workspace_id,
                "agent_id": agent.id,
                "kind": kind,
                "title": "shop.example",
                "address": "https://shop.example/",
                "settings": {},
                "created_at": NOW,
                "read_at": NOW,
            }
            | changes
        )
    )


def make_page(source, name="help", status=PageStatus.READ, **changes):
    page = SourcePage(
        workspace_id=source.workspace_id,
        source_id=source.id,
        address=f"https://shop.example/{name}",
        address_hash=name,
        title=name.title(),
        status=status,
        excluded_parts=[],
        read_at=NOW,
    )
    for field, value in changes.items():
        setattr(page, field, value)
    return keep(page)


@pytest.fixture
def source(agent):
    return make_source(agent)


@pytest.fixture
def page(source):
    page = make_page(source, text=TEXT)
    store(page, looking.parts_of(page), NOW)
    return page


@pytest.fixture
def _unread(monkeypatch):
    """Nobody's website is looked at."""
    monkeypatch.setitem(jobs._handlers, readings.KIND, lambda _job: None)


def sources(agent):
    return db.session.scalars(
        select(Source).where(Source.agent_id == agent.id).execution_options(populate_existing=True)
    ).all()


def known(agent):
    return sorted(entry.question for entry in knowledge.listed(agent).entries)


def test_an_empty_list_says_what_to_do_next(olga, agent):
    page = olga.get(address(agent)).text
    assert "Let Lumi read what you have" in page
    assert address(agent, "/new/site") in page


def test_an_agent_that_reads_is_not_said_to_know_nothing(olga, agent, source):
    page = olga.get(f"/admin/agents/{agent.id}/knowledge").text
    assert "No answers of your own yet" in page
    assert "its first answer" not in page


def test_the_list_shows_what_came_of_each(rita, agent, source, page):
    make_page(source, "broken", PageStatus.FAILED)
    shown = unescape(rita.get(address(agent)).text)
    assert "shop.example" in shown
    assert "1 page · 2 parts to answer from · 1 page could not be read" in shown
    assert "hx-trigger" not in shown.partition('id="sources"')[2].partition(">")[0]


def test_the_list_moves_while_something_is_read(rita, agent, source):
    now = utc_now()
    keep(
        Job(
            workspace_id=agent.workspace_id,
            kind=readings.KIND,
            subject_id=source.id,
            status=JobStatus.RUNNING,
            done=3,
            total=9,
            created_at=now,
            next_try_at=now,
        )
    )
    part = rita.get(address(agent), headers=HTMX).text
    assert "<html" not in part
    assert "Reading: 3 of 9 pages found so far" in part
    assert 'hx-trigger="every 2s"' in part


def test_who_only_reads_is_offered_no_change(rita, agent, source, page):
    for path in ("", f"/{source.id}", f"/{source.id}/pages/{page.id}"):
        shown = rita.get(address(agent, path))
        assert shown.status_code == 200
        for word in ('method="post" hx-post', "/new/", "/change", "/removal", "Leave"):
            assert word not in shown.text, (path, word)


def test_a_stranger_finds_nothing(stan, agent, source, page):
    for path in ("", "/new/site", f"/{source.id}", f"/{source.id}/pages/{page.id}", f"/{source.id}/change"):
        assert stan.get(address(agent, path)).status_code == 404
    assert stan.post(address(agent, f"/{source.id}/removal")).status_code == 404


def test_a_source_of_another_agent_is_not_found(olga, workspace, agent, source, page):
    other = make_agent(workspace, "Other")
    assert olga.get(address(other, f"/{source.id}")).status_code == 404
    second = make_source(agent)
    assert olga.get(address(agent, f"/{second.id}/pages/{page.id}")).status_code == 404


def test_who_only_reads_may_change_nothing(rita, agent, source, page):
    for path in ("/new/text", f"/{source.id}/reading", f"/{source.id}/removal", f"/{source.id}/pages/{page.id}/parts"):
        assert rita.post(address(agent, path)).status_code == 403


@pytest.mark.usefixtures("_unread")
def test_a_website_is_added_with_its_patterns(eddy, agent):
    answer = eddy.post(
        address(agent, "/new/site"),
        data={
            "address": "shop.example",
            "include": "/help/*\r\n\r\n/about",
            "exclude": "/help/old",
            "most_pages": "40",
            "read_every": "24",
        },
    )
    [source] = sources(agent)
    assert answer.headers["Location"] == address(agent, f"/{source.id}")
    assert (source.title, source.address, source.read_every_hours) == ("shop.example", "https://shop.example/", 24)
    assert source.settings == {"include": ["/help/*", "/about"], "exclude": ["/help/old"], "most_pages": 40}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Write the address"),
        ({"address": "ftp://shop.example"}, "as it stands in the browser"),
        ({"address": "http://127.0.0.1/"}, "alert-danger"),
        ({"address": "shop.example", "include": "/a*b"}, "A * can only stand at the end"),
        ({"address": "shop.example", "most_pages": "0"}, "from 1 to"),
        ({"address": "shop.example", "read_every": "1"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_read_comes_back_with_the_form(eddy, agent, fields, words):
    answer = eddy.post(address(agent, "/new/site"), data={"most_pages": "9", "read_every": ""} | fields, headers=HTMX)
    assert answer.status_code == 422
    assert words in unescape(answer.text)
    assert 'id="source-form"' in answer.text
    assert "<html" not in answer.text
    assert sources(agent) == []


def test_a_file_is_read_part_by_part(eddy, agent):
    file = documents.pdf(
        [[(18, 700, "Delivery"), (10, 670, "Two to four days."), (18, 600, "Returns"), (10, 570, "Yes.")]]
    )
    answer = eddy.post(
        address(agent, "/new/file"),
        data={"file": (io.BytesIO(file), "terms_of-sale.pdf")},
        headers=HTMX,
    )
    [source] = sources(agent)
    assert answer.headers["HX-Redirect"] == address(agent, f"/{source.id}")
    assert source.title == "Terms of sale"
    assert known(agent) == ["Terms of sale: Delivery", "Terms of sale: Returns"]
    shown = unescape(eddy.get(address(agent, f"/{source.id}")).text)
    assert '<h3 class="part-title">Terms of sale: Delivery' in shown
    assert "Two to four days." in shown


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"", "This file is empty"),
        (b"\x89PNG\r\n\x1a\n", "cannot be read"),
        (None, "Choose a file"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(eddy, agent, file, words):
    answer = eddy.post(address(agent, "/new/file"), data={} if file is None else {"file": (io.BytesIO(file), "a.pdf")})
    assert answer.status_code == 422
    assert words in unescape(answer.text)
    assert sources(agent) == []


def test_a_newer_version_of_a_file_takes_its_place(eddy, rita, stan, agent):
    eddy.post(address(agent, "/new/file"), data={"file": (io.BytesIO(b"# Costs\nNone."), "prices.md")})
    [source] = sources(agent)
    place = address(agent, f"/{source.id}/change")
    shown = eddy.get(place).text
    assert 'type="file"' in shown
    assert "A newer version" in shown
    title = {"title": "Prices"}
    for person, status in ((rita, 403), (stan, 404)):
        sent = {**title, "newer": (io.BytesIO(b"# Costs\nMany."), "prices.md")}
        assert person.post(place, data=sent).status_code == status
    refused = eddy.post(place, data={**title, "newer": (io.BytesIO(b"\x00\x01\x02"), "x.bin")}, headers=HTMX)
    assert refused.status_code == 422
    assert "This kind of file cannot be read" in refused.text
    newer = {**title, "newer": (io.BytesIO(b"# Costs\nFour euros."), "new.md")}
    assert eddy.post(place, data=newer).status_code == 303
    assert "Four euros." in eddy.get(address(agent, f"/{source.id}")).text
    # Without a file only the name is another one.
    assert eddy.post(place, data={"title": "Costs"}).status_code == 303
    db.session.expire_all()
    assert [row.title for row in sources(agent)] == ["Costs"]


def test_a_text_is_added_and_changed(eddy, agent):
    eddy.post(address(agent, "/new/text"), data={"title": "Gifts", "text": "How long?\r\n\r\nThree years.\r\n"})
    [source] = sources(agent)
    assert known(agent) == ["How long?"]
    assert "Three years." in eddy.get(address(agent, f"/{source.id}/change")).text
    answer = eddy.post(
        address(agent, f"/{source.id}/change"), data={"title": "Gift cards", "text": "How long?\n\nTwo years."}
    )
    assert answer.status_code == 303
    assert [entry.answer for entry in knowledge.listed(agent).entries] == ["Two years."]
    assert sources(agent)[0].title == "Gift cards"


def test_a_text_needs_a_name_and_words(eddy, agent):
    answer = eddy.post(address(agent, "/new/text"), data={"title": " ", "text": " "})
    assert answer.status_code == 422
    assert "Give the text a name." in answer.text
    assert "Paste the text." in answer.text


def test_how_a_website_is_read_is_changed(eddy, agent, source):
    answer = eddy.post(
        address(agent, f"/{source.id}/change"),
        data={"title": "Shop", "include": "/help/*", "exclude": "", "most_pages": "7", "read_every": "168"},
    )
    assert answer.status_code == 303
    [changed] = sources(agent)
    assert (changed.title, changed.settings["include"], changed.read_every_hours) == ("Shop", ["/help/*"], 168)
    answer = eddy.post(
        address(agent, f"/{source.id}/change"),
        data={"title": "", "most_pages": "7", "read_every": ""},
        headers=HTMX,
    )
    assert answer.status_code == 422
    assert "Give the source a name." in answer.text


def test_pages_are_found_by_what_became_of_them(rita, agent, source, page):
    make_page(source, "broken", PageStatus.FAILED, problem="The website says so.")
    shown = rita.get(address(agent, f"/{source.id}")).text
    assert shown.count('class="source-row"') == 2
    assert "The website says so." in shown
    for query, words in (("?show=trouble", "Broken"), ("?q=HELP", "Help"), ("?show=nonsense&page=99", "Help")):
        part = rita.get(address(agent, f"/{source.id}{query}"), headers=HTMX).text
        assert 'id="pages"' in part
        assert "<html" not in part
        assert words in part
    assert "No such page" in rita.get(address(agent, f"/{source.id}?q=nothing%00")).text


@pytest.mark.usefixtures("_unread")
def test_a_source_is_read_again_and_stopped(eddy, agent, source, page):
    answer = eddy.post(address(agent, f"/{source.id}/reading"))
    assert answer.headers["Location"] == address(agent, f"/{source.id}")
    part = eddy.post(address(agent, f"/{source.id}/reading/end"), headers=HTMX).text
    assert 'id="reading"' in part
    over = eddy.get(address(agent, f"/{source.id}/reading"), headers=HTMX)
    assert over.headers["HX-Trigger"] == "source-read"
    assert "every 2s" not in over.text


def test_a_part_is_left_out_and_taken_in_again(eddy, agent, source, page):
    there = address(agent, f"/{source.id}/pages/{page.id}/parts")
    key = looking.parts_of(page)[0].key
    part = eddy.post(there, data={"part": key, "left_out": "1"}, headers=HTMX).text
    assert 'id="parts"' in part
    assert "Left out: customers are not answered from it." in part
    assert known(agent) == ["Help: Returns"]
    assert eddy.post(there, data={"part": key, "left_out": "0"}).status_code == 303
    assert known(agent) == ["Help: Delivery time", "Help: Returns"]
    assert eddy.post(there, data={"part": "gone", "left_out": "1"}).status_code == 409


def test_a_page_is_left_out(eddy, agent, source, page):
    there = address(agent, f"/{source.id}/pages/{page.id}/exclusion")
    part = eddy.post(there, data={"left_out": "1"}, headers=HTMX).text
    assert "Nothing of this page is told to customers." in part
    assert known(agent) == []


def test_deleting_asks_first_and_forgets_all(eddy, agent, source, page):
    asked = eddy.get(address(agent, f"/{source.id}/removal"), headers=HTMX).text
    assert "<dialog" in asked
    assert "2 parts that customers are answered from now" in asked
    assert eddy.get(address(agent, f"/{source.id}/removal")).text.count("<h1") == 1
    answer = eddy.post(address(agent, f"/{source.id}/removal"))
    assert answer.headers["Location"] == address(agent)
    assert sources(agent) == []
    assert db.session.scalars(select(Entry).where(Entry.agent_id == agent.id)).all() == []


def test_an_entry_tells_where_it_was_read(eddy, agent, source, page):
    [entry, *_] = knowledge.listed(agent, search="delivery").entries
    there = f"/admin/agents/{agent.id}/knowledge"
    assert "Help › Delivery time" not in unescape(eddy.get(there).text)
    assert "Help › Delivery time" in unescape(eddy.get(f"{there}?q=delivery").text)
    shown = unescape(eddy.get(f"{there}/{entry.id}").text)
    assert address(agent, f"/{source.id}/pages/{page.id}") in shown
    assert 'id="answer"' not in shown


def test_other_ways_to_ask_for_what_was_read_are_saved(eddy, agent, source, page):
    [entry, *_] = knowledge.listed(agent, search="delivery").entries
    there = f"/admin/agents/{agent.id}/knowledge/{entry.id}"
    fields = {"question": entry.question, "answer": entry.answer, "phrasings": "When is it here?"}
    answer = eddy.post(there, data=fields)
    assert answer.headers["Location"] == address(agent, f"/{source.id}/pages/{page.id}")
    refused = eddy.post(there, data=fields | {"answer": "Never."}, headers=HTMX)
    assert refused.status_code == 422
    assert "can only be changed there" in unescape(refused.text)


def test_a_file_may_be_as_large_as_is_said(eddy, rita, agent):
    def hand_in(client):
        # Made by hand: werkzeug's own client leaves its large temporary files open.
        head = b'--line\r\nContent-Disposition: form-data; name="file"; filename="lamp.png"\r\n\r\n\x89PNG\r\n\x1a\n'
        body = head + bytes(12 * 1024 * 1024) + b"\r\n--line--\r\n"
        there = address(agent, "/new/file")
        return client.post(there, data=body, content_type="multipart/form-data; boundary=line", headers=HTMX)

    answer = hand_in(eddy)
    assert answer.status_code == 422
    assert "cannot be read" in unescape(answer.text)
    assert hand_in(rita).status_code in (403, 413)
