"""Where an answer comes from, as customers are told."""

import pytest

from core.citations import citation

LINK = "https://www.shop.example/help/delivery_times"


def test_a_source_is_named_and_linked():
    told = citation("Help › Delivery", LINK)
    assert told["title"] == "Help › Delivery"
    assert f'href="{LINK}"' in told["html"]
    assert ">shop.example/help/delivery_times</a>" in told["html"]


def test_a_long_address_is_shown_short_and_linked_whole():
    link = f"https://shop.example/{'a' * 200}"
    html = citation("Help", link)["html"]
    assert f'href="{link}"' in html
    assert f">shop.example/{'a' * 56}…</a>" in html


@pytest.mark.parametrize(
    "link",
    [None, "", "javascript:alert(1)", "ftp://shop.example", "https://a.example/> <script>", "https://a.example/a b"],
)
def test_what_is_no_page_is_no_link(link):
    assert citation("Help", link) == {"title": "Help", "html": ""}


def test_an_address_cannot_end_the_link_that_shows_it():
    html = citation("Help", "https://shop.example/](https://evil.example)*x*")["html"]
    assert html.count("<a ") == 1
    assert 'href="https://evil.example' not in html
