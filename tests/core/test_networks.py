"""Addresses in one spelling, whichever way they are written."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core import networks
from core.errors import Invalid

v4 = some.ip_addresses(v=4)
v6 = some.ip_addresses(v=6).filter(lambda address: address.ipv4_mapped is None)
addresses = some.one_of(v4, v6)
ranges = some.one_of(
    some.tuples(v4, some.integers(8, 32)),
    some.tuples(v6, some.integers(16, 128)),
)


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("203.0.113.7", "203.0.113.7"),
        (" 203.0.113.7 ", "203.0.113.7"),
        ("203.0.113.7:5678", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::ffff:cb00:7107", "203.0.113.7"),
        ("[2001:DB8:0:0::7]:443", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("fe80::1%eth0", "fe80::1"),
        ("unknown", ""),
        ("", ""),
        (None, ""),
        ("_hidden", ""),
        ("203.0.113.256", ""),
        ("203.0.113.07", ""),
        ("3405803783", ""),
        ("<script>", ""),
        ("2001:db8::7, 203.0.113.7", ""),
    ],
)
def test_an_address_is_read_as_proxies_write_it(text, spelled):
    assert networks.spelled(text) == spelled


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("junk", "unknown"),
    ],
)
def test_a_household_counts_as_one(text, counted):
    assert networks.counted(text) == counted


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("203.0.113.7", "203.0.113.7/32"),
        (" 203.0.113.99/24 ", "203.0.113.0/24"),
        ("203.0.113.0/255.255.255.0", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.7/32"),
        ("::ffff:203.0.113.7/120", "203.0.113.0/24"),
        ("2001:DB8::7", "2001:db8::7/128"),
        ("[2001:db8::7]", "2001:db8::7/128"),
        ("2001:db8:1:2:3::/64", "2001:db8:1:2::/64"),
        ("10.0.0.0/8", "10.0.0.0/8"),
    ],
)
def test_a_range_has_one_spelling(text, canonical):
    assert networks.canonical(text) == canonical


@pytest.mark.parametrize(
    "text", ["", "x", "203.0.113", "203.0.113.7/33", "203.0.113.7/-1", "fe80::1%eth0", "1.2.3.4/8/8", "１.2.3.4", "7"]
)
def test_what_is_no_range_is_refused(text):
    with pytest.raises(Invalid, match="Write an address like"):
        networks.canonical(text)


@pytest.mark.parametrize(
    "text", ["0.0.0.0/0", "::/0", "128.0.0.0/1", "10.0.0.0/7", "2000::/3", "::ffff:0:0/96", "::ffff:0.0.0.0/100"]
)
def test_nobody_shuts_out_everybody(text):
    with pytest.raises(Invalid, match="a large part of the internet"):
        networks.canonical(text)


@given(ranges)
def test_the_spelling_of_a_spelling_is_itself(found):
    address, length = found
    spelled = networks.canonical(f"{address}/{length}")
    assert networks.canonical(spelled) == spelled
    assert ipaddress.ip_address(str(address)) in ipaddress.ip_network(spelled)


@given(ranges, addresses)
def test_a_range_covers_exactly_what_is_in_it(found, address):
    network = networks.canonical(f"{found[0]}/{found[1]}")
    is_in_it = address in ipaddress.ip_network(network)
    assert (network in networks.covering(str(address))) is is_in_it
    assert networks.overlaps(network, str(address)) is is_in_it
    assert network in networks.covering(str(found[0]))


@given(v4)
def test_an_address_inside_another_is_the_same(address):
    mapped = f"::ffff:{address}"
    assert networks.spelled(mapped) == str(address)
    assert networks.covering(mapped) == networks.covering(str(address))
    assert networks.canonical(mapped) == networks.canonical(str(address))


@given(some.text(max_size=80))
def test_no_text_breaks_the_reading(text):
    assert networks.counted(text)
    assert networks.neighbourhood(text)
    assert isinstance(networks.covering(text), list)
    try:
        networks.canonical(text)
    except Invalid:
        return
    assert len(networks.canonical(text)) <= 49


@pytest.mark.parametrize(
    "text", ["127.0.0.1", "10.1.2.3", "172.20.0.1", "192.168.1.1", "::1", "fd00::1", "100.64.0.1", "junk", ""]
)
def test_ones_own_machines_are_known(text):
    assert networks.is_inside(text)


@pytest.mark.parametrize("text", ["9.9.9.9", "203.0.113.7", "2001:db8::7", "172.32.0.1"])
def test_visitors_are_not_taken_for_ones_own_machines(text):
    assert not networks.is_inside(text)
