"""The install check and the guides, as the deploy dialog shows them."""

import dataclasses

import pytest

from core import websites
from core.clock import utc_now

HTMX = {"HX-Request": "true"}


@pytest.fixture
def own_network(app):
    app.config["PORCHLIGHT"] = dataclasses.replace(app.config["PORCHLIGHT"], allow_private_addresses=True)


def check(client, agent, address, **options):
    return client.post(f"/admin/agents/{agent.id}/deploy/checks", data={"address": address}, **options)


def test_a_page_without_the_line_is_told_and_may_be_allowed(own_network, adam, agent, httpserver):
    httpserver.expect_request("/").respond_with_data("<p>Hello</p>", content_type="text/html")
    for options in ({"headers": HTMX}, {}):
        answer = check(adam, agent, httpserver.url_for("/"), **options)
        assert answer.status_code == 200
        assert 'data-fault="missing"' in answer.text
        assert 'data-fault="not_allowed"' in answer.text
        assert "Allow localhost" in answer.text


def test_a_right_page_is_told_to_be_opened(own_network, eddy, agent, httpserver):
    websites.replace(agent, ["localhost"], by=None, now=utc_now())
    line = f'<script async src="http://localhost/widget/{agent.public_id}.js"></script>'
    httpserver.expect_request("/").respond_with_data(line, content_type="text/html")
    assert 'data-fault="in_browser"' in check(eddy, agent, httpserver.url_for("/"), headers=HTMX).text


@pytest.mark.parametrize("address", ["", "not a website", "ftp://shop.example", "a" * 2001])
def test_what_is_no_address_is_told_at_the_field(eddy, agent, address):
    answer = check(eddy, agent, address, headers=HTMX)
    assert answer.status_code == 422
    assert "address-problem" in answer.text


def test_only_who_may_change_agents_sends_us_out(rita, sue, stan, agent):
    for client, status in ((rita, 403), (sue, 403), (stan, 404)):
        assert check(client, agent, "shop.example").status_code == status


def test_each_platform_has_its_steps(rita, stan, agent):
    part = rita.get(f"/admin/agents/{agent.id}/deploy/guide?place=shopify", headers=HTMX)
    assert "theme.liquid" in part.text
    assert "<html" not in part.text
    page = rita.get(f"/admin/agents/{agent.id}/deploy/guide?place=shopify")
    assert page.location.endswith("/deploy?place=shopify")
    assert "theme.liquid" in rita.get(page.location).text
    assert rita.get(f"/admin/agents/{agent.id}/deploy/guide?place=nowhere", headers=HTMX).status_code == 404
    assert stan.get(f"/admin/agents/{agent.id}/deploy/guide?place=shopify").status_code == 404
