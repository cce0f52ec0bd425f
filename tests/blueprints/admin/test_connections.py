"""Settings → Connections: connect a server, look at its tools, switch them on one by one."""

import re

import pytest

from core import connections
from models import db
from models.connections import Audience, Connection, ConnectionTool
from tests.conftest import NOW
from tests.mcp_server import Shop, serving

HTMX = {"HX-Request": "true"}
ROOT = "/admin/settings/connections"


@pytest.fixture
def shop(app):
    made = Shop()
    connections.reach(allow_private=True)
    with serving(made.server) as url:
        made.url = url
        yield made
    connections.reach(allow_private=False)


@pytest.fixture
def row(agent, shop):
    found = connections.add(agent, title="Our orders", url=shop.url, secret="abc123", by=None, now=NOW)
    connections.discover(found, now=NOW)
    return found


def form_of(tool, **changes):
    sent = {"fingerprint": tool.fingerprint, "audience": tool.audience.value, "is_on": "y", "fill-0": "customer.id"}
    return {name: value for name, value in (sent | changes).items() if value is not None}


def test_a_new_server_is_connected_and_its_tools_are_shown_off(olga, agent, shop):
    assert "Nothing is connected" in olga.get(ROOT).text
    olga.get(f"{ROOT}/new")
    sent = {"agent": str(agent.id), "title": "Our orders", "url": shop.url, "secret": "abc123"}
    shown = olga.post(ROOT, data=sent, follow_redirects=True)
    assert "List orders" in shown.text
    assert "Lantern &amp; Loom" in shown.text
    assert "abc123" not in shown.text
    assert not db.session.query(ConnectionTool).filter_by(is_on=True).count()
    assert "0 of 3 tools in use" in olga.get(ROOT).text


@pytest.mark.parametrize(
    ("changes", "told"),
    [({"title": ""}, "Give it a name"), ({"url": "ftp://x"}, "http"), ({"header": "Host", "secret": "s"}, "header")],
)
def test_what_cannot_be_connected_is_said_at_the_form(olga, agent, shop, changes, told):
    sent = {"agent": str(agent.id), "title": "Our orders", "url": shop.url} | changes
    for options in ({}, {"headers": HTMX}):
        answer = olga.post(ROOT, data=sent, **options)
        assert answer.status_code == 422
        assert told in answer.text
    assert not db.session.query(Connection).count()


def test_a_server_that_does_not_answer_is_kept_and_says_so(olga, agent, shop):
    sent = {"agent": str(agent.id), "title": "Our orders", "url": "http://127.0.0.1:9/mcp"}
    assert "There was no answer from this address." in olga.post(ROOT, data=sent, follow_redirects=True).text


def test_a_tool_is_switched_on_with_what_was_chosen(olga, row):
    tool = row.tools[0]
    page = olga.get(f"{ROOT}/{row.id}").text
    assert "The orders of a customer." in page
    sent = form_of(tool, **{"needs_confirmation": "y", "fill-1": "fixed", "value-1": "open"})
    part = olga.post(f"{ROOT}/{row.id}/tools/{tool.id}", data=sent, headers=HTMX)
    assert "Saved" in part.text
    assert "<html" not in part.text
    db.session.refresh(tool)
    assert (tool.is_on, tool.needs_confirmation, tool.audience) == (True, True, Audience.VERIFIED)
    assert tool.filled == {"customer_id": "customer.id", "status": {"value": "open"}}
    assert olga.post(f"{ROOT}/{row.id}/tools/{tool.id}", data=form_of(tool, is_on=None)).status_code == 303
    db.session.refresh(tool)
    assert not tool.is_on


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"audience": "anyone"}, "verified customers only"),
        ({"fingerprint": "0" * 64}, "has changed since"),
        ({"audience": "nobody"}, "Choose who"),
        ({"fill-1": "fixed", "value-1": " "}, "Write what"),
    ],
)
def test_what_a_tool_may_not_is_said_beside_it(olga, row, changes, told):
    tool = row.tools[0]
    for options in ({}, {"headers": HTMX}):
        answer = olga.post(f"{ROOT}/{row.id}/tools/{tool.id}", data=form_of(tool, **changes), **options)
        assert answer.status_code == 422
        assert told in re.sub(r"\s+", " ", answer.text)
    db.session.refresh(tool)
    assert not tool.is_on


def test_a_connection_is_read_again_switched_off_changed_and_removed(olga, row):
    assert olga.post(f"{ROOT}/{row.id}/reading").status_code == 303
    olga.post(f"{ROOT}/{row.id}/use", data={})
    assert "switched off" in olga.get(f"{ROOT}/{row.id}").text
    olga.post(f"{ROOT}/{row.id}/use", data={"is_on": "y"})
    moved = row.url.replace("127.0.0.1", "localhost")
    shown = olga.post(f"{ROOT}/{row.id}/address", data={"title": "Orders", "url": moved}, follow_redirects=True).text
    assert "the key was erased" in shown
    assert olga.post(f"{ROOT}/{row.id}/address", data={"title": "", "url": moved}, headers=HTMX).status_code == 422
    olga.get(f"{ROOT}/{row.id}/removal")
    olga.post(f"{ROOT}/{row.id}/removal")
    assert not db.session.query(Connection).count()


def test_a_key_in_the_address_is_not_on_any_page(olga, agent):
    row = connections.add(agent, title="Orders", url="https://shop.example/mcp?key=s3cret", by=None, now=NOW)
    for path in (ROOT, f"{ROOT}/{row.id}"):
        shown = olga.get(path).text
        assert "https://shop.example/mcp?key=…" in shown
        assert "s3cret" not in shown


def test_only_who_looks_after_security_sees_them(row, eddy, rita, stan, vera):
    tool = row.tools[0]
    posts = ["", f"/{row.id}/reading", f"/{row.id}/use", f"/{row.id}/address", f"/{row.id}/removal"]
    for path in (*posts, f"/{row.id}/tools/{tool.id}"):
        for person in (eddy, rita):
            assert person.post(ROOT + path, data=form_of(tool)).status_code == 403
        assert vera.post(ROOT + path).status_code in (302, 303, 401)
        if path:
            assert stan.post(ROOT + path, data=form_of(tool)).status_code == 404
    assert eddy.get(f"{ROOT}/{row.id}").status_code == 403
    assert stan.get(f"{ROOT}/{row.id}").status_code == 404
