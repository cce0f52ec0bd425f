"""After the launch: figures of each website, and a mail when one goes quiet."""

from datetime import timedelta

import pytest

from core import events, installs, sightings
from core.clock import utc_now
from models import db
from models.agents import EventKind, WebsiteSighting, WidgetVersion
from models.jobs import Job
from models.mails import Mail
from models.teammates import Role
from tests.conftest import keep, make_teammate

SITE = "https://example.com"


def sight(agent, *, loads, days):
    sightings.record_load(agent, SITE, is_allowed=True, now=utc_now() - timedelta(days=days))
    db.session.query(WebsiteSighting).update({"loads": loads})
    db.session.commit()


def calls():
    return db.session.query(Job).filter_by(kind=installs.QUIET).count()


def test_loads_are_counted_and_timed_for_each_website(agent):
    now = utc_now().replace(hour=12)
    for milliseconds in (200, 300, 1000):
        events.record(agent, EventKind.LOAD, origin=SITE, details={"timings": {"launcher": milliseconds}}, now=now)
    events.record(agent, EventKind.LOAD, origin=SITE, details={"timings": {}}, now=now - timedelta(days=1))
    events.record(agent, EventKind.OPEN, origin=SITE, details={}, now=now)
    assert installs.health_by_origin(agent, now=now) == {SITE: installs.Health(3, 300)}


def test_what_went_wrong_today_is_counted_for_each_website(agent, other_agent):
    now = utc_now().replace(hour=12)
    for code in ("frame_unreachable", "customer_token_refused", "customer_token_refused", "made_up"):
        events.record(agent, EventKind.ERROR, origin=SITE, details={"code": code}, now=now)
    events.record(
        agent, EventKind.ERROR, origin=SITE, details={"code": "frame_unreachable"}, now=now - timedelta(days=1)
    )
    events.record(other_agent, EventKind.ERROR, origin=SITE, details={"code": "frame_unreachable"}, now=now)
    [health] = installs.health_by_origin(agent, now=now).values()
    assert list(health.troubles.items()) == [("customer_token_refused", 2), ("frame_unreachable", 1)]


@pytest.mark.parametrize(
    ("version", "minutes", "look"),
    [(None, 5, "unknown"), (2, 5, "latest"), (1, 5, "on_its_way"), (1, -30, "on_its_way"), (1, 30, "held_back")],
)
def test_the_look_that_a_website_shows_is_set_beside_the_latest(agent, version, minutes, look):
    published = utc_now() - timedelta(hours=1)
    row = keep(WidgetVersion(agent_id=agent.id, number=2, settings={"name": "Lumi"}, published_at=published))
    seen = published + timedelta(minutes=minutes)
    sightings.record_load(agent, SITE, is_allowed=True, version=version, now=seen)
    [sighting] = sightings.status(agent, utc_now()).live
    assert (sighting.version, installs.look_shown(sighting, row)) == (version, look)


def test_a_load_that_says_no_version_does_not_forget_the_last(agent):
    for version in (3, None):
        sightings.record_load(agent, SITE, is_allowed=True, version=version, now=utc_now())
    assert sightings.status(agent, utc_now()).live[0].version == 3


def test_a_busy_website_that_goes_quiet_is_told_once(app, workspace, agent):
    for role in Role:
        make_teammate(workspace, role.value.title(), role)
    sight(agent, loads=100, days=3)
    installs.look_for_quiet(now=utc_now())
    installs.look_for_quiet(now=utc_now())
    assert calls() == 1
    assert db.session.query(Mail).filter_by(kind="quiet").count() == 2


def test_it_is_told_again_after_it_came_back(app, agent):
    sight(agent, loads=100, days=3)
    installs.look_for_quiet(now=utc_now())
    sightings.record_load(agent, SITE, is_allowed=True, now=utc_now())
    installs.look_for_quiet(now=utc_now() + timedelta(days=3))
    assert calls() == 2


def test_nobody_is_told_of_a_try_a_live_or_a_long_gone_website(app, agent):
    for loads, days in ((5, 3), (100, 1), (100, 9)):
        sight(agent, loads=loads, days=days)
        installs.look_for_quiet(now=utc_now())
        db.session.query(WebsiteSighting).delete()
        db.session.commit()
    assert calls() == 0
