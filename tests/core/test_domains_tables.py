"""Allowed websites by the tables of RFC 6454, UTS 46, CSP 3 and the public suffix list."""

import pytest

from core.domains import DomainValidator, InvalidPattern, admits, origin_of, parse_pattern

SAME_ORIGIN = [
    # RFC 6454, 5 and 6.2: scheme, host and port; a default port is no port.
    ("http://example.com/", "http://example.com:80/", True),
    ("http://example.com/", "http://example.com/path/file", True),
    ("http://example.com/", "http://example.com:8080/", False),
    ("http://example.com/", "http://www.example.com/", False),
    ("https://example.com:80/", "http://example.com/", False),
    ("https://example.com/", "http://example.com/", False),
    ("http://example.com/", "http://example.org/", False),
    ("http://EXAMPLE.com/", "http://example.COM/", True),
    ("https://example.com:443", "https://example.com", True),
    ("https://example.com:80", "https://example.com", False),
]


@pytest.mark.parametrize(("one", "other", "same"), SAME_ORIGIN)
def test_an_origin_is_scheme_host_and_port(one, other, same):
    assert (origin_of(one) == origin_of(other)) is same
    exact = f"{origin_of(one).scheme}://{origin_of(one).host}:{origin_of(one).port}"
    assert DomainValidator.validate_domain(str(origin_of(other)), [exact]) is same


# UTS 46, non-transitional, with Unicode 14 (what this Python knows): None where the name is refused.
NAMES = [
    ("faß.de", "xn--fa-hia.de"),
    ("FAẞ.de", "xn--fa-hia.de"),
    ("βόλος.com", "xn--nxasmm1c.com"),
    ("نامه\u200cای.com", "xn--mgba3gch31f060k.com"),
    ("ශ්\u200dරී.com", "xn--10cl1a0b660p.com"),
    ("日本語。jp", "xn--wgv71a119e.jp"),
    ("日本語．jp", "xn--wgv71a119e.jp"),
    ("日本語｡jp", "xn--wgv71a119e.jp"),
    ("ＥＸＡＭＰＬＥ.com", "example.com"),
    ("Ⅷ.example", "viii.example"),
    ("ﬁx.example", "fix.example"),
    ("Å.example", "xn--5ca.example"),
    ("A\u030a.example", "xn--5ca.example"),
    ("ſhop.example", "shop.example"),
    ("İ.example", "xn--i-9bb.example"),
    ("☕.example", "xn--53h.example"),
    ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
    ("א.example", "xn--4db.example"),
    ("אב1.example", "xn--1-zhcd.example"),
    ("xn--fass.example", None),  # Not what Punycode gives.
    ("xn--ls8h\u00ad.example", None),
    ("xn--zca\u200d.example", None),
    ("a\u200db.example", None),  # ContextJ
    ("a\u200cb.example", None),
    ("\u0301a.example", None),  # begins with a mark
    ("a\u2024b.example", None),  # a leader, which is a dot by compatibility alone
    ("a⒈b.example", None),
    ("a\u2028b.example", None),
    ("a\u00a0b.example", None),
    ("\ufe00a.example", None),
    ("a\u00adb.example", None),
    ("a\u2060b.example", None),
    ("a\u180eb.example", None),
    ("\ufeffa.example", None),
    ("1א.example", None),  # the Bidi rule
    ("אa.example", None),
    ("xn--a-0hc.example", None),
    ("\U000e0041.example", None),
    ("\ue000.example", None),
    ("\U0001fae8.example", None),  # Unicode 15: nothing is known of it yet
]


@pytest.mark.parametrize(("name", "expected"), NAMES, ids=ascii)
def test_a_name_is_mapped_as_uts_46_says(name, expected):
    read = origin_of(f"https://{name}/")
    assert (read and read.host) == expected
    assert DomainValidator.validate_domain(f"https://{name}", ["*"]) is (expected is not None)
    if expected is None:
        with pytest.raises(InvalidPattern):
            parse_pattern(name)
    else:
        assert parse_pattern(name).host == expected


# publicsuffix.org: its own rules, wildcards (*.ck), exceptions (!www.ck), the private section, and unknown top labels.
SUFFIXES = [
    *("com", "uk", "co.uk", "jp", "ac.jp", "kyoto.jp", "ide.kyoto.jp", "kobe.jp", "c.kobe.jp", "ck", "test.ck"),
    *("bd", "com.bd", "er", "np", "us", "ak.us", "k12.ak.us", "github.io", "herokuapp.com", "blogspot.com"),
    *("pages.dev", "vercel.app", "web.app", "myshopify.com", "s3.amazonaws.com", "公司.cn", "xn--55qx5d.cn", "рф"),
    *("local", "internal", "localhost", "test", "example", "unlisted"),
]
REGISTRABLE = [
    *("example.com", "example.co.uk", "b.ide.kyoto.jp", "city.kobe.jp", "b.c.kobe.jp", "www.ck", "b.test.ck"),
    *("example.com.bd", "test.k12.ak.us", "shop.github.io", "食狮.公司.cn", "shop.рф", "shop.test", "shop.unlisted"),
    *("my-shop.myshopify.com", "a.b.example.com", "shop.localhost", "shop.pages.dev"),
]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_wildcard_right_above_a_public_suffix_is_refused(suffix):
    for pattern in (f"*.{suffix}", f"*.{suffix.upper()}", f"https://*.{suffix}:8443"):
        with pytest.raises(InvalidPattern, match="would allow websites of everybody"):
            parse_pattern(pattern)
    assert not DomainValidator.validate_domain(f"https://shop.{suffix}", [f"*.{suffix}"])
    assert DomainValidator.frame_ancestors([f"*.{suffix}"]) == "'none'"
    assert DomainValidator.validate_domain(f"https://{suffix}", [suffix])


@pytest.mark.parametrize("name", REGISTRABLE)
def test_a_wildcard_above_ones_own_name_is_allowed(name):
    assert DomainValidator.validate_domain(f"https://www.{name}", [f"*.{name}"])
    assert not DomainValidator.validate_domain(f"https://{name}", [f"*.{name}"])


# CSP 3, 6.7.2: what the list says to a browser is what the origin check says.
SOURCES = [
    ("example.com", "https://example.com:* http://example.com:*"),
    ("*.example.com", "https://*.example.com:* http://*.example.com:*"),
    ("https://example.com", "https://example.com:*"),
    ("http://example.com:8080", "http://example.com:8080"),
    ("example.com:8443", "https://example.com:8443 http://example.com:8443"),
    ("bücher.example", "https://xn--bcher-kva.example:* http://xn--bcher-kva.example:*"),
    ("127.0.0.1", "https://127.0.0.1:* http://127.0.0.1:*"),
    ("localhost:3000", "https://localhost:3000 http://localhost:3000"),
    ("*", "*"),
    ("https://*", "https:"),
    ("*:8443", "https://*:8443 http://*:8443"),
    ("[::1]", "'none'"),
    ("not a website", "'none'"),
]


@pytest.mark.parametrize(("pattern", "sources"), SOURCES)
def test_a_pattern_becomes_the_sources_that_say_the_same(pattern, sources):
    assert DomainValidator.frame_ancestors([pattern]) == sources


def test_a_page_that_is_allowed_is_named_alone():
    patterns = ["*.example.com", "[::1]", "other.com"]
    assert DomainValidator.frame_ancestors(patterns, "https://a.example.com:8443/x?y") == "https://a.example.com:8443"
    assert DomainValidator.frame_ancestors(patterns, "http://[::1]:3000/") == "'none'"
    listed = DomainValidator.frame_ancestors(patterns)
    for referer in (None, "", "https://evil.com/", "https://example.com/", "null", "https://a.example.com./"):
        assert DomainValidator.frame_ancestors(patterns, referer) == listed
    assert not admits(listed, origin_of("https://evil.com/"))
    assert DomainValidator.frame_ancestors([], "https://example.com/") == "'none'"
