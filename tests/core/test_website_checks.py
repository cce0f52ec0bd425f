"""Would this page be allowed: the rule that decides, every layer's answer, and what would allow it."""

import pytest

from core import website_checks, websites
from core.errors import Invalid
from tests.conftest import make_agent


def test_the_rule_that_decides_is_named(workspace):
    agent = make_agent(workspace, websites=("localhost", "*.shop.com", "shop.com"))
    found = website_checks.check(agent, "https://www.shop.com/contact?x=1")
    assert (found.website, found.rule, found.is_allowed) == ("https://www.shop.com", "*.shop.com", True)
    assert found.meaning.startswith("every website below shop.com")
    assert [layer.is_allowed for layer in found.layers] == [True] * 4
    assert found.is_of_one_mind
    assert (found.near, found.offers) == ((), ())


def test_what_would_allow_a_page_is_offered(workspace):
    agent = make_agent(workspace, websites=("shop.com", "https://*.other.com"))
    found = website_checks.check(agent, "www.shop.com")
    assert not found.is_allowed
    assert [layer.is_allowed for layer in found.layers] == [False] * 4
    assert found.near == (("shop.com", "It means shop.com alone, without the names below it."),)
    assert [pattern for pattern, _meaning in found.offers] == ["www.shop.com", "*.shop.com"]
    for pattern, _meaning in found.offers:
        websites.allow(agent, pattern, by=None, now=agent.created_at)
        assert website_checks.check(agent, "https://www.shop.com/").is_allowed
        websites.remove(agent, pattern, by=None, now=agent.created_at)


def test_it_says_so_where_browsers_know_no_such_rule(workspace):
    agent = make_agent(workspace, websites=("[::1]", "http://shop.com"))
    numbered = website_checks.check(agent, "http://[::1]:3000/")
    assert (numbered.is_allowed, numbered.is_of_one_mind) == (True, False)
    upgraded = website_checks.check(agent, "https://shop.com/")
    assert (upgraded.is_allowed, upgraded.is_of_one_mind) == (False, False)


def test_a_broken_rule_in_the_database_decides_nothing(workspace):
    agent = make_agent(workspace, websites=("exa mple.com",))
    assert not website_checks.check(agent, "https://example.com").is_allowed


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("", "Write the address"),
        ("file:///home/me/page.html", "belongs to no website"),
        ("data:text/html,x", "belongs to no website"),
        ("not a page", "This is not the address of a page"),
        ("https://shop.com.", "This is not the address of a page"),
    ],
)
def test_what_is_no_page_is_told(agent, address, told):
    with pytest.raises(Invalid, match=told):
        website_checks.check(agent, address)
