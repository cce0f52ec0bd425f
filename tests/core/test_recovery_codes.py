import re
import threading

import pytest
from sqlalchemy import select

from core import recovery_codes, signing
from models import db
from models.second_factors import RecoveryCode
from models.teammates import Role, Teammate
from tests.conftest import NOW, make_teammate


@pytest.fixture
def una(workspace):
    return make_teammate(workspace, "Una", Role.EDITOR)


@pytest.fixture
def codes(una):
    return recovery_codes.renew(una, now=NOW)


def test_there_are_ten_and_each_is_good_once(una, codes):
    assert len(set(codes)) == recovery_codes.left(una) == 10
    assert all(re.fullmatch(r"[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){2}", code) for code in codes)
    assert recovery_codes.take(una, codes[3], now=NOW)
    assert not recovery_codes.take(una, codes[3], now=NOW)
    assert recovery_codes.left(una) == 9


def test_they_may_be_typed_as_they_are_read(una, codes):
    assert recovery_codes.take(una, codes[0].upper().replace("-", " "), now=NOW)
    assert recovery_codes.take(una, f" {codes[1].replace('-', '').replace('0', 'O').replace('1', 'l')} ", now=NOW)


@pytest.mark.parametrize("typed", ["", "-", "aaaa-aaaa-aaaa", "a" * 10_000, "\ud800", "ｋｋｋｋ"])
def test_what_is_no_code_is_not_taken(una, codes, typed):
    assert not recovery_codes.take(una, typed, now=NOW)
    assert recovery_codes.left(una) == 10


def test_they_are_nobody_elses(una, codes, workspace):
    eve = make_teammate(workspace, "Eve", Role.OWNER)
    recovery_codes.renew(eve, now=NOW)
    assert not recovery_codes.take(eve, codes[0], now=NOW)


def test_new_ones_end_those_before(una, codes):
    recovery_codes.renew(una, now=NOW)
    assert not recovery_codes.take(una, codes[0], now=NOW)
    assert recovery_codes.left(una) == 10


def test_none_lies_in_the_database(una, codes):
    kept = " ".join(db.session.scalars(select(RecoveryCode.code_hash)))
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


def test_they_outlive_a_change_of_the_servers_secret(una, codes):
    before = list(signing._secrets)
    try:
        signing.use_secret("another secret, long enough to be one", previous=[before[0].decode()])
        assert recovery_codes.take(una, codes[0], now=NOW)
    finally:
        signing._secrets[:] = before


def test_of_two_who_show_the_same_code_at_once_one_gets_in(app, una, codes):
    gate, outcomes, una_id = threading.Barrier(4), [], una.id
    db.session.commit()

    def take():
        with app.app_context():
            who = db.session.get(Teammate, una_id)
            gate.wait()
            outcomes.append(recovery_codes.take(who, codes[0], now=NOW))
            db.session.remove()

    racers = [threading.Thread(target=take) for _ in range(4)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(outcomes) == [False, False, False, True]
