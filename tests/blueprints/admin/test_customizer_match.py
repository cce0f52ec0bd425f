"""Match my website, in the customizer."""

import dataclasses
import io
import re

import pytest
from PIL import Image

from core import widget_configs

PAGE = "<title>Lamps</title><style>body{background:#fffdf8;color:#222} .btn{background:#0a66c2}</style>"


@pytest.fixture
def site(app, httpserver):
    app.config["PORCHLIGHT"] = dataclasses.replace(app.config["PORCHLIGHT"], allow_private_addresses=True)
    httpserver.expect_request("/").respond_with_data(PAGE, content_type="text/html")
    return httpserver.url_for("/")


def match(client, agent, site):
    return client.post(
        f"/admin/agents/{agent.id}/customizer/match", data={"site": site}, headers={"HX-Request": "true"}
    )


def adopt(client, agent, **values):
    data = {"matched_accent": "#0a66c2", "matched_paper": "#fffdf8", "matched_ink": "#222222", **values}
    return client.post(f"/admin/agents/{agent.id}/customizer/match/adoption", data=data)


def test_the_look_of_a_site_is_proposed_and_taken(eddy, agent, site):
    proposal = match(eddy, agent, site)
    assert 'name="matched_accent" value="#0a66c2"' in proposal.text
    assert "Lamps" in proposal.text
    assert not widget_configs.has_changes(agent)
    assert adopt(eddy, agent).status_code == 303
    theme = widget_configs.drafted(agent).theme
    assert (theme.accent, theme.paper, theme.ink) == ("#0a66c2", "#fffdf8", "#222222")
    assert widget_configs.published(agent)[0].theme.accent == "#b4490f"


def png():
    file = io.BytesIO()
    Image.new("RGB", (96, 96), "#0a66c2").save(file, "PNG")
    return file.getvalue()


def test_the_icon_of_a_site_becomes_the_picture_of_the_agent(eddy, stan, agent, site, httpserver):
    page = PAGE + '<link rel="apple-touch-icon" href="/icon.png">'
    httpserver.expect_request("/shop").respond_with_data(page, content_type="text/html")
    httpserver.expect_request("/icon.png").respond_with_data(png(), content_type="image/png")
    proposal = match(eddy, agent, site + "shop")
    icon = re.search(r'name="matched_icon" value="([0-9a-f-]{36})"', proposal.text)[1]
    assert stan.get(f"/pictures/{icon}.webp").status_code == 200
    assert adopt(eddy, agent, matched_icon=icon).status_code == 303
    assert widget_configs.drafted(agent).brand.avatar == ""
    assert adopt(eddy, agent, matched_icon=icon, with_icon="yes").status_code == 303
    assert widget_configs.drafted(agent).brand.avatar == icon
    foreign = "0192f7a0-0000-7000-8000-000000000000"
    assert adopt(eddy, agent, matched_icon=foreign, with_icon="yes").status_code == 422
    assert widget_configs.drafted(agent).brand.avatar == icon


def test_an_icon_that_is_no_picture_is_left_out(eddy, agent, site, httpserver):
    page = PAGE + '<link rel="apple-touch-icon" href="/icon.png">'
    httpserver.expect_request("/shop").respond_with_data(page, content_type="text/html")
    httpserver.expect_request("/icon.png").respond_with_data(b"<svg/>", content_type="image/png")
    proposal = match(eddy, agent, site + "shop")
    assert proposal.status_code == 200
    assert "matched_icon" not in proposal.text


def test_a_site_that_cannot_be_read_is_told_at_the_field(eddy, agent, site):
    for address in ("", "no website", site + "gone"):
        answer = match(eddy, agent, address)
        assert answer.status_code == 422
        assert "site-problem" in answer.text


def test_made_up_values_are_refused_and_nothing_is_saved(eddy, agent):
    assert adopt(eddy, agent, matched_accent="url(x)").status_code == 422
    assert not widget_configs.has_changes(agent)


def test_only_who_may_change_agents(rita, sue, stan, agent, site):
    for client, status in ((rita, 403), (sue, 403), (stan, 404)):
        assert match(client, agent, site).status_code == status
        assert adopt(client, agent).status_code == status
