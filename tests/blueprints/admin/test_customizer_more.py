"""Beside the form: two looks side by side, publishing later, links to the draft, and what stands behind the chat."""

import re
from datetime import timedelta

import pytest

from core import preview_links, websites, widget_configs
from core.clock import utc_now
from core.errors import Conflict
from tests.conftest import NOW

HTMX = {"HX-Request": "true"}


def address(agent, path):
    return f"/admin/agents/{agent.id}/{path}"


def draft(agent, **changes):
    config, _problems = widget_configs.check(changes, base=widget_configs.drafted(agent))
    revision = widget_configs.draft(agent).revision
    widget_configs.save_draft(agent, config, revision=revision, by=None, now=NOW)


PAGES = ["customizer/comparison", "customizer/schedule", "customizer/links", "preview/backdrop"]
POSTS = ["customizer/schedule", "customizer/schedule/cancellation", "customizer/links"]


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_finds_none_of_it(stan, agent, path):
    assert stan.get(address(agent, path)).status_code == 404


@pytest.mark.parametrize("path", POSTS)
def test_who_may_not_edit_changes_none_of_it(rita, stan, agent, path):
    assert rita.post(address(agent, path)).status_code == 403
    assert stan.post(address(agent, path)).status_code == 404


def test_two_looks_stand_side_by_side_with_their_difference_in_words(rita, agent):
    draft(agent, greeting="Good day")
    page = rita.get(address(agent, "customizer/comparison")).text
    assert "1 difference" in page
    assert "Good day" in page
    assert f'src="{address(agent, "preview")}?version=1"' in page
    assert f'src="{address(agent, "preview")}"' in page
    assert "No difference" in rita.get(address(agent, "customizer/comparison?left=1&right=1")).text


@pytest.mark.parametrize(
    "query", ["left=7", "left=x", "right=99999999999999999999", "left=-1", "right=²", f"left={'9' * 5_000}"]
)
def test_a_look_that_never_was_cannot_be_compared(rita, agent, query):
    assert rita.get(address(agent, f"customizer/comparison?{query}")).status_code == 404


def test_a_version_is_shown_in_the_real_widget(vera, rita, agent):
    draft(agent, greeting="Second")
    widget_configs.publish(agent, by=None, now=NOW)
    page = rita.get(address(agent, "preview?version=1")).text
    token = re.search(r"preview=([^\"]+)", page)[1]
    frame = vera.get(f"/widget/{agent.public_id}?preview={token}").text
    assert "What can I help you with?" in frame
    assert "Second" not in frame


def test_history_is_read_page_by_page(rita, agent):
    for number in range(24):
        draft(agent, greeting=f"Number {number}")
        widget_configs.publish(agent, by=None, now=NOW)
    page = rita.get(address(agent, "customizer/history")).text
    assert "Version 25:" in page
    assert "Version 5:" not in page
    more = rita.get(address(agent, "customizer/history?before=6"), headers=HTMX).text
    assert "Version 5:" in more
    assert "<dialog" not in more
    assert "Earlier versions" not in more


def test_a_publish_is_set_for_a_time_of_the_admins_own_zone_and_taken_back(eddy, agent):
    draft(agent, greeting="Winter")
    assert "Publish at this time" in eddy.get(address(agent, "customizer/schedule"), headers=HTMX).text
    wanted = (utc_now() + timedelta(days=2)).replace(hour=12, minute=30, second=0, microsecond=0)
    form = {"time": wanted.strftime("%Y-%m-%dT09:30"), "zone": "America/Santiago"}
    answer = eddy.post(address(agent, "customizer/schedule"), data=form, headers=HTMX)
    assert answer.headers["HX-Redirect"] == address(agent, "customizer")
    publish_at = widget_configs.scheduled(agent).publish_at
    assert (publish_at.hour, publish_at.minute) in ((12, 30), (13, 30))
    page = eddy.get(address(agent, "customizer")).text
    assert "A look is published by itself on" in page
    assert "Look at it or stop it" in page
    draft(agent, greeting="Spring")
    assert "The draft has changed since" in eddy.get(address(agent, "customizer/schedule")).text
    assert eddy.post(address(agent, "customizer/schedule/cancellation")).status_code == 303
    assert widget_configs.scheduled(agent) is None


@pytest.mark.parametrize("time", ["", "soon", "2020-01-01T00:00", "9999-12-31T23:59"])
def test_a_time_that_cannot_be_is_told_beside_the_field(eddy, agent, time):
    draft(agent, greeting="Winter")
    answer = eddy.post(
        address(agent, "customizer/schedule"), data={"time": time, "zone": "Nowhere/At all"}, headers=HTMX
    )
    assert answer.status_code == 422
    assert 'id="schedule-problem"' in answer.text
    assert widget_configs.scheduled(agent) is None


def test_a_link_shows_the_draft_on_the_website_and_nowhere_else(vera, eddy, agent):
    draft(agent, greeting="Only a draft")
    websites.replace(agent, ["shop.example.com"], by=None, now=NOW)
    answer = eddy.post(
        address(agent, "customizer/links"), data={"page": "https://shop.example.com/a", "days": "7"}, headers=HTMX
    )
    secret = re.search(r'value="https://shop.example.com/a#porchlight-preview=([\w-]+)"', answer.text)[1]
    loader = vera.get(f"/widget/{agent.public_id}.js?preview={secret}")
    assert loader.headers["Cache-Control"] == "no-store"
    frame = vera.get(f"/widget/{agent.public_id}?preview={secret}", headers={"Referer": "https://shop.example.com/a"})
    assert "Only a draft" in frame.text
    assert "frame-ancestors https://shop.example.com" in frame.headers["Content-Security-Policy"]
    elsewhere = vera.get(f"/widget/{agent.public_id}?preview={secret}", headers={"Referer": "https://evil.example/"})
    assert "evil.example" not in elsewhere.headers["Content-Security-Policy"]
    [link] = preview_links.listed(agent, now=utc_now())
    assert eddy.post(address(agent, f"customizer/links/{link.id}/withdrawal")).status_code == 303
    frame = vera.get(f"/widget/{agent.public_id}?preview={secret}", headers={"Referer": "https://shop.example.com/a"})
    assert "Only a draft" not in frame.text


def test_a_link_without_a_website_leads_to_a_page_of_ours(vera, eddy, agent):
    draft(agent, greeting="Only a draft")
    answer = eddy.post(address(agent, "customizer/links"), data={"page": "", "days": "1"}, headers=HTMX)
    path = re.search(r'value="[^"]*(/preview/[\w-]+)"', answer.text)[1]
    page = vera.get(path)
    assert f"/widget/{agent.public_id}.js?preview=" in page.text
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    secret = path.rsplit("/", 1)[1]
    frame = vera.get(f"/widget/{agent.public_id}?preview={secret}", headers={"Referer": f"http://localhost{path}"})
    assert "Only a draft" in frame.text
    assert "frame-ancestors 'self'" in frame.headers["Content-Security-Policy"]
    assert vera.get("/preview/nothing-of-the-kind").status_code == 404


@pytest.mark.parametrize("form", [{"page": "https://evil.example", "days": "7"}, {"days": "x"}, {"days": "400"}, {}])
def test_a_link_that_cannot_be_made_is_told_beside_the_field(eddy, agent, form):
    websites.replace(agent, ["shop.example.com"], by=None, now=NOW)
    answer = eddy.post(address(agent, "customizer/links"), data=form, headers=HTMX)
    assert answer.status_code == 422
    assert 'id="link-problem"' in answer.text


def test_a_page_of_the_website_stands_behind_the_chat_where_it_may(eddy, agent, monkeypatch):
    agent.site_url = "https://shop.example.com"
    monkeypatch.setattr("core.installs.page_to_frame", lambda *_given, **_more: "https://www.shop.example.com/")
    answer = eddy.get(address(agent, "preview/backdrop"), headers=HTMX).text
    assert "page=https://www.shop.example.com/" in answer
    page = eddy.get(address(agent, "preview?page=https://www.shop.example.com/"))
    assert "frame-src 'self' https://www.shop.example.com;" in page.headers["Content-Security-Policy"]
    assert "sandbox" in page.text
    for other in ("https://evil.example/", "javascript:alert(1)", "https://shop.example.com.evil.example/"):
        page = eddy.get(address(agent, "preview"), query_string={"page": other})
        assert "evil" not in page.headers["Content-Security-Policy"]
        assert "<iframe" not in page.text


def test_why_a_website_cannot_stand_behind_the_chat_is_said(eddy, agent, monkeypatch):
    def refuse(*_given, **_more):
        raise Conflict("Your website allows nobody to show it in a frame.")

    monkeypatch.setattr("core.installs.page_to_frame", refuse)
    assert "allows nobody to show it" in eddy.get(address(agent, "preview/backdrop"), headers=HTMX).text


def test_the_preview_speaks_the_language_that_is_asked_for(rita, agent):
    assert '<html lang="ar" dir="rtl">' in rita.get(address(agent, "preview?language=ar")).text
    assert '<html lang="en" dir="ltr">' in rita.get(address(agent, 'preview?language="x')).text
