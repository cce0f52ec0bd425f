"""What is told of a rule of the database that a request has broken."""

import pytest
from sqlalchemy.exc import IntegrityError

from core import websites
from core.clock import utc_now
from models import db, transaction
from models.agents import Website


@pytest.fixture
def add(olga, agent, monkeypatch):
    """Adds a website by the page for it, which stores these patterns without a look at what is there."""
    path = f"/admin/settings/websites/{agent.id}/list"

    def add(*patterns):
        def store(_agent, *_wanted, **_how):
            with transaction():
                for pattern in patterns:
                    db.session.add(Website(agent_id=agent.id, pattern=pattern, created_at=utc_now()))
                    db.session.flush()

        monkeypatch.setattr(websites, "allow", store)
        return olga.post(path, data={"addresses": "lamps.example"})

    return add


def test_who_stores_the_same_as_somebody_else_at_the_same_moment_is_told(add, agent):
    before = websites.patterns(agent)
    answer = add("lamps.example", "lamps.example")
    assert answer.status_code == 409
    assert "Somebody has just stored the same. Reload the page to see it." in answer.text
    db.session.expire_all()
    assert websites.patterns(agent) == before


def test_another_broken_rule_is_a_mistake_of_ours(add):
    with pytest.raises(IntegrityError):
        add(None)
