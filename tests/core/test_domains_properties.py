"""Allowed websites: what holds for every input."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.domains import DomainValidator, InvalidPattern, Origin, origin_of, parse_pattern
from core.domains.origins import read_origin

LABEL = st.from_regex(r"[a-z0-9_]([a-z0-9_-]{0,8}[a-z0-9_])?", fullmatch=True).filter(lambda text: text[:4] != "xn--")
NAME = st.tuples(st.lists(LABEL, min_size=1, max_size=4), st.sampled_from(["com", "co.uk", "example", "xn--p1ai"])).map(
    lambda parts: ".".join([*parts[0], parts[1]])
)
IPV4 = st.ip_addresses(v=4).map(str)
IPV6 = st.ip_addresses(v=6).map(lambda address: f"[{address.exploded}]")
HOST = st.one_of(NAME, IPV4, IPV6)
SCHEME = st.sampled_from(["http", "https"])
PORT = st.integers(min_value=1, max_value=65535)
NOISE = st.text(st.sampled_from([*"abhtps:/\\.@?#[]%-*0x19; '\t\n", "ü", "ß", "\u00ad", "\u200d", "。", "א", "\ud800"]))
WORD = st.text(st.characters(categories=["Ll", "Lu", "Lo"], max_codepoint=0x9FFF), min_size=1, max_size=6)
ANYTHING = st.one_of(st.none(), st.integers(), st.binary(), NOISE, st.text(), st.lists(st.text(), max_size=3))
CSP_SOURCE = re.compile(r"\*|https?:|https?://(\*|(\*\.)?[a-z0-9._-]+):(\*|[1-9][0-9]{0,4})")


@given(ANYTHING, st.one_of(ANYTHING, st.lists(ANYTHING, max_size=4)))
def test_nothing_but_parse_pattern_raises(text, allowed):
    assert DomainValidator.validate_domain(text, allowed) in {True, False}
    assert DomainValidator.validate_referer(text, allowed) in {True, False}
    assert DomainValidator.check_wildcard_match(text, allowed) in {True, False}
    assert re.fullmatch("[0-9a-f]{64}", DomainValidator.generate_domain_hash(text))
    sources = DomainValidator.frame_ancestors(allowed, text)
    assert sources == "'none'" or all(re.fullmatch(r"[a-z0-9.:/*_-]+", source) for source in sources.split(" "))


@given(st.one_of(ANYTHING, HOST, st.tuples(SCHEME, NAME).map("://*.".join)))
def test_a_pattern_is_refused_or_reads_the_same_again(text):
    try:
        pattern = parse_pattern(text)
    except InvalidPattern:
        return
    assert parse_pattern(str(pattern)) == pattern
    sources = DomainValidator.frame_ancestors([text])
    assert (sources == "'none'") is pattern.host.startswith("[")
    assert sources == "'none'" or all(CSP_SOURCE.fullmatch(source) for source in sources.split(" "))


@given(SCHEME, HOST, PORT)
def test_an_origin_is_allowed_by_the_patterns_made_from_it(scheme, host, port):
    origin = f"{scheme}://{host}:{port}"
    other = {"http": "https", "https": "http"}[scheme]
    for pattern in ["*", host, f"{host}:{port}", f"{scheme}://{host}", origin, f"{scheme}://*:{port}"]:
        assert DomainValidator.validate_domain(origin, [pattern])
        assert DomainValidator.validate_referer(f"{origin}/path", [pattern])
    for pattern in [f"{other}://{host}", f"{host}:{port % 65535 + 1}", f"sub.{host}", f"*.{host}"]:
        assert not DomainValidator.validate_domain(origin, [pattern])


@given(LABEL, NAME)
def test_a_wildcard_allows_below_and_never_the_name_itself(label, name):
    name = f"shop.{name}"
    assert DomainValidator.validate_domain(f"https://{label}.{name}", [f"*.{name}"])
    assert not DomainValidator.validate_domain(f"https://{name}", [f"*.{name}"])
    assert not DomainValidator.validate_domain(f"https://x{name}", [f"*.{name}"])
    assert not DomainValidator.validate_domain(f"https://{label}.{name}.evil.com", [f"*.{name}"])


@given(st.one_of(NOISE, HOST, st.tuples(NOISE, HOST).map("@".join)))
def test_whatever_is_read_is_well_formed(noise):
    for origin in filter(None, (read_origin(f"https://{noise}"), origin_of(f"https://{noise}"))):
        assert isinstance(origin, Origin)
        assert re.fullmatch(r"https://([a-z0-9._-]{1,253}|\[[0-9a-f:]+\])(:[1-9][0-9]{0,4})?", str(origin))
        assert read_origin(str(origin)) == origin == origin_of(str(origin))


@given(st.one_of(WORD, NOISE, HOST))
def test_a_host_reads_the_same_in_an_origin_and_in_a_url(host):
    origin = read_origin(f"https://{host}")
    assert origin is None or origin_of(f"https://{host}") == origin


@given(NAME, st.text(st.characters(categories=["Cf"]), min_size=1, max_size=2), st.integers(min_value=0, max_value=9))
def test_an_invisible_character_never_vanishes_from_a_plain_name(name, invisible, place):
    name = name[:place] + invisible + name[place:]
    assert not DomainValidator.validate_domain(f"https://{name}", ["*"])
    with pytest.raises(InvalidPattern):
        parse_pattern(name)


@given(WORD)
def test_a_name_and_its_a_labels_are_one_website(word):
    origin = read_origin(f"https://{word}.example.com")
    assume(origin is not None)
    assert DomainValidator.validate_domain(f"https://{word}.example.com", [origin.host])
    assert DomainValidator.validate_domain(str(origin), [f"{word}.example.com"])
