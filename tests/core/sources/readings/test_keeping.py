"""Which sources an agent may have, and what becomes of them."""

import pytest
from sqlalchemy import select

from core import audits
from core.audit_words import deed
from core.clock import utc_now
from core.errors import Invalid, NotFound
from core.sources import keeping
from core.sources.rules import Rules
from models import db
from models.knowledge import SourceKind, SourcePage
from models.teammates import Role
from tests.conftest import NOW, make_agent, make_teammate
from tests.core.sources.readings.sites import GONE, UNCHANGED, live_entries, read, read_again, statuses


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
