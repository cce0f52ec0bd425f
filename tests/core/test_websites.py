"""Websites: the list, what was seen on them, and the status in words."""

from datetime import timedelta

import pytest

from core import websites
from core.errors import Invalid
from gateways.bus import current_bus
from models import db, transaction
from models.audits import AuditEntry
from models.teammates import Role
from tests.conftest import NOW, make_teammate


def load(agent, origin, *, now=NOW):
    websites.record_load(agent, origin, is_allowed=websites.is_allowed(agent, origin), now=now)


def replace(agent, *patterns):
    websites.replace(agent, patterns, by=None, now=NOW)


def test_the_list_is_kept_in_canonical_spelling_and_order(agent):
    replace(agent, "  Shop.COM ", "*.bücher.example", "shop.com", "http://localhost:5500")
    assert websites.patterns(agent) == ["shop.com", "*.xn--bcher-kva.example", "http://localhost:5500"]
    replace(agent, "http://localhost:5500", "shop.com")
    assert websites.patterns(agent) == ["http://localhost:5500", "shop.com"]


def test_one_wrong_pattern_changes_nothing_and_is_named(agent):
    with pytest.raises(Invalid, match=r"\*\.co\.uk"):
        replace(agent, "shop.com", "*.co.uk")
    assert websites.patterns(agent) == ["example.com"]


def test_the_list_is_bounded(agent):
    with pytest.raises(Invalid, match="100"):
        replace(agent, *(f"shop{number}.com" for number in range(101)))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("www.shop.com/uk", "https://www.shop.com/uk"),
        ("localhost:5500", "http://localhost:5500"),
        ("127.0.0.1", "http://127.0.0.1"),
        ("https://localhost:5500", "https://localhost:5500"),
        ("localhost.shop.com", "https://localhost.shop.com"),
    ],
)
def test_an_address_without_a_scheme_is_https_but_on_this_computer(written, kept):
    assert websites.read_site(written) == kept


def test_allow_and_remove(agent):
    websites.allow(agent, "localhost", by=None, now=NOW)
    assert websites.is_allowed(agent, "http://localhost:5500")
    websites.remove(agent, "localhost", by=None, now=NOW)
    websites.remove(agent, "never-there.com", by=None, now=NOW)
    assert websites.patterns(agent) == ["example.com"]
    assert not websites.is_allowed(agent, "http://localhost:5500")


def test_several_are_allowed_at_a_place_in_the_list_and_taken_off_together(agent):
    websites.allow(agent, "localhost", "shop.com", by=None, now=NOW, position=0)
    assert websites.patterns(agent) == ["localhost", "shop.com", "example.com"]
    websites.remove(agent, "localhost", "example.com", by=None, now=NOW)
    assert websites.patterns(agent) == ["shop.com"]


def test_each_change_says_who_what_and_from_what_to_what(workspace, agent):
    olga = make_teammate(workspace, "Olga", Role.OWNER)
    websites.allow(agent, "shop.com", by=olga, now=NOW)
    websites.remove(agent, "example.com", by=olga, now=NOW)
    websites.replace(agent, ["*"], by=None, now=NOW)
    websites.replace(agent, ["*"], by=olga, now=NOW)
    noted = db.session.query(AuditEntry).order_by(AuditEntry.id).all()
    assert [(entry.who, entry.action, entry.before["websites"], entry.after["websites"]) for entry in noted] == [
        ("Olga", "websites.allow", ["example.com"], ["example.com", "shop.com"]),
        ("Olga", "websites.remove", ["example.com", "shop.com"], ["shop.com"]),
        ("", "websites.change", ["shop.com"], ["*"]),
    ]
    assert {(entry.subject_kind, entry.subject_id, entry.subject_name) for entry in noted} == {
        ("agent", str(agent.id), "Lumi")
    }


def test_an_agent_without_websites_is_allowed_nowhere(agent):
    replace(agent)
    assert not websites.is_allowed(agent, "https://example.com")


def test_nothing_seen_yet(agent):
    status = websites.status(agent, NOW)
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
    status = websites.status(agent, NOW + timedelta(minutes=5))
    assert status.line == "Live on 2 sites"
    assert [(site.name, site.loads) for site in status.live] == [("example.com", 2), ("example.com:8080", 1)]
    assert status.last_seen_at == NOW + timedelta(minutes=2)


def test_a_site_that_fell_silent_is_quiet(agent):
    load(agent, "https://example.com")
    status = websites.status(agent, NOW + timedelta(days=8))
    assert (status.line, status.is_live) == ("Quiet on example.com", False)
    assert status.is_installed


def test_a_refused_site_is_named_with_what_would_allow_it(agent):
    load(agent, "http://127.0.0.1:5500")
    load(agent, "null", now=NOW - timedelta(minutes=1))
    status = websites.status(agent, NOW)
    assert status.line == "Not on your site yet"
    assert [(site.name, site.pattern) for site in status.refused] == [
        ("127.0.0.1:5500", "127.0.0.1"),
        ("A page without an address", None),
    ]


def test_allowing_a_refused_site_claims_nothing_until_it_loads_again(agent):
    load(agent, "http://localhost:5500")
    websites.allow(agent, "localhost", by=None, now=NOW)
    status = websites.status(agent, NOW)
    assert (status.refused, status.is_installed) == ((), False)
    load(agent, "http://localhost:5500")
    assert websites.status(agent, NOW).line == "Live on 1 site"


def test_a_site_taken_off_the_list_is_live_no_more(agent):
    load(agent, "https://example.com")
    replace(agent, "other.com")
    status = websites.status(agent, NOW)
    assert not status.live
    assert [site.name for site in status.refused] == ["example.com"]


def test_made_up_origins_fill_no_table(agent):
    load(agent, "https://example.com")
    for number in range(60):
        load(agent, f"https://made-up-{number}.org", now=NOW + timedelta(seconds=number))
    refused = websites.status(agent, NOW + timedelta(hours=1)).refused
    assert len(refused) == 50
    assert refused[0].name == "made-up-59.org"
    assert websites.status(agent, NOW).is_live


def test_a_load_is_announced(agent):
    with current_bus().listener(websites.topic(agent)) as listener:
        load(agent, "https://example.com")
        assert listener.wait(1) == {"kind": "load"}


def test_who_waits_for_a_load_is_told_when_it_can_be_seen(agent):
    with current_bus().listener(websites.topic(agent)) as listener:
        with transaction():
            websites.record_load(agent, "https://example.com", is_allowed=True, now=NOW)
            assert listener.wait(0.01) is None
        assert listener.wait(1) == {"kind": "load"}
