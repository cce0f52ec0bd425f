"""Settings → Webhooks: add, try, read what came of it, send again, switch off, remove."""

import re
from datetime import timedelta

import pytest

from core import webhooks
from core.clock import utc_now
from core.webhooks import sending
from models import db, new_id
from models.teammates import TeammateSession
from models.webhooks import DeliveryStatus, Webhook, WebhookDelivery
from web.confirmations import GOOD_FOR

HTMX = {"HX-Request": "true"}
ROOT = "/admin/settings/webhooks"
SENT = {"name": "Orders", "address": "https://shop.example/hook", "kinds": ["message.sent", "person.requested"]}


@pytest.fixture
def row(workspace, httpserver, monkeypatch):
    monkeypatch.setitem(sending.reach, "allow_private", True)
    address = httpserver.url_for("/hook")
    return webhooks.add(workspace, name="Orders", address=address, kinds=["message.sent"], by=None, now=utc_now())[0]


def test_a_new_one_shows_its_secret_once(olga):
    assert "Nobody is told yet" in olga.get(ROOT).text
    assert olga.get(f"{ROOT}/new").status_code == 200
    made = olga.post(ROOT, data=SENT)
    [secret] = re.findall(r"whsec_[A-Za-z0-9+/=]{44}", made.text)
    assert made.status_code == 201
    [row] = db.session.query(Webhook).all()
    assert row.kinds == SENT["kinds"]
    for address in (ROOT, f"{ROOT}/{row.id}"):
        shown = olga.get(address).text
        assert "Told of 2 events" in shown
        assert secret not in shown


def test_a_new_secret_is_shown_once_too(olga, row):
    assert "whsec_" in olga.post(f"{ROOT}/{row.id}/secret").text
    assert "whsec_" not in olga.get(f"{ROOT}/{row.id}").text


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"address": ""}, "Enter the address"),
        ({"address": "https://127.0.0.1/x"}, "private"),
        ({"kinds": []}, "at least one"),
        ({"kinds": ["made.up"]}, "valid"),
        ({"name": "x" * 61}, "60 letters"),
    ],
)
def test_what_cannot_be_used_is_said_at_the_form(olga, changes, told):
    for options in ({}, {"headers": HTMX}):
        answer = olga.post(ROOT, data=SENT | changes, **options)
        assert answer.status_code == 422
        assert told in answer.text
    assert not db.session.query(Webhook).count()


def test_it_is_changed(olga, row, httpserver):
    sent = SENT | {"address": httpserver.url_for("/other")}
    assert olga.post(f"{ROOT}/{row.id}", data=sent).status_code == 303
    assert db.session.get(Webhook, row.id).address.endswith("/other")
    assert olga.post(f"{ROOT}/{row.id}", data=sent | {"kinds": []}, headers=HTMX).status_code == 422


def test_a_key_in_its_address_is_kept_and_shown_nowhere(olga, row, httpserver):
    address = httpserver.url_for("/hook") + "?key=s3cret-of-the-shop"
    assert olga.post(f"{ROOT}/{row.id}", data=SENT | {"address": address}).status_code == 303
    for page in (ROOT, f"{ROOT}/{row.id}"):
        shown = olga.get(page).text
        assert "?key=…" in shown
        assert "s3cret" not in shown
    assert (
        olga.post(f"{ROOT}/{row.id}", data=SENT | {"address": address.replace("s3cret-of-the-shop", "…")}).status_code
        == 303
    )
    assert db.session.get(Webhook, row.id).address == address
    moved = {"address": "https://elsewhere.example/hook?key=…"}
    assert olga.post(f"{ROOT}/{row.id}", data=SENT | moved, headers=HTMX).status_code == 422


def test_a_test_is_sent_and_its_answer_shown(olga, row, httpserver):
    httpserver.expect_request("/hook").respond_with_data("<b>thanks</b>", 200)
    shown = olga.post(f"{ROOT}/{row.id}/tests", follow_redirects=True).text
    assert "It answered 200." in shown
    assert "&lt;b&gt;thanks" in shown
    assert "This is a test" in shown
    assert "Delivered (1)" in olga.get(f"{ROOT}/{row.id}").text


def test_what_has_failed_is_sent_again(olga, row, httpserver):
    httpserver.expect_request("/hook").respond_with_data("", 204)
    sent = webhooks.test(row, by=None, now=utc_now())
    sent.status = DeliveryStatus.FAILED
    db.session.commit()
    here = f"{ROOT}/{row.id}/deliveries/{sent.id}"
    assert "Failed" in olga.get(here).text
    assert 'id="delivery"' in olga.get(here, headers=HTMX).text
    assert "Delivered" in olga.post(f"{here}/replays", follow_redirects=True).text
    sent.status = DeliveryStatus.FAILED
    db.session.commit()
    assert "1 event is sent again" in olga.post(f"{ROOT}/{row.id}/replays", follow_redirects=True).text
    assert len(webhooks.attempts_of(sent)) == 3


def test_one_that_is_off_says_so_and_sends_nothing(olga, row):
    sent = webhooks.test(row, by=None, now=utc_now())
    olga.post(f"{ROOT}/{row.id}/use", data={})
    assert "Switched off" in olga.get(f"{ROOT}/{row.id}").text
    assert "Switch it on first" in olga.post(f"{ROOT}/{row.id}/tests", follow_redirects=True).text
    assert "Switch it on first" in olga.post(f"{ROOT}/{row.id}/replays", follow_redirects=True).text
    here = f"{ROOT}/{row.id}/deliveries/{sent.id}/replays"
    assert "Switch it on first" in olga.post(here, follow_redirects=True).text
    olga.post(f"{ROOT}/{row.id}/use", data={"is_on": "y"})
    assert db.session.get(Webhook, row.id).is_on


def test_the_list_goes_on(olga, row):
    now = utc_now()
    for second in range(webhooks.PAGE + 1):
        db.session.add(
            WebhookDelivery(
                workspace_id=row.workspace_id,
                webhook_id=row.id,
                event_id=new_id(),
                kind="message.sent",
                body="{}",
                status=DeliveryStatus.DELIVERED,
                next_try_at=now,
                created_at=now - timedelta(seconds=second),
            )
        )
    db.session.commit()
    first = olga.get(f"{ROOT}/{row.id}?status=delivered")
    [more] = re.findall(r'hx-get="([^"]+before=[^"]+)"', first.text)
    rest = olga.get(more.replace("&amp;", "&"), headers=HTMX).text
    assert rest.count("<li") == 1
    assert olga.get(f"{ROOT}/{row.id}?before=nonsense").status_code == 422
    assert "None of these" in olga.get(f"{ROOT}/{row.id}?status=failed").text


def test_it_is_removed_after_a_question(olga, row):
    assert "Remove the webhook" in olga.get(f"{ROOT}/{row.id}/removal").text
    assert "<dialog" in olga.get(f"{ROOT}/{row.id}/removal", headers=HTMX).text
    olga.post(f"{ROOT}/{row.id}/removal")
    assert not db.session.query(Webhook).count()


@pytest.mark.parametrize("person", ["eddy", "sue", "rita"])
def test_others_may_not(request, row, person):
    client = request.getfixturevalue(person)
    for address in (ROOT, f"{ROOT}/new", f"{ROOT}/{row.id}"):
        assert client.get(address).status_code == 403
    for address in (ROOT, f"{ROOT}/{row.id}", f"{ROOT}/{row.id}/secret", f"{ROOT}/{row.id}/removal"):
        assert client.post(address, data=SENT).status_code == 403


def test_a_stranger_finds_nothing(stan, row):
    sent = webhooks.test(row, by=None, now=utc_now())
    for address in (f"{ROOT}/{row.id}", f"{ROOT}/{row.id}/deliveries/{sent.id}"):
        assert stan.get(address).status_code == 404
    for what in ("use", "secret", "tests", "removal", "replays", f"deliveries/{sent.id}/replays"):
        assert stan.post(f"{ROOT}/{row.id}/{what}").status_code == 404


def test_who_has_not_proved_lately_that_it_is_them_is_asked_first(adam, row):
    session = db.session.query(TeammateSession).one()
    session.confirmed_at = utc_now() - GOOD_FOR
    db.session.commit()
    for what in ("", "/secret"):
        answer = adam.post(f"{ROOT}/{row.id}{what}", data=SENT)
        assert "/admin/confirmation" in answer.headers["Location"]
