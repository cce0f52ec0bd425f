"""Links to the draft: on the agent's own websites, for a while, and until they are taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import preview_links, websites
from core.errors import Invalid, NotFound, TooMany
from models import db
from models.agents import PreviewLink
from models.audits import AuditEntry
from models.teammates import Role
from tests.conftest import NOW, make_teammate


@pytest.fixture
def eddy_himself(app, workspace):
    return make_teammate(workspace, "Eddy", Role.EDITOR)


def make(agent, by, page="", days=7):
    return preview_links.make(agent, page=page, days=days, by=by, now=NOW)


def test_a_link_is_good_for_its_days_and_for_its_agent(app, agent, other_agent, eddy_himself):
    link, secret = make(agent, eddy_himself)
    assert secret not in link.token_hash
    assert preview_links.find(agent, secret, now=NOW).id == link.id
    assert preview_links.find(other_agent, secret, now=NOW) is None
    assert preview_links.find(agent, secret, now=NOW + timedelta(days=7)) is None
    assert preview_links.agent_of(secret, now=NOW).id == agent.id


def test_a_link_leads_to_an_allowed_website_only(app, agent, eddy_himself):
    websites.replace(agent, ["shop.example.com"], by=None, now=NOW)
    link, _secret = make(agent, eddy_himself, "shop.example.com/pricing")
    assert link.page == "https://shop.example.com/pricing"
    with pytest.raises(Invalid, match="not allowed on this website"):
        make(agent, eddy_himself, "https://elsewhere.example.com")
    with pytest.raises(Invalid, match="Choose 1, 7 or 30 days"):
        make(agent, eddy_himself, days=365)


def test_a_link_that_was_taken_back_shows_nothing(app, agent, other_agent, eddy_himself):
    link, secret = make(agent, eddy_himself)
    with pytest.raises(NotFound):
        preview_links.withdraw(other_agent, link.id, by=eddy_himself, now=NOW)
    preview_links.withdraw(agent, link.id, by=eddy_himself, now=NOW)
    assert preview_links.find(agent, secret, now=NOW) is None
    assert preview_links.listed(agent, now=NOW) == []
    with pytest.raises(NotFound):
        preview_links.agent_of(secret, now=NOW)
    noted = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert noted[-2:] == ["preview_link.make", "preview_link.withdraw"]


def test_there_are_not_ever_more_links_and_old_ones_are_forgotten(app, agent, eddy_himself):
    for _number in range(20):
        make(agent, eddy_himself, days=1)
    with pytest.raises(TooMany):
        make(agent, eddy_himself)
    preview_links.clear_expired(now=NOW + timedelta(days=3))
    assert db.session.scalar(select(func.count()).select_from(PreviewLink)) == 0


@pytest.mark.parametrize("secret", ["", "x", "x" * 5000, "\ud800"])
def test_what_is_no_secret_finds_nothing(app, agent, secret):
    assert preview_links.find(agent, secret, now=NOW) is None
