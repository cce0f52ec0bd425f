"""Allowed websites in words: what was pasted, what it means, what is likely meant as well."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domains import (
    DomainValidator,
    InvalidPattern,
    admits,
    companions,
    described,
    hindrance,
    origin_of,
    parse_pattern,
    read_entries,
    read_page,
)
from tests.core.test_domains_properties import HOST, NAME, NOISE, PORT, SCHEME

READINGS = [
    ("shop.com", "shop.com and any page of it; not www.shop.com"),
    ("www.shop.com", "www.shop.com and any page of it; not shop.com"),
    ("blog.shop.com", "blog.shop.com and any page of it; not other names below it"),
    ("shop.co.uk", "shop.co.uk and any page of it; not www.shop.co.uk"),
    ("*.shop.com", "every website below shop.com, such as www.shop.com; not shop.com itself"),
    ("https://shop.com", "shop.com and any page of it, only by https; not www.shop.com"),
    (
        "http://shop.com:8080",
        "shop.com and any page of it, by http only, not by https, on port 8080 only; not www.shop.com",
    ),
    ("bücher.de", "bücher.de (xn--bcher-kva.de) and any page of it; not www.bücher.de"),
    ("*", "any website in the world"),
    ("https://*", "any website in the world, only by https"),
    ("localhost", "pages on your own computer, at localhost"),
    ("127.0.0.1:3000", "pages on your own computer, at 127.0.0.1, on port 3000 only"),
    ("192.0.2.7", "pages at the address 192.0.2.7"),
    ("[::1]", "pages at the address [::1]; but browsers show no chat there, so give it a name"),
    ("a_b.shop.com", "a_b.shop.com; but browsers show no chat where a name has an underscore, so give it another"),
    ("intranet", "pages at “intranet” in a network of your own"),
]


@pytest.mark.parametrize(("text", "words"), READINGS)
def test_a_pattern_is_told_in_words(text, words):
    assert described(parse_pattern(text)) == words


@pytest.mark.parametrize(
    ("pasted", "read"),
    [
        ("shop.com", ["shop.com"]),
        ("https://www.shop.com/", ["www.shop.com"]),
        ("https://www.shop.com/de/page?x=1#y", ["www.shop.com"]),
        ("http://shop.com:8080/x", ["shop.com:8080"]),
        ("shop.com/de", ["shop.com"]),
        ("https://*.shop.com/*", ["*.shop.com"]),
        ("//shop.com/x", ["shop.com"]),
        ("https://ex%61mple.com/", ["example.com"]),
        ("http://0x7f.1/", ["127.0.0.1"]),
        ("HTTPS://BÜCHER.de/Seite", ["xn--bcher-kva.de"]),
        ("a.com b.com,c.com;d.com\n e.com,, a.com", ["a.com", "b.com", "c.com", "d.com", "e.com"]),
        ("“shop.com”, <https://other.com/>", ["shop.com", "other.com"]),
        ("https://shop.com", ["https://shop.com"]),
        (" , ;", []),
    ],
)
def test_what_is_pasted_is_read_sensibly(pasted, read):
    assert [str(entry.pattern) for entry in read_entries(pasted)] == read


@pytest.mark.parametrize(
    ("pasted", "problem"),
    [
        ("*.co.uk", "would allow websites of everybody"),
        ("user@shop.com", "Write shop.com."),
        ("https://user:word@shop.com/", "Give only the website"),
        ("https://evil.com\\@shop.com/", "Give only the website"),
        ("exa\u00admple.com", "invisible character"),
        ("ftp://shop.com", "Only websites that start with http"),
        ("/", "Give only the website"),
        ("shop.com.", "Leave out the dot"),
    ],
)
def test_what_names_no_website_is_told(pasted, problem):
    [entry] = read_entries(pasted)
    assert entry.pattern is None
    assert problem in entry.problem


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("shop.com", ["*.shop.com"]),
        ("*.shop.com", ["shop.com"]),
        ("www.shop.com", ["shop.com", "*.shop.com"]),
        ("https://shop.com:8443", ["https://*.shop.com:8443"]),
        ("www.github.io", ["github.io"]),
        ("co.uk", []),
        ("localhost", []),
        ("127.0.0.1", []),
        ("[::1]", []),
        ("*", []),
    ],
)
def test_apex_and_subdomains_are_offered_together(text, offered):
    assert [str(other) for other in companions(parse_pattern(text))] == offered


@pytest.mark.parametrize(
    ("pattern", "page", "reason"),
    [
        ("*.shop.com", "https://shop.com", "not shop.com itself"),
        ("shop.com", "https://www.shop.com", "without the names below it"),
        ("www.shop.com", "https://shop.com", "this one has none"),
        ("https://shop.com", "http://shop.com", "come by https, and this one comes by http"),
        ("shop.com:8443", "https://shop.com", "port 443 (the usual one)"),
        ("shop.com:8443", "https://shop.com:9", "this page comes from port 9."),
        ("shop.com", "https://other.com", None),
        ("*.shop.com", "https://myshop.com", None),
    ],
)
def test_a_near_miss_is_explained(pattern, page, reason):
    told = hindrance(parse_pattern(pattern), origin_of(page))
    assert reason in told if reason else told is None


@pytest.mark.parametrize(
    ("wide", "narrow", "covers"),
    [
        ("*", "shop.com:8443", True),
        ("*.shop.com", "a.b.shop.com", True),
        ("*.shop.com", "*.a.shop.com", True),
        ("*.shop.com", "shop.com", False),
        ("*.shop.com", "myshop.com", False),
        ("*.shop.com", "*.shop.com", True),
        ("shop.com", "https://shop.com", True),
        ("https://shop.com", "shop.com", False),
        ("shop.com:80", "shop.com", False),
        ("*.a.shop.com", "*.shop.com", False),
    ],
)
def test_a_pattern_covers_what_it_allows_altogether(wide, narrow, covers):
    assert parse_pattern(wide).covers(parse_pattern(narrow)) is covers


PATTERN = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "http://", "https://"]),
    st.sampled_from(["", "*.shop."]),
    HOST,
    st.one_of(st.just(""), PORT.map(":{}".format)),
)


@given(PATTERN, PATTERN, SCHEME, HOST, PORT)
def test_what_is_covered_is_allowed(wide, narrow, scheme, host, port):
    try:
        patterns = [parse_pattern(wide), parse_pattern(narrow)]
    except InvalidPattern:
        return
    origin = origin_of(f"{scheme}://{host}:{port}")
    if patterns[0].covers(patterns[1]) and patterns[1].allows(origin):
        assert patterns[0].allows(origin)


@given(st.one_of(NOISE, st.text(), st.lists(NAME).map(", ".join)))
def test_anything_may_be_pasted(text):
    for entry in read_entries(text):
        assert (entry.pattern is None) is bool(entry.problem)
        assert entry.pattern is None or described(entry.pattern)


@given(SCHEME, NAME, PORT)
def test_the_address_of_a_page_allows_that_page(scheme, name, port):
    page = f"{scheme}://{name}:{port}/page?x"
    [entry] = read_entries(page)
    assert DomainValidator.validate_referer(page, [str(entry.pattern)])
    assert read_page(page) == origin_of(page)


@given(PATTERN, SCHEME, st.one_of(HOST, NAME.map("a.shop.{}".format)), PORT)
def test_a_browser_shows_the_frame_just_where_the_chat_may_begin(pattern, scheme, host, port):
    """Apart from what CSP 3 does by itself: no source has an IPv6 address or an underscore; http means https, too."""
    origin = origin_of(f"{scheme}://{host}:{port}")
    is_allowed = DomainValidator.validate_domain(str(origin), [pattern])
    is_shown = admits(DomainValidator.frame_ancestors([pattern]), origin)
    narrowed = admits(DomainValidator.frame_ancestors([pattern], f"{origin}/"), origin)
    if origin.host.startswith("[") or "_" in f"{origin.host}{pattern}":
        assert is_allowed or not (is_shown or narrowed)
    elif pattern.startswith("http://") and scheme == "https":
        assert not is_allowed
    else:
        assert is_allowed is is_shown is narrowed


@pytest.mark.parametrize(
    ("sources", "page", "shown"),
    [
        ("*", "http://a.example:81", True),
        ("'none'", "http://a.example", False),
        ("https:", "http://a.example", False),
        ("http://a_b.example:*", "http://a_b.example", False),
        ("http://*.example:*", "http://a_b.example", True),
        ("http:", "https://a.example", True),
        ("http://a.example:80", "https://a.example", True),
        ("http://a.example:80", "https://a.example:8443", False),
        ("https://a.example", "https://a.example", True),
        ("https://a.example", "https://a.example:8443", False),
        ("https://*.a.example:*", "https://a.example", False),
        ("https://*.a.example:*", "https://x.y.a.example:9", True),
        ("https://b.example:* https://a.example:*", "https://a.example", True),
    ],
)
def test_sources_are_read_as_csp_3_reads_them(sources, page, shown):
    assert admits(sources, origin_of(page)) is shown
