"""A look that is published by itself: as it was when the time was set, once, also when the server was off."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import agents, widget_configs
from core.errors import Invalid
from gateways.queue import current_queue
from models import db
from models.audits import AuditEntry
from models.jobs import Job
from models.teammates import Role
from tests.conftest import NOW, make_teammate
from tests.letters import letters

SOON = NOW + timedelta(hours=2)


@pytest.fixture
def eddy_himself(app, workspace):
    return make_teammate(workspace, "Eddy", Role.EDITOR)


def draft(agent, **changes):
    config = replace(widget_configs.drafted(agent), **changes)
    revision = widget_configs.draft(agent).revision
    widget_configs.save_draft(agent, config, revision=revision, by=None, now=NOW)


def actions():
    return db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()


def test_the_draft_of_then_is_published_and_the_draft_of_now_stays(app, agent, eddy_himself):
    draft(agent, greeting="Winter")
    widget_configs.schedule(agent, publish_at=SOON, by=eddy_himself, now=NOW)
    draft(agent, greeting="Spring")
    widget_configs.publish_due(now=SOON - timedelta(seconds=1))
    assert widget_configs.published(agent)[1] == 1
    widget_configs.publish_due(now=SOON)
    config, number = widget_configs.published(agent)
    assert (config.greeting, number) == ("Winter", 2)
    assert widget_configs.drafted(agent).greeting == "Spring"
    assert widget_configs.scheduled(agent) is None
    assert widget_configs.version_numbered(agent, 2).published_by_id == eddy_himself.id
    assert actions()[-2:] == ["look.schedule", "look.publish_scheduled"]


def test_it_is_published_once_and_also_long_after_its_time(app, agent, eddy_himself):
    draft(agent, greeting="Winter")
    widget_configs.schedule(agent, publish_at=SOON, by=eddy_himself, now=NOW)
    for _time in range(3):
        widget_configs.publish_due(now=SOON + timedelta(days=3))
    assert widget_configs.published(agent)[1] == 2


def test_it_takes_the_place_of_what_was_published_meanwhile_and_says_so_by_mail(app, agent, eddy_himself):
    draft(agent, greeting="Winter")
    widget_configs.schedule(agent, publish_at=SOON, by=eddy_himself, now=NOW)
    draft(agent, greeting="Meanwhile")
    widget_configs.publish(agent, by=make_teammate(eddy_himself.workspace, "Adam", Role.ADMIN), now=NOW)
    letters(app)
    widget_configs.publish_due(now=SOON)
    assert widget_configs.published(agent)[0].greeting == "Winter"
    job = db.session.scalars(select(Job).where(Job.kind == widget_configs.TOLD)).one()
    job.next_try_at = NOW - timedelta(days=1)
    db.session.commit()
    current_queue().add("job", job.id.hex)
    [letter] = letters(app)
    words = letter.get_body(("plain",)).get_content()
    assert "version 3" in words
    assert "which Adam published" in words


def test_a_later_schedule_takes_the_place_of_an_earlier_one_and_can_be_taken_back(app, agent, eddy_himself):
    draft(agent, greeting="Winter")
    widget_configs.schedule(agent, publish_at=SOON, by=eddy_himself, now=NOW)
    draft(agent, greeting="Spring")
    later = SOON + timedelta(days=1)
    widget_configs.schedule(agent, publish_at=later, by=eddy_himself, now=NOW)
    assert widget_configs.scheduled(agent).publish_at == later
    widget_configs.unschedule(agent, by=eddy_himself, now=NOW)
    widget_configs.unschedule(agent, by=eddy_himself, now=NOW)
    widget_configs.publish_due(now=later)
    assert widget_configs.published(agent)[1] == 1
    assert actions()[-1] == "look.unschedule"


def test_an_archived_agent_publishes_nothing(app, agent, eddy_himself):
    draft(agent, greeting="Winter")
    widget_configs.schedule(agent, publish_at=SOON, by=eddy_himself, now=NOW)
    agents.archive(agent, by=eddy_himself, now=NOW)
    widget_configs.publish_due(now=SOON)
    assert widget_configs.published(agent)[1] == 1


@pytest.mark.parametrize("away", [timedelta(0), timedelta(seconds=-1), timedelta(days=400)])
def test_a_time_has_to_come_and_not_too_late(app, agent, eddy_himself, away):
    with pytest.raises(Invalid):
        widget_configs.schedule(agent, publish_at=NOW + away, by=eddy_himself, now=NOW)
    assert widget_configs.scheduled(agent) is None
