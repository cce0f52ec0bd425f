"""Addresses of pages are kept without what they may tell of who reads them."""

import pytest

from core.privacy import looks_like_page, plain_page


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("https://shop.example/lamps/7?token=abc&mail=a@b.example#top", "https://shop.example/lamps/7"),
        ("https://ann:secret@shop.example/lamps", "https://shop.example/lamps"),
        ("https://shop.example/account/ann@shop.example/orders", "https://shop.example/account/[email]/orders"),
        ("https://shop.example/account/ann%40shop.example", "https://shop.example/account/[email]"),
        ("/reset/ann@shop.example?code=482913", "/reset/[email]"),
        ("//shop.example/a?b", "//shop.example/a"),
        ("https://shop.example/orders/100234", "https://shop.example/orders/100234"),
        ("https://shop.example/a%20b", "https://shop.example/a%20b"),
        ("https://shop.example?x=1", "https://shop.example"),
        ("ann@shop.example", "[email]"),
        ("", ""),
    ],
)
def test_an_address_loses_query_user_and_personal_data(address, plain):
    assert plain_page(address) == plain


@pytest.mark.parametrize(("text", "is_page"), [("https://a.example/b", True), ("/b?c", True), ("a / b", False)])
def test_a_page_is_told_from_words(text, is_page):
    assert looks_like_page(text) is is_page
