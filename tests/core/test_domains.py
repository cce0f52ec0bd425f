"""Allowed websites: which pages may embed an agent (design.md 5.2)."""

import hashlib

import pytest

from core.domains import DomainValidator, InvalidPattern, Pattern, explain, origin_of

ALLOWED_ORIGINS = [
    ("https://example.com", "example.com"),
    ("http://example.com", "example.com"),
    ("https://example.com:8443", "example.com"),
    ("https://EXAMPLE.com", "example.com"),
    ("HTTPS://example.com", "EXAMPLE.COM"),
    ("https://example.com:443", "https://example.com:443"),
    ("https://example.com", "https://example.com:443"),
    ("https://example.com:443", "https://example.com"),
    ("http://example.com", "example.com:80"),
    ("https://example.com:80", "example.com:80"),
    ("https://example.com:8443", "https://example.com"),
    ("https://a.example.com", "*.example.com"),
    ("https://a.b.c.example.com:9", "*.example.com"),
    ("https://a.example.com:8443", "https://*.example.com:8443"),
    ("https://xn--bcher-kva.example", "bücher.example"),
    ("https://bücher.example", "xn--bcher-kva.example"),
    ("https://xn--fa-hia.de", "faß.de"),
    ("https://xn--53h.ws", "☕.ws"),
    ("https://xn--mgba3gch31f060k.com", "نامه\u200cای.com"),
    ("https://my_shop.example.com", "my_shop.example.com"),
    ("https://r3---sn.example.com", "*.example.com"),
    ("http://localhost:3000", "localhost"),
    ("http://127.0.0.1:3000", "127.0.0.1"),
    ("http://[::1]:3000", "[::1]"),
    ("http://[0:0:0:0:0:0:0:1]", "[::1]"),
    ("http://[2001:db8::1]", "[2001:DB8:0::0001]"),
    ("http://[::ffff:102:304]", "[::ffff:1.2.3.4]"),
    ("http://[::1]", "*"),
    ("http://192.0.2.1", "*"),
    ("https://intranet", "*"),
    ("https://intranet:8443", "*:8443"),
    ("https://anywhere.example", "https://*"),
    ("https://sub.example.co.uk", "*.example.co.uk"),
]

REFUSED_ORIGINS = [
    ("https://www.example.com", "example.com"),
    ("https://example.com", "*.example.com"),
    ("https://evil-example.com", "*.example.com"),
    ("https://evilexample.com", "*.example.com"),
    ("https://example.com.evil.com", "example.com"),
    ("https://a.example.com.evil.com", "*.example.com"),
    ("http://example.com", "https://example.com"),
    ("https://example.com", "http://example.com"),
    ("https://example.com:8443", "example.com:443"),
    ("https://example.com", "example.com:80"),
    ("https://xn--fa-hia.de", "fass.de"),
    ("https://xn--e1awd7f.com", "epic.com"),
    ("http://[::ffff:1.2.3.4]", "1.2.3.4"),
    ("http://127.0.0.2", "127.0.0.1"),
    ("https://a.example.co.uk", "*.co.uk"),
    ("https://shop.github.io", "*.github.io"),
    ("https://a.unknowntld", "*.unknowntld"),
]

# Nothing here is an origin of an http(s) page, so not even `*` matches it.
NO_ORIGINS = [
    "",
    "null",
    "NULL",
    "*",
    "example.com",
    "//example.com",
    "https:",
    "https://",
    "https:///",
    "https:example.com",
    "https:/example.com",
    "https:\\\\example.com",
    "https://example.com/",
    "https://example.com/path",
    "https://example.com?",
    "https://example.com#",
    "https://example.com\\",
    "https://user@example.com",
    "https://user:pw@example.com",
    "https://@example.com",
    " https://example.com",
    "https://example.com ",
    "https://example.com\n",
    "\thttps://example.com",
    "https://exam\tple.com",
    "https://example.com\x00",
    "https://example.com https://example.com",
    "https://example.com,https://example.com",
    "https://example.com:",
    "https://example.com:0",
    "https://example.com:0443",
    "https://example.com:+443",
    "https://example.com:-1",
    "https://example.com:4 43",
    "https://example.com:443:443",
    "https://example.com:65536",
    "https://example.com:99999999999",
    "https://example.com:٤٤٣",
    "https://example.com:４４３",
    "https://example.com:*",
    "https://example.com.",
    "https://.example.com",
    "https://example..com",
    "https://.",
    "https://-example.com",
    "https://example-.com",
    "https://exa%6Dple.com",
    "https://exa mple.com",
    "https://exa\u00a0mple.com",
    "https://*.example.com",
    "https://exam;ple.com",
    "https://exam'ple.com",
    "https://exa\u00admple.com",
    "https://exa\u200bmple.com",
    "https://exa\u200cmple.com",
    "https://exa\u200dmple.com",
    "https://exa\u2060mple.com",
    "https://example\ufe0f.com",
    "https://\ufeffexample.com",
    "https://\u202eexample.com",
    "https://\u0301example.com",
    "https://ex\u0378ample.com",
    "https://exa\U00016ea0mple.com",
    "https://exaאmple.com",
    "https://1.אב",
    "https://\x00\u200ca.com",
    "https://xn--.com",
    "https://xn--a.com",
    "https://xn--example-.com",
    "https://xn--Bcher-KVA-.example",
    "https://xn--exmple-cua\u00ad.com",
    "https://" + "a" * 64 + ".com",
    "https://" + ".".join(["a" * 49] * 5) + ".aaaaa",
    "https://a.123",
    "https://a.0x7f",
    "https://1.2.3",
    "https://1.2.3.4.5",
    "https://1.2.3.256",
    "https://01.2.3.4",
    "https://0x7f.0.0.1",
    "https://2130706433",
    "https://127.0.0.1.",
    "https://１２７.0.0.1",
    "http://::1",
    "http://[::1",
    "http://::1]",
    "http://[]",
    "http://[::1]]",
    "http://[::1]x",
    "http://[::1%25eth0]",
    "http://[::1%eth0]",
    "http://[v1.a]",
    "http://[1::2::3]",
    "http://[1:2:3:4:5:6:7]",
    "http://[12345::]",
    "http://[::1.2.3]",
    "http://[127.0.0.1]",
    "http\u017f://example.com",
    "ftp://example.com",
    "ws://example.com",
    "wss://example.com",
    "file://",
    "file:///etc/passwd",
    "data:text/html,x",
    "blob:https://example.com/1",
    "about:blank",
    "javascript://example.com",
    "chrome-extension://abcdefghijklmnop",
    "capacitor://localhost",
    "https://ex\ud800ample.com",
    "https://" + "a" * 100_000,
]


@pytest.mark.parametrize(("origin", "pattern"), ALLOWED_ORIGINS)
def test_an_origin_that_the_pattern_means_is_allowed(origin, pattern):
    assert DomainValidator.validate_domain(origin, [pattern])


@pytest.mark.parametrize(("origin", "pattern"), REFUSED_ORIGINS)
def test_an_origin_that_the_pattern_does_not_mean_is_refused(origin, pattern):
    assert not DomainValidator.validate_domain(origin, [pattern])


@pytest.mark.parametrize("origin", NO_ORIGINS, ids=ascii)
def test_what_is_no_web_origin_matches_not_even_the_star(origin):
    assert not DomainValidator().validate_domain(origin, ["*", "example.com", "https://*", origin])


@pytest.mark.parametrize("origin", [None, 5, b"https://example.com", ["https://example.com"], object()])
def test_an_origin_that_is_no_text_matches_nothing(origin):
    assert not DomainValidator.validate_domain(origin, ["*"])
    assert not DomainValidator.validate_referer(origin, ["*"])
    assert not DomainValidator.check_wildcard_match(origin, "*")


@pytest.mark.parametrize(
    "allowed", [[], (), set(), None, "*", "example.com", b"*", {"*": 1}, 5, [None], [["*"]], [b"*"]]
)
def test_an_empty_or_broken_list_means_nowhere(allowed):
    assert not DomainValidator.validate_domain("https://example.com", allowed)
    assert not DomainValidator.validate_referer("https://example.com/", allowed)
    assert DomainValidator.frame_ancestors(allowed) == "'none'"


def test_an_invalid_pattern_does_not_spoil_its_neighbours():
    patterns = [None, "*.com", "exa mple.com", "example.com/", "example.com"]
    assert DomainValidator.validate_domain("https://example.com", patterns)
    assert explain("https://example.com", patterns) == "example.com"
    assert explain("https://other.com", patterns) is None


# Each row was read by the URL parser of Node 20 (ada), None meaning that it throws.
WHATWG_URLS = [
    ("https://example.com/a/b?c#d", "https://example.com"),
    ("https://example.com", "https://example.com"),
    ("HTTPS://EXAMPLE.com:443/", "https://example.com"),
    ("https://example.com:00443/", "https://example.com"),
    ("https://example.com:/", "https://example.com"),
    ("https:example.com", "https://example.com"),
    ("https:/example.com", "https://example.com"),
    ("https:\\\\example.com\\path", "https://example.com"),
    ("https://////example.com", "https://example.com"),
    (" \x00\x1fhttps://example.com/ \n", "https://example.com"),
    ("ht\ntps://exa\tmp\rle.com/", "https://example.com"),
    ("https://user:pw@example.com:8443/", "https://example.com:8443"),
    ("https://example.com@evil.com/", "https://evil.com"),
    ("https://a@b@example.com/", "https://example.com"),
    ("https://evil.com\\@example.com/", "https://evil.com"),
    ("https://evil.com/@example.com", "https://evil.com"),
    ("https://evil.com?@example.com", "https://evil.com"),
    ("https://evil.com#@example.com", "https://evil.com"),
    ("https://exam%70le.com/", "https://example.com"),
    ("https://b%C3%BCcher.example/", "https://xn--bcher-kva.example"),
    ("https://example%E3%80%82com/", "https://example.com"),
    ("https://ｅxample。com/", "https://example.com"),
    ("http://0x7f.1/", "http://127.0.0.1"),
    ("http://2130706433/", "http://127.0.0.1"),
    ("http://017700000001/", "http://127.0.0.1"),
    ("http://127.1", "http://127.0.0.1"),
    ("http://127.0.0.1./", "http://127.0.0.1"),
    ("http://１２７.0.0.1/", "http://127.0.0.1"),
    ("http://0x/", "http://0.0.0.0"),
    ("http://[::1]:80/", "http://[::1]"),
    ("http://[0:0::ffff:1.2.3.4]/", "http://[::ffff:102:304]"),
    ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example"),
    ("https://xn--a/", None),
    ("https://example.com:65536/", None),
    ("https://example.com:8a/", None),
    ("https://user@/", None),
    ("https://:443/", None),
    ("https://", None),
    ("https://exa%00mple.com/", None),
    ("https://example.com%2fevil.com/", None),
    ("https://exa mple.com/", None),
    ("http://256.0.0.1/", None),
    ("http://1.2.3.4.5/", None),
    ("http://4294967296/", None),
    ("http://09.0.0.1/", None),
    ("http://a.1/", None),
    ("http://[::1/", None),
    ("http://[::1]x/", None),
    ("http://a[::1]/", None),
    ("http://[::1%25eth0]/", None),
    ("//example.com/", None),
    ("example.com", None),
    ("", None),
]


@pytest.mark.parametrize(("url", "origin"), WHATWG_URLS, ids=ascii)
def test_a_referer_is_read_as_browsers_read_urls(url, origin):
    read = origin_of(url)
    assert (read and str(read)) == origin
    assert DomainValidator.validate_referer(url, ["*"]) is (origin is not None)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com./",
        "https://exa%C2%ADmple.com/",
        "https://%EF%BB%BFexample.com/",
        "https://example.com:0/",
        "https://-example.com/",
        "https://exam!ple.com/",
        "https://exam\ud800ple.com/",
        "file:///example.com",
        "data:,https://example.com/",
        "blob:https://example.com/1",
        "about:srcdoc",
        "null",
        "https://example.com:" + "9" * 10_000,
        "https://" + "%41" * 10_000,
        "http://" + "0" * 10_000 + "1/",
    ],
    ids=lambda url: ascii(url)[:40],
)
def test_a_referer_that_no_pattern_can_name_is_refused(url):
    assert not DomainValidator.validate_referer(url, ["*", "example.com"])


def test_a_long_page_address_is_still_read():
    assert DomainValidator.validate_referer("https://example.com/" + "a" * 1_000_000, ["example.com"])


@pytest.mark.parametrize(
    ("host", "pattern", "matches"),
    [
        ("a.example.com", "*.example.com", True),
        ("A.B.Example.Com", "*.example.com", True),
        ("example.com", "*.example.com", False),
        ("example.com", "example.com", True),
        ("notexample.com", "*.example.com", False),
        ("a.example.com", "example.com", False),
        ("a.bücher.example", "*.xn--bcher-kva.example", True),
        ("127.0.0.1", "*", True),
        ("[::1]", "[0::1]", True),
        ("::1", "[::1]", False),
        ("127.1", "127.0.0.1", False),
        ("a.com", "*.com", False),
        ("a.example.com:443", "*.example.com", False),
        ("https://a.example.com", "*.example.com", False),
        ("a.example.com.", "*.example.com", False),
        (".example.com", "*.example.com", False),
        ("*.example.com", "*.example.com", False),
        ("a.example.com/", "*.example.com", False),
        ("", "*", False),
        ("null\n", "*", False),
        ("a.example.com", "https://*.example.com:8443", True),
        ("a.example.com", "", False),
        ("a.example.com", None, False),
    ],
)
def test_a_host_matches_label_by_label(host, pattern, matches):
    assert DomainValidator.check_wildcard_match(host, pattern) is matches


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("*", Pattern("*")),
        ("Example.COM", Pattern("example.com")),
        ("HTTP://example.com", Pattern("example.com", "http")),
        ("https://*.Bücher.example:8443", Pattern("xn--bcher-kva.example", "https", 8443, wildcard=True)),
        ("https://*:443", Pattern("*", "https", 443)),
        ("[::0001]:3000", Pattern("[::1]", port=3000)),
        ("127.0.0.1:65535", Pattern("127.0.0.1", port=65535)),
        ("localhost:1", Pattern("localhost", port=1)),
        ("*.city.kawasaki.jp", Pattern("city.kawasaki.jp", wildcard=True)),
    ],
)
def test_a_pattern_is_read_into_its_parts(text, pattern):
    assert DomainValidator.parse_pattern(text) == pattern
    assert DomainValidator.parse_pattern(str(pattern)) == pattern


@pytest.mark.parametrize(
    "text",
    [
        *(origin for origin in NO_ORIGINS if origin not in {"*", "example.com", "https://*.example.com"}),
        "https://null",
        "*.",
        "*.*",
        "**",
        "*.*.example.com",
        "a.*.example.com",
        "*example.com",
        "a*.example.com",
        "example.*",
        "＊.example.com",
        "*。example.com",
        "*.127.0.0.1",
        "*.[::1]",
        "*.com",
        "*.co.uk",
        "*.github.io",
        "*.рф",
        "*.xn--p1ai",
        "*.公司.cn",
        "*.unknowntld",
        "*.localhost",
        "*.foo.kawasaki.jp",
        "*.kawasaki.jp",
        "https://*.co.uk:8443",
        "example.com/",
        "example.com:",
        "example.com:80-90",
        "example.com; script-src *",
        "example.com,evil.com",
        "'self'",
        "https:",
        "self\r\nX-Evil: 1",
        "/example\\.com/",
        "^https?://",
        None,
        5,
        b"example.com",
        ["example.com"],
    ],
    ids=lambda text: ascii(text)[:40],
)
def test_what_is_no_pattern_is_refused_with_a_sentence(text):
    with pytest.raises(InvalidPattern) as refusal:
        DomainValidator.parse_pattern(text)
    assert str(refusal.value).endswith(".")
    assert str(refusal.value).isprintable()
    assert isinstance(refusal.value, ValueError)


def test_a_refusal_suggests_what_to_write():
    with pytest.raises(InvalidPattern, match=r"Write bücher|Write xn--bcher-kva\.example:8443\.$"):
        DomainValidator.parse_pattern("https://me@bücher.example:8443/shop?x")


@pytest.mark.parametrize(
    ("allowed", "sources"),
    [
        ([], "'none'"),
        (["*"], "*"),
        (["example.com", "*"], "*"),
        (["https://*"], "https:"),
        (["*:8443"], "https://*:8443 http://*:8443"),
        (["example.com"], "https://example.com:* http://example.com:*"),
        (["*.example.com"], "https://*.example.com:* http://*.example.com:*"),
        (["https://example.com"], "https://example.com:*"),
        (["https://example.com:8443"], "https://example.com:8443"),
        (["example.com:8443"], "https://example.com:8443 http://example.com:8443"),
        (["bücher.example"], "https://xn--bcher-kva.example:* http://xn--bcher-kva.example:*"),
        (["http://127.0.0.1:3000"], "http://127.0.0.1:3000"),
        (["[::1]"], "'none'"),
        (["[::1]", "http://localhost:3000"], "http://localhost:3000"),
        (["*.com", "x; y", "a b", None, "https://a.example:1"], "https://a.example:1"),
        (["HTTPS://A.example:1", "https://a.example:1"], "https://a.example:1"),
    ],
)
def test_csp_says_the_patterns_and_nothing_wider(allowed, sources):
    assert DomainValidator.frame_ancestors(allowed) == sources


@pytest.mark.parametrize(
    ("referer", "sources"),
    [
        ("https://shop.example.com/cart?x", "https://shop.example.com"),
        ("https://SHOP.example.com:8443/", "https://shop.example.com:8443"),
        ("http://shop.example.com/", "http://shop.example.com"),
        ("https://evil.com/", "https://*.example.com:* http://*.example.com:* http://localhost:*"),
        ("http://[::1]/", "'none'"),
        (None, "https://*.example.com:* http://*.example.com:* http://localhost:*"),
    ],
)
def test_csp_names_the_one_page_that_asks_when_it_is_allowed(referer, sources):
    allowed = ["*.example.com", "http://localhost", "[::1]"]
    assert DomainValidator.frame_ancestors(allowed, referer) == sources


def test_equal_spellings_of_a_website_have_one_hash():
    expected = hashlib.sha256(b"xn--bcher-kva.example").hexdigest()
    for spelling in ["bücher.example", "BÜCHER.example", "xn--bcher-kva.example", "XN--BCHER-KVA.EXAMPLE"]:
        assert DomainValidator.generate_domain_hash(spelling) == expected
    assert DomainValidator.generate_domain_hash("https://bücher.example:8443") == expected
    assert DomainValidator.generate_domain_hash("[::1]") == DomainValidator.generate_domain_hash("[0:0::1]")


def test_different_websites_have_different_hashes():
    websites = ["example.com", "*.example.com", "example.com.", "www.example.com", "", "\ud800", "?", "*"]
    hashes = {DomainValidator.generate_domain_hash(website) for website in websites}
    assert len(hashes) == len(websites)
