"""After the launch: figures of each website, and a mail when one goes quiet."""

from datetime import timedelta

from core import events, installs, websites
from core.clock import utc_now
from models import db
from models.agents import EventKind, WebsiteSighting
from models.jobs import Job
from models.mails import Mail
from models.teammates import Role
from tests.conftest import make_teammate

SITE = "https://example.com"


def sight(agent, *, loads, days):
    websites.record_load(agent, SITE, is_allowed=True, now=utc_now() - timedelta(days=days))
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
    websites.record_load(agent, SITE, is_allowed=True, now=utc_now())
    installs.look_for_quiet(now=utc_now() + timedelta(days=3))
    assert calls() == 2


def test_nobody_is_told_of_a_try_a_live_or_a_long_gone_website(app, agent):
    for loads, days in ((5, 3), (100, 1), (100, 9)):
        sight(agent, loads=loads, days=days)
        installs.look_for_quiet(now=utc_now())
        db.session.query(WebsiteSighting).delete()
        db.session.commit()
    assert calls() == 0
