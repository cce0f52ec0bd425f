"""Websites: the list of those that may embed an agent."""

import pytest

from core import websites
from core.errors import Invalid
from models import db
from models.audits import AuditEntry
from models.teammates import Role
from tests.conftest import NOW, make_teammate


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
