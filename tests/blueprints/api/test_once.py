"""Calls that are sent again are done once; two who change the same do not overwrite each other."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import update

from core import customers, erasures, idempotent_calls
from core.clock import utc_now
from models import db
from models.api_keys import ApiKey, IdempotentCall
from models.customers import Customer
from tests.blueprints.api.conftest import make_program

pytestmark = pytest.mark.both_databases

ONCE = {"Idempotency-Key": '"8e03978e-40d5-43e8-bc93-6894a57f9324"'}
INES = {"name": "Ines", "email": "ines@example.com"}


def test_the_same_call_again_is_answered_the_same_and_done_once(program):
    first = program.post("/customers", json=INES, headers=ONCE)
    again = program.post("/customers", json=INES, headers=ONCE)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.data == again.data
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Location"] == first.headers["Location"] == f"/api/v1/customers/{first.json['id']}"
    assert db.session.query(Customer).count() == 1


def test_two_at_once_are_one(app, workspace):
    program = make_program(app, workspace)
    answers: list[int] = []

    def send() -> None:
        with app.app_context():
            answers.append(program.client.post("/api/v1/customers", json=INES, headers=headers).status_code)
            db.session.remove()

    headers = ONCE | {"Authorization": f"Bearer {program.secret}"}
    both = [threading.Thread(target=send) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert answers == [201, 201]
    assert db.session.query(Customer).count() == 1


def test_the_same_key_with_another_call_is_a_mistake(program):
    program.post("/customers", json=INES, headers=ONCE)
    other = program.post("/customers", json=INES | {"name": "Inês"}, headers=ONCE)
    assert (other.status_code, other.json["error"]["code"]) == (422, "idempotency_key_reused")


def test_a_call_that_was_refused_may_be_mended_under_the_same_key(program):
    assert program.post("/customers", json={"email": "no address"}, headers=ONCE).status_code == 422
    assert program.post("/customers", json=INES, headers=ONCE).status_code == 201


def test_keys_of_two_programs_are_two(app, workspace, program):
    program.post("/customers", json=INES, headers=ONCE)
    make_program(app, workspace).post("/customers", json=INES, headers=ONCE)
    assert db.session.query(Customer).count() == 2


def test_a_strange_idempotency_key_is_refused(program):
    for strange in ("a b", "ü", "x" * 256, '""'):
        sent = {"Idempotency-Key": strange.encode().decode("latin-1")}
        answer = program.post("/customers", json=INES, headers=sent)
        assert answer.json["error"]["code"] == "idempotency_key_invalid"


def test_what_was_answered_goes_with_the_customer_and_after_a_day(workspace, program):
    number = program.post("/customers", json=INES, headers=ONCE).json["id"]
    kept = db.session.query(IdempotentCall).one()
    assert b"ines@example.com" not in kept.sealed_body
    erasures.erase(customers.find(workspace, kept.customer_id), by=None, now=utc_now())
    assert db.session.query(IdempotentCall).count() == 0
    assert program.post("/customers", json=INES, headers=ONCE).json["id"] != number
    idempotent_calls.clear_expired(now=utc_now() + timedelta(hours=25))
    assert db.session.query(IdempotentCall).count() == 0


def test_what_can_no_longer_be_read_is_not_done_again(program):
    program.post("/customers", json=INES, headers=ONCE)
    db.session.execute(update(IdempotentCall).values(sealed_body=b"of another secret, long enough"))
    db.session.commit()
    assert program.post("/customers", json=INES, headers=ONCE).status_code == 409


def test_a_secret_that_is_shown_once_is_kept_sealed(program):
    wanted = {"address": "https://shop.example/hook", "events": ["conversation.started"]}
    first = program.post("/webhooks", json=wanted, headers=ONCE)
    assert program.post("/webhooks", json=wanted, headers=ONCE).json == first.json
    assert first.json["secret"].encode() not in db.session.query(IdempotentCall).one().sealed_body


def test_a_change_is_bound_to_what_was_seen(program):
    made = program.post("/customers", json=INES)
    address, seen = f"/customers/{made.json['id']}", {"If-Match": made.headers["ETag"]}
    changed = program.patch(address, json={"name": "Inês"}, headers=seen)
    assert changed.status_code == 200
    late = program.patch(address, json={"name": "Agnes"}, headers=seen)
    assert (late.status_code, late.json["error"]["code"]) == (412, "changed_meanwhile")
    assert program.delete(address, headers=seen).status_code == 412
    assert program.get(address).json["name"] == "Inês"
    assert program.delete(address, headers={"If-Match": changed.headers["ETag"]}).status_code == 204


def test_what_is_known_is_not_sent_again(program):
    made = program.post("/customers", json=INES)
    shown = program.get(f"/customers/{made.json['id']}", headers={"If-None-Match": made.headers["ETag"]})
    assert (shown.status_code, shown.data) == (304, b"")


def test_the_key_of_a_call_is_not_written_down(program):
    assert program.secret not in repr(db.session.query(ApiKey).one().__dict__)
