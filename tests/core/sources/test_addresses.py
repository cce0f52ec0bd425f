import pytest

from core.sources.addresses import LONGEST, Scope, is_trap, normal, site_of


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("HTTPS://Shop.COM", "https://shop.com/"),
        ("https://shop.com:443/a#part", "https://shop.com/a"),
        ("http://shop.com:8080/a/../b/./c", "http://shop.com:8080/b/c"),
        ("https://shop.com/a?utm_source=mail&b=1&gclid=x&fbclid=y", "https://shop.com/a?b=1"),
        ("https://shop.com/a;jsessionid=12?PHPSESSID=3", "https://shop.com/a"),
        ("https://shop.com/%7euser/%c3%a9%2F", "https://shop.com/~user/%C3%A9%2F"),
        ("https://shop.com/é b", "https://shop.com/%C3%A9%20b"),
        ("https://bücher.de./", "https://xn--bcher-kva.de/"),
        ("http://[::1]:8000/", "http://[::1]:8000/"),
        ("https://shop.com/../../a/.", "https://shop.com/a/"),
        ("../up", "https://shop.com/up"),
        ("//other.com/x", "https://other.com/x"),
        ("?page=2", "https://shop.com/help/?page=2"),
        ("", "https://shop.com/help/"),
    ],
)
def test_an_address_has_one_spelling(written, kept):
    assert normal(written, "https://shop.com/help/") == kept
    assert normal(kept) == kept


@pytest.mark.parametrize(
    "written",
    [
        "mailto:a@b.c",
        "javascript:alert(1)",
        "tel:+49",
        "ftp://shop.com/",
        "https://user:secret@shop.com/",
        "http://[broken",
        "https://shop.com/\ud800",
        "https://shop.com/?\udfff",
        "http://shop.com:99999/",
        f"https://shop.com/{'a' * LONGEST}",
        "https://" + "é" * 300 + ".com/",
    ],
)
def test_what_is_no_page_has_no_address(written):
    assert normal(written, "https://shop.com/") is None


def test_nothing_is_no_address():
    assert normal("") is None
    assert normal("https://") is None


def test_a_website_is_the_same_with_and_without_www():
    assert site_of("https://www.shop.com/a") == site_of("http://shop.com/b")
    assert site_of("https://shop.com:8443/") != site_of("https://shop.com/")
    assert site_of("https://blog.shop.com/") != site_of("https://shop.com/")


def test_patterns_say_what_is_read():
    scope = Scope.of("https://shop.com/", ["/help/*", "/faq"], ["/help/internal/*"])
    assert scope.is_wanted("https://www.shop.com/help/returns")
    assert scope.is_wanted("https://shop.com/faq")
    assert not scope.is_wanted("https://shop.com/help/internal/wages")
    assert not scope.is_wanted("https://shop.com/blog")
    assert not scope.is_wanted("https://elsewhere.com/help/returns")
    assert Scope.of("https://shop.com/").is_wanted("https://shop.com/blog")


def test_what_is_no_page_is_not_followed():
    scope = Scope.of("https://shop.com/")
    assert scope.is_to_follow("https://shop.com/help.html")
    assert not scope.is_to_follow("https://shop.com/lamp.JPG")
    assert not scope.is_to_follow("https://shop.com/a/b/a/b/a/b/a/b")


def test_addresses_without_end_are_traps():
    assert is_trap("https://shop.com" + "/deeper" * 20)
    assert not is_trap("https://shop.com/2026/11/22/a/b/c")
