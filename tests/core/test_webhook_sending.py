"""What a receiver gets: what Standard Webhooks says, nothing lost, and again until it is taken."""

import json
import socket
import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import select
from standardwebhooks import Webhook as Signer
from standardwebhooks import WebhookVerificationError
from werkzeug import Response

from core import webhooks
from core.clock import utc_now
from core.webhooks import sending
from models import db, transaction
from models.jobs import Job
from models.mails import Mail
from models.teammates import Role
from models.webhooks import DeliveryStatus, WebhookDelivery
from tests.conftest import make_teammate
from web import mails
from web.telling import Lanes


class Clock:
    """The time of the sender, which a test moves."""

    def __init__(self):
        self.now = utc_now()

    def __call__(self):
        return self.now

    def pass_(self, **time):
        self.now += timedelta(**time)
        sending.resume(now=self.now)


@pytest.fixture
def clock(app, monkeypatch):
    monkeypatch.setitem(sending.reach, "allow_private", True)
    clock = Clock()
    monkeypatch.setattr(sending, "utc_now", clock)
    return clock


@pytest.fixture
def hook(workspace, clock, httpserver):
    made, secret = webhooks.add(
        workspace, name="Orders", address=httpserver.url_for("/hook"), kinds=["message.sent"], by=None, now=clock.now
    )
    made.secret = secret
    return made


def answering(httpserver, *answers):
    """A receiver that answers with these in turn, and then with the last one; returns what it got."""
    got, left = [], list(answers)

    def answer(request):
        got.append((dict(request.headers), request.get_data()))
        now = left.pop(0) if len(left) > 1 else left[0]
        return now if isinstance(now, Response) else Response(status=now)

    httpserver.expect_request("/hook", method="POST").respond_with_handler(answer)
    return got


def send(hook, clock):
    return webhooks.test(hook, by=None, now=clock.now)


def again(delivery):
    db.session.refresh(delivery)
    return delivery


def test_a_receiver_can_tell_that_it_was_us(hook, clock, httpserver):
    got = answering(httpserver, 204)
    delivery = send(hook, clock)
    [(headers, body)] = got
    assert Signer(hook.secret).verify(body, headers)["type"] == "webhook.test"
    assert headers["Webhook-Id"] == str(delivery.event_id)
    assert headers["Content-Type"] == "application/json"
    with pytest.raises(WebhookVerificationError):
        Signer(hook.secret).verify(body.replace(b"test", b"best"), headers)
    assert again(delivery).status is DeliveryStatus.DELIVERED


def test_for_a_day_after_a_change_both_secrets_hold(hook, clock, httpserver):
    got = answering(httpserver, 200)
    renewed = webhooks.renew_secret(hook, by=None, now=clock.now)
    send(hook, clock)
    for secret in (hook.secret, renewed):
        Signer(secret).verify(got[-1][1], got[-1][0])
    clock.now += timedelta(days=1)
    send(hook, clock)
    assert len(got[-1][0]["Webhook-Signature"].split(" ")) == 1


def test_500_500_200_is_told_three_times_under_one_id_and_then_no_more(hook, clock, httpserver):
    got = answering(httpserver, 500, 500, 200)
    delivery = send(hook, clock)
    assert (len(got), again(delivery).status) == (1, DeliveryStatus.WAITING)
    clock.pass_(seconds=4)
    assert len(got) == 1
    clock.pass_(seconds=2)
    assert len(got) == 2
    clock.pass_(minutes=6)
    clock.pass_(days=1)
    assert len(got) == 3
    assert {headers["Webhook-Id"] for headers, _ in got} == {str(delivery.event_id)}
    assert len({body for _, body in got}) == 1
    assert len({headers["Webhook-Timestamp"] for headers, _ in got}) == 3
    assert again(delivery).status is DeliveryStatus.DELIVERED
    assert [attempt.status_code for attempt in webhooks.attempts_of(delivery)] == [500, 500, 200]
    assert again(hook).failing_since is None


def test_after_three_days_it_is_given_up_and_can_be_told_again(hook, clock, httpserver):
    got = answering(httpserver, 500)
    delivery, began = send(hook, clock), clock.now
    while again(delivery).status is DeliveryStatus.WAITING:
        clock.pass_(seconds=(delivery.next_try_at - clock.now).total_seconds())
    assert len(got) == 10
    assert timedelta(days=3) < clock.now - began < timedelta(days=3.6)
    assert again(hook).is_on
    webhooks.replay(delivery, by=None, now=clock.now)
    assert len(got) == 11
    assert again(delivery).status is DeliveryStatus.WAITING


def test_410_switches_it_off_and_tells_its_admins(hook, clock, httpserver, workspace):
    make_teammate(workspace, "Adam", Role.ADMIN)
    make_teammate(workspace, "Rita", Role.VIEWER)
    got = answering(httpserver, 410)
    delivery = send(hook, clock)
    clock.pass_(days=1)
    assert len(got) == 1
    assert again(hook).is_on is False
    assert "410" in hook.problem
    assert again(delivery).status is DeliveryStatus.FAILED
    assert db.session.scalars(select(Job.kind)).all() == [webhooks.OFF]
    assert db.session.scalars(select(Mail.kind)).all() == ["webhook_off"]


def test_the_mail_of_one_that_is_off_holds_no_key_of_its_address(hook, clock, httpserver, workspace, monkeypatch):
    make_teammate(workspace, "Adam", Role.ADMIN)
    with transaction():
        hook.address += "?key=s3cret-of-the-shop"
    told = []
    monkeypatch.setattr(mails.notices, "send", lambda _kind, **mail: told.append(mail["text"] + mail["html"]))
    answering(httpserver, 410)
    send(hook, clock)
    [mail] = told
    assert "/hook?key=…" in mail
    assert "s3cret" not in mail


def test_one_that_takes_nothing_for_days_is_switched_off(hook, clock, httpserver):
    answering(httpserver, 500)
    send(hook, clock)
    clock.now += timedelta(days=4)
    send(hook, clock)
    assert again(hook).is_on
    clock.now += timedelta(days=2)
    send(hook, clock)
    assert again(hook).is_on is False
    assert "5 days" in hook.problem


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_receiver_is_left_alone_for_as_long_as_it_asks(hook, clock, httpserver, status):
    answering(httpserver, Response(status=status, headers={"Retry-After": "3600"}))
    assert again(send(hook, clock)).next_try_at == clock.now + timedelta(hours=1)


def test_a_wish_may_be_a_moment_and_is_never_longer_than_a_day(clock):
    assert sending._wish("Wed, 21 Oct 2099 07:28:00 GMT", now=clock.now) > timedelta(days=1)
    assert sending._wish("999999999999", now=clock.now) == timedelta(days=1)
    assert sending._wish("Wed, 21 Oct 2015 07:28:00 GMT", now=clock.now) == timedelta()
    assert sending._wish("soon", now=clock.now) is None
    assert sending._wish("", now=clock.now) is None


def test_a_redirect_is_not_followed(hook, clock, httpserver):
    answering(httpserver, Response(status=302, headers={"Location": httpserver.url_for("/elsewhere")}))
    delivery = send(hook, clock)
    assert [attempt.status_code for attempt in webhooks.attempts_of(delivery)] == [302]
    assert again(delivery).status is DeliveryStatus.WAITING


def test_of_a_long_answer_the_beginning_is_kept(hook, clock, httpserver):
    answering(httpserver, Response("thanks " * 100_000, status=200))
    delivery = send(hook, clock)
    [attempt] = webhooks.attempts_of(delivery)
    assert (attempt.status_code, len(attempt.answer)) == (200, 1_000)


def test_one_that_hangs_is_tried_again(hook, clock, httpserver, monkeypatch):
    monkeypatch.setattr(sending, "_LIMITS", sending.Limits(seconds=0.3, redirects=0))
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        hook.address = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
        delivery = send(hook, clock)
    [attempt] = webhooks.attempts_of(delivery)
    assert "too long" in attempt.problem
    assert again(delivery).status is DeliveryStatus.WAITING


def test_one_receiver_that_fails_in_every_way_gets_each_event_and_none_is_lost(hook, clock, httpserver, monkeypatch):
    monkeypatch.setattr(sending, "_LIMITS", sending.Limits(seconds=0.3, redirects=0))
    got, is_over, left = [], threading.Event(), [500, 500, 200, 410, 0, 200]

    def answer(request):
        got.append(request.headers["Webhook-Id"])
        status = left.pop(0)
        if not status:
            is_over.wait(10)
        return Response(status=status or 200)

    httpserver.expect_request("/hook").respond_with_handler(answer)
    failing = send(hook, clock)
    clock.pass_(seconds=6)
    clock.pass_(minutes=6)
    assert again(failing).status is DeliveryStatus.DELIVERED
    gone = send(hook, clock)
    assert (again(gone).status, again(hook).is_on) == (DeliveryStatus.FAILED, False)
    webhooks.switch(hook, True, by=None, now=clock.now)
    hanging = send(hook, clock)
    is_over.set()
    assert again(hanging).status is DeliveryStatus.WAITING
    # Whoever takes it on when it is due dies over it.
    clock.now += timedelta(seconds=10)
    assert sending._claim(hook.id, now=clock.now)
    clock.pass_(seconds=59)
    assert len(got) == 5
    clock.pass_(seconds=2)
    assert again(hanging).status is DeliveryStatus.DELIVERED
    assert got == [str(one.event_id) for one in (failing, failing, failing, gone, hanging, hanging)]


def test_a_private_address_is_refused_when_it_is_told_too(hook, clock, httpserver, monkeypatch):
    got = answering(httpserver, 200)
    monkeypatch.setitem(sending.reach, "allow_private", False)
    [attempt] = webhooks.attempts_of(send(hook, clock))
    assert attempt.problem
    assert got == []


def test_what_a_sender_had_taken_on_when_it_died_is_sent_by_the_next(hook, clock, httpserver):
    got = answering(httpserver, 200)
    sending.use_dispatcher(sending._nowhere)
    try:
        delivery = send(hook, clock)
    finally:
        sending.use_dispatcher(webhooks.work)
    sending._claim(hook.id, now=clock.now)
    clock.pass_(seconds=30)
    assert got == []
    clock.pass_(seconds=31)
    assert len(got) == 1
    assert again(delivery).status is DeliveryStatus.DELIVERED


def test_one_that_was_erased_on_the_way_leaves_no_trace(hook, clock, httpserver):
    def answer(_request):
        return Response(status=200)

    httpserver.expect_request("/hook").respond_with_handler(answer)
    delivery = send(hook, clock)
    number = delivery.id
    db.session.delete(delivery)
    db.session.commit()
    sending._settle(hook.id, number, sending.Outcome(200, 1), now=clock.now)
    assert db.session.scalars(select(WebhookDelivery)).all() == []


def test_a_slow_address_never_holds_up_others():
    told, free = [], threading.Event()

    def work(name):
        if name == "slow":
            free.wait(5)
        told.append(name)

    lanes = Lanes(work, lanes=2, threads=4)
    for _ in range(10):
        lanes.wake("slow")
    lanes.wake("quick")
    ends = time.monotonic() + 5
    while not told and time.monotonic() < ends:
        time.sleep(0.005)
    assert told == ["quick"]
    free.set()
    lanes.close()
    # Two at once, and once more for all that came meanwhile.
    assert told.count("slow") == 3


def test_the_document_is_sent_as_it_is_stored(hook, clock, httpserver):
    got = answering(httpserver, 200)
    delivery = send(hook, clock)
    assert got[0][1] == delivery.body.encode()
    assert set(json.loads(delivery.body)) == {"type", "timestamp", "data"}
