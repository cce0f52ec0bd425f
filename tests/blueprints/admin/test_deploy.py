"""Deploy: the snippets to the letter, the allowed websites, and the line that tells whether it works."""

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from core import agents, events, sightings, websites, widget_configs
from core.clock import utc_now
from models.agents import EventKind
from tests.conftest import make_agent

INLINE = 'title="Chat with us" style="width:100%;height:640px;border:0"'
HTMX = {"HX-Request": "true"}


def load(agent, origin):
    sightings.record_load(agent, origin, is_allowed=websites.is_allowed(agent, origin), now=utc_now())


def add(client, agent, pattern, **options):
    return client.post(f"/admin/agents/{agent.id}/deploy/websites", data={"pattern": pattern}, **options)


def health(client, agent):
    return client.get(f"/admin/agents/{agent.id}/deploy/health", headers=HTMX).text


def test_the_dialog_holds_the_three_ways(rita, agent):
    dialog = rita.get(f"/admin/agents/{agent.id}/deploy", headers=HTMX).text
    assert "<dialog" in dialog
    assert "<html" not in dialog
    snippets = [html.unescape(text) for text in re.findall(r'<pre class="snippet" id[^>]*>(.*?)</pre>', dialog)]
    assert snippets == [
        f'<script async src="http://localhost/widget/{agent.public_id}.js"></script>',
        f'<iframe src="http://localhost/widget/{agent.public_id}?mode=inline" {INLINE}></iframe>',
        f"http://localhost/chat/{agent.public_id}",
    ]
    assert '<svg width="' in dialog


def test_the_same_address_is_a_page_that_works_without_scripts(rita, agent):
    page = rita.get(f"/admin/agents/{agent.id}/deploy").text
    assert "<h1>Deploy Lumi</h1>" in page
    assert "<dialog" not in page
    assert "style=" not in html.unescape(re.sub(r"<pre.*?</pre>", "", page))


def test_only_admins_see_how_to_change_websites(rita, eddy, adam, agent):
    assert "Add a website" in adam.get(f"/admin/agents/{agent.id}/deploy").text
    for client in (rita, eddy):
        assert "Add a website" not in client.get(f"/admin/agents/{agent.id}/deploy").text
        assert add(client, agent, "shop.com").status_code == 403


def test_a_stranger_sees_and_changes_nothing(stan, agent):
    [website] = agent.websites
    for path in ("deploy", "deploy/health"):
        assert stan.get(f"/admin/agents/{agent.id}/{path}").status_code == 404
    assert add(stan, agent, "shop.com").status_code == 404
    assert stan.post(f"/admin/agents/{agent.id}/deploy/websites/{website.id}/removal").status_code == 404
    assert websites.patterns(agent) == ["example.com"]


def test_a_website_is_added_and_removed(adam, agent):
    part = add(adam, agent, " *.Shop.com ", headers=HTMX)
    assert part.status_code == 200
    assert "*.shop.com" in part.text
    assert "<html" not in part.text
    assert 'value=" *.Shop.com "' not in part.text
    removal = f"/admin/agents/{agent.id}/deploy/websites/{agent.websites[0].id}/removal"
    answer = adam.post(removal)
    assert (answer.status_code, answer.location) == (303, f"/admin/agents/{agent.id}/deploy")
    assert websites.patterns(agent) == ["*.shop.com"]
    assert adam.post(removal).status_code == 404


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("", "Write the address of a website"),
        ("*.co.uk", "would allow websites of everybody"),
        ("me@shop.com", "Write shop.com."),
        ("x" * 3000, "too long"),
    ],
)
def test_a_website_that_cannot_be_read_is_told_in_words(adam, agent, pattern, told):
    part = add(adam, agent, pattern, headers=HTMX)
    assert part.status_code == 422
    assert told in html.unescape(part.text)
    assert 'aria-invalid="true"' in part.text
    page = add(adam, agent, pattern)
    assert page.status_code == 422
    assert "<h1>Deploy Lumi</h1>" in page.text
    assert websites.patterns(agent) == ["example.com"]


def test_what_is_pasted_is_read_sensibly(adam, agent):
    assert add(adam, agent, "https://www.shop.com/page?x, other.com", headers=HTMX).status_code == 200
    assert websites.patterns(agent) == ["example.com", "www.shop.com", "other.com"]


def test_a_link_that_is_switched_off_is_pointed_out(rita, agent):
    assert "The direct link is switched off" not in rita.get(f"/admin/agents/{agent.id}/deploy").text
    agents.allow_link(agent, False, by=None, now=utc_now())
    assert "The direct link is switched off" in rita.get(f"/admin/agents/{agent.id}/deploy").text


def test_an_open_list_is_pointed_out(adam, workspace):
    agent = make_agent(workspace, websites=("*",))
    page = adam.get(f"/admin/agents/{agent.id}/deploy").text
    assert "Anybody may put this chat on their own site" in page
    websites.replace(agent, [], by=None, now=utc_now())
    assert "the chat appears nowhere" in adam.get(f"/admin/agents/{agent.id}/deploy").text


def test_it_waits_until_the_site_loads_the_widget(rita, agent):
    assert "Waiting for your site to load the widget…" in health(rita, agent)
    load(agent, "https://example.com")
    assert "Working on <strong>example.com</strong>, seen just now" in health(rita, agent)
    plain = rita.get(f"/admin/agents/{agent.id}/deploy/health")
    assert (plain.status_code, plain.location) == (303, f"/admin/agents/{agent.id}/deploy")


def test_a_refused_website_is_named_and_allowed_in_one_click(adam, rita, agent):
    load(agent, "http://localhost:5500")
    part = health(adam, agent)
    assert "<strong>localhost:5500</strong> asked for the widget just now" in part
    [pattern] = re.findall(r'name="pattern" value="([^"]+)"', part)
    assert "Ask an admin" in health(rita, agent)
    assert add(adam, agent, pattern, headers=HTMX).status_code == 200
    assert "Waiting for your site" in health(adam, agent)
    load(agent, "http://localhost:5500")
    assert "Working on <strong>localhost:5500</strong>" in health(adam, agent)


def test_a_page_without_an_address_is_explained(adam, agent):
    load(agent, "null")
    part = health(adam, agent)
    assert "a file opened from the disk" in part
    assert "Allow it" not in part


def test_an_address_that_customers_cannot_reach_is_pointed_out(monkeypatch, app, rita, agent):
    there = f"/admin/agents/{agent.id}/deploy"
    assert "Customers cannot open this address" in rita.get(there).text
    reachable = replace(app.config["PORCHLIGHT"], public_url="https://chat.example.com")
    monkeypatch.setitem(app.config, "PORCHLIGHT", reachable)
    assert "cannot open this address" not in rita.get(there).text


def test_the_panel_says_which_version_a_website_shows(rita, agent):
    sightings.record_load(agent, "https://example.com", is_allowed=True, version=1, now=utc_now())
    assert "shows version 1" in health(rita, agent)
    assert "was published" not in health(rita, agent)
    config = replace(widget_configs.drafted(agent), greeting="Good day")
    widget_configs.save_draft(agent, config, revision=widget_configs.draft(agent).revision, by=None, now=utc_now())
    widget_configs.publish(agent, by=None, now=utc_now())
    part = health(rita, agent)
    assert "Version 2 was published just now. Visitors’ browsers pick it up within a minute." in part
    sightings.record_load(agent, "https://example.com", is_allowed=True, now=utc_now() + timedelta(minutes=30))
    assert "A cache or CDN in between keeps an older copy" in health(rita, agent)


def test_the_panel_says_what_went_wrong_and_what_to_do(rita, agent):
    load(agent, "https://example.com")
    for _ in range(2):
        events.record(
            agent, EventKind.ERROR, origin="https://example.com", details={"code": "frame_unreachable"}, now=utc_now()
        )
    part = health(rita, agent)
    assert "2 times today the chat’s window did not open. Check the page below" in part
