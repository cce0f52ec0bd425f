"""The bell, the list behind it, and how it reaches a teammate."""

import json
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from blueprints.admin.notifications.events import stream_bell
from core import conversations, notifications
from core.clock import utc_now
from core.notifications import Kind, Pace, Way
from models import db
from models.mails import Mail
from models.notifications import Notification, PushSubscription
from models.teammates import Teammate
from tests.conftest import make_conversation
from tests.gateways.test_push import Browser
from web.jobs import sweep
from web.notifications import push_one

HTMX = {"HX-Request": "true"}
LIST = "/admin/notifications/"
SETTINGS = "/admin/notifications/settings"
FORM = {"waiting_push": "y", "mention_mail": "y", "pace": "daily", "time_zone": "Europe/Berlin"}


def named(name):
    return db.session.query(Teammate).filter_by(name=name).one()


@pytest.fixture
def waiting(agent, sue):
    conversation = make_conversation(agent)
    conversations.request_person(conversation, reason="asked for a person", now=utc_now())
    return conversation


class TestBell:
    def test_it_counts_until_the_conversation_is_looked_at(self, sue, waiting):
        assert 'data-unseen="1"' in sue.get("/admin/").text or 'data-unseen="1"' in sue.get(LIST).text
        assert "asked for a person" in sue.get(LIST).text
        sue.get(f"/admin/conversations/{waiting.id}")
        assert 'data-unseen="0"' in sue.get(LIST).text

    def test_all_is_seen_by_one_button(self, sue, waiting):
        seen = sue.post(f"{LIST}seen", headers=HTMX)
        assert (seen.status_code, "<html" in seen.text, "Mark all" in seen.text) == (200, False, False)
        assert notifications.unseen(named("Sue").id) == 0
        assert sue.post(f"{LIST}seen").status_code == 303

    def test_one_conversation_is_seen_by_its_id(self, sue, waiting):
        sue.post(f"{LIST}seen", data={"conversation_id": uuid.uuid4()})
        assert notifications.unseen(named("Sue").id) == 1
        assert sue.post(f"{LIST}seen", data={"conversation_id": "nothing"}).status_code == 422
        sue.post(f"{LIST}seen", data={"conversation_id": waiting.id})
        assert notifications.unseen(named("Sue").id) == 0

    def test_everybody_has_their_own(self, sue, olga, stan, vera, waiting):
        olga.post(f"{LIST}seen")
        stan.post(f"{LIST}seen", data={"conversation_id": waiting.id})
        assert notifications.unseen(named("Sue").id) == 1
        assert "asked for a person" not in stan.get(LIST).text
        assert vera.get(LIST).status_code == 303

    def test_the_stream_tells_how_many_there_are_and_whether_it_sounds(self, agent, sue):
        told = stream_bell(named("Sue").id)
        assert data_of(next(told)) == {"unseen": 0}
        conversation = make_conversation(agent)
        conversations.request_person(conversation, reason="asked for a person", now=utc_now())
        assert data_of(next(told)) == {"unseen": 1, "sounds": True, "conversations": [str(conversation.id)]}
        told.close()


def data_of(event):
    assert event.startswith("event: bell\n")
    return json.loads(event.partition("data: ")[2])


class TestSettings:
    def test_what_is_chosen_holds(self, rita):
        saved = rita.post(SETTINGS, data=FORM, headers=HTMX)
        assert (saved.status_code, "Saved" in saved.text, "<html" in saved.text) == (200, True, False)
        chosen = notifications.of(named("Rita").id)
        assert (chosen.ways[Kind.WAITING], chosen.ways[Kind.LATE]) == ({Way.PUSH}, frozenset())
        assert (chosen.pace, chosen.time_zone, chosen.quiet) == (Pace.DAILY, "Europe/Berlin", None)
        assert rita.post(SETTINGS, data=FORM).status_code == 303
        page = rita.get(SETTINGS).text
        assert page.count("<h1>") == 1
        assert page.count(" checked") == 3

    def test_quiet_hours(self, rita):
        quiet = {"is_quiet": "y", "quiet_begins": "22:00", "quiet_ends": "07:30"}
        rita.post(SETTINGS, data=FORM | quiet)
        assert notifications.of(named("Rita").id).quiet.ends == "07:30"

    @pytest.mark.parametrize(
        "wrong",
        [
            {"pace": "never"},
            {"time_zone": "Moon/Base"},
            {"time_zone": "../../etc/passwd"},
            {"is_quiet": "y", "quiet_begins": "25:00", "quiet_ends": "07:00"},
            {"is_quiet": "y", "quiet_begins": "07:00", "quiet_ends": "07:00"},
        ],
    )
    def test_what_cannot_be_is_refused(self, rita, wrong):
        assert rita.post(SETTINGS, data=FORM | wrong, headers=HTMX).status_code == 422
        assert notifications.of(named("Rita").id) == notifications.Choices()


class TestBrowsers:
    @pytest.fixture
    def reachable(self, app):
        app.config["PORCHLIGHT"] = replace(app.config["PORCHLIGHT"], allow_private_addresses=True)

    @pytest.fixture
    def service(self, httpserver, reachable):
        httpserver.expect_request("/push/one").respond_with_data("", status=201)
        return httpserver

    def add(self, client, browser, **wrong):
        return client.post("/admin/notifications/browsers", data=vars(browser.address) | wrong)

    def test_what_happens_is_pushed_to_a_browser_once(self, sue, service, agent):
        browser = Browser(service.url_for("/push/one"))
        assert self.add(sue, browser).status_code == self.add(sue, browser).status_code == 201
        conversation = make_conversation(agent)
        conversations.ask(conversation, client_id="one", text="Write to nia@example.com", now=utc_now())
        conversations.request_person(conversation, reason="asked for a person", now=utc_now())
        for row in db.session.scalars(db.select(Notification.id)).all():
            push_one(row.hex)
        assert len(service.log) == 1
        told = browser.read(service.log[0][0].data)
        assert told["title"].endswith("asked for a person")
        assert told["body"] == "Write to [email]"
        assert told["url"].endswith(f"/admin/conversations/{conversation.id}")

    def test_a_browser_that_wants_no_more_is_forgotten(self, sue, httpserver, reachable):
        httpserver.expect_request("/push/one").respond_with_data("", status=410)
        self.add(sue, Browser(httpserver.url_for("/push/one")))
        sue.post("/admin/notifications/trial")
        assert db.session.query(PushSubscription).count() == 0

    def test_one_is_sent_to_try(self, sue, service):
        self.add(sue, Browser(service.url_for("/push/one")))
        assert "to 1 of your browsers" in sue.post("/admin/notifications/trial", follow_redirects=True).text

    def test_it_is_removed_by_its_owner_alone(self, sue, olga, stan, service):
        self.add(sue, Browser(service.url_for("/push/one")))
        address = f"/admin/notifications/browsers/{db.session.query(PushSubscription).one().id}/removal"
        assert olga.post(address).status_code == stan.post(address).status_code == 404
        assert sue.post(address).status_code == 303
        assert db.session.query(PushSubscription).count() == 0

    def test_who_signs_in_with_it_next_has_it(self, sue, olga, service):
        browser = Browser(service.url_for("/push/one"))
        self.add(sue, browser)
        self.add(olga, browser)
        assert db.session.query(PushSubscription).one().teammate_id == named("Olga").id

    @pytest.mark.parametrize(
        "wrong",
        [
            {"endpoint": "https://127.0.0.1/push"},
            {"endpoint": "http://push.example/one"},
            {"endpoint": "file:///etc/passwd"},
            {"endpoint": "https://push.example/" + "x" * 1000},
            {"p256dh": "AAAA"},
            {"auth": ""},
        ],
    )
    def test_what_no_browser_would_send_is_refused(self, sue, wrong):
        browser = Browser("https://push.example/one")
        assert self.add(sue, browser, **wrong).status_code == 422
        assert db.session.query(PushSubscription).count() == 0

    def test_the_worker_is_a_script_of_the_whole_admin(self, vera):
        with vera.get("/admin/sw.js") as answer:
            assert answer.mimetype == "text/javascript"
            assert "push" in answer.text


def test_the_sweep_mails_what_nobody_has_seen(sue, waiting):
    db.session.query(Mail).delete()
    db.session.query(Notification).update({"created_at": utc_now() - timedelta(minutes=3), "mailed_at": None})
    db.session.commit()
    sweep()
    sweep()
    assert [mail.kind for mail in db.session.query(Mail)] == ["unseen"]
