"""Where the widget was seen, and the status in words."""

from datetime import timedelta

from core import sightings, websites
from gateways.bus import current_bus
from models import transaction
from tests.conftest import NOW


def load(agent, origin, *, now=NOW):
    sightings.record_load(agent, origin, is_allowed=websites.is_allowed(agent, origin), now=now)


def replace(agent, *patterns):
    websites.replace(agent, patterns, by=None, now=NOW)


def test_nothing_seen_yet(agent):
    status = sightings.status(agent, NOW)
    assert (status.line, status.is_live, status.is_installed, status.last_seen_at) == (
        "Not on your site yet",
        False,
        False,
        None,
    )


def test_loads_make_it_live_and_are_counted(agent):
    load(agent, "https://example.com")
    load(agent, "http://example.com:8080", now=NOW + timedelta(minutes=1))
    load(agent, "https://example.com", now=NOW + timedelta(minutes=2))
    status = sightings.status(agent, NOW + timedelta(minutes=5))
    assert status.line == "Live on 2 sites"
    assert [(site.name, site.loads) for site in status.live] == [("example.com", 2), ("example.com:8080", 1)]
    assert status.last_seen_at == NOW + timedelta(minutes=2)


def test_a_site_that_fell_silent_is_quiet(agent):
    load(agent, "https://example.com")
    status = sightings.status(agent, NOW + timedelta(days=8))
    assert (status.line, status.is_live) == ("Quiet on example.com", False)
    assert status.is_installed


def test_a_refused_site_is_named_with_what_would_allow_it(agent):
    load(agent, "http://127.0.0.1:5500")
    load(agent, "null", now=NOW - timedelta(minutes=1))
    status = sightings.status(agent, NOW)
    assert status.line == "Not on your site yet"
    assert [(site.name, site.pattern) for site in status.refused] == [
        ("127.0.0.1:5500", "127.0.0.1"),
        ("A page without an address", None),
    ]


def test_allowing_a_refused_site_claims_nothing_until_it_loads_again(agent):
    load(agent, "http://localhost:5500")
    websites.allow(agent, "localhost", by=None, now=NOW)
    status = sightings.status(agent, NOW)
    assert (status.refused, status.is_installed) == ((), False)
    load(agent, "http://localhost:5500")
    assert sightings.status(agent, NOW).line == "Live on 1 site"


def test_a_site_taken_off_the_list_is_live_no_more(agent):
    load(agent, "https://example.com")
    replace(agent, "other.com")
    status = sightings.status(agent, NOW)
    assert not status.live
    assert [site.name for site in status.refused] == ["example.com"]


def test_made_up_origins_fill_no_table(agent):
    load(agent, "https://example.com")
    for number in range(60):
        load(agent, f"https://made-up-{number}.org", now=NOW + timedelta(seconds=number))
    refused = sightings.status(agent, NOW + timedelta(hours=1)).refused
    assert len(refused) == 50
    assert refused[0].name == "made-up-59.org"
    assert sightings.status(agent, NOW).is_live


def test_a_load_is_announced(agent):
    with current_bus().listener(websites.topic(agent)) as listener:
        load(agent, "https://example.com")
        assert listener.wait(1) == {"kind": "load"}


def test_who_waits_for_a_load_is_told_when_it_can_be_seen(agent):
    with current_bus().listener(websites.topic(agent)) as listener:
        with transaction():
            sightings.record_load(agent, "https://example.com", is_allowed=True, now=NOW)
            assert listener.wait(0.01) is None
        assert listener.wait(1) == {"kind": "load"}
