"""Codes of authenticator apps, by the table of the RFC and against those who look over a shoulder."""

import base64
import threading
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from core import authenticators, signing
from core.errors import Invalid
from models import db
from models.second_factors import Authenticator
from models.teammates import Role, Teammate
from tests.conftest import NOW, make_teammate

# RFC 6238, appendix B, SHA-1: seconds, and the last six of the eight digits.
VECTORS = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]
RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
STEP = timedelta(seconds=30)


@pytest.fixture
def una(workspace):
    return make_teammate(workspace, "Una", Role.EDITOR)


@pytest.fixture
def secret(una):
    """The secret of an app that Una set up half an hour ago."""
    secret = authenticators.new_secret()
    then = NOW - timedelta(minutes=30)
    authenticators.set_up(una, secret, code_at(secret, then), now=then)
    return secret


def code_at(secret, moment):
    return pyotp.TOTP(secret).at(moment)


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_codes_are_those_of_the_rfc(una, seconds, code):
    now = datetime.fromtimestamp(seconds, UTC)
    authenticators.set_up(una, RFC_SECRET, code, now=now)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    with pytest.raises(Invalid):
        authenticators.set_up(una, RFC_SECRET, wrong, now=now)


def test_a_code_is_good_once_and_the_one_that_set_the_app_up_no_more(una, secret):
    then = NOW - timedelta(minutes=30)
    assert not authenticators.take(una, code_at(secret, then), now=then)
    code = code_at(secret, NOW)
    assert authenticators.take(una, code, now=NOW)
    assert not authenticators.take(una, code, now=NOW)
    assert not authenticators.take(una, code, now=NOW + STEP)


def test_a_code_from_before_the_last_one_is_not_taken(una, secret):
    assert authenticators.take(una, code_at(secret, NOW + STEP), now=NOW)
    assert not authenticators.take(una, code_at(secret, NOW), now=NOW)
    assert not authenticators.take(una, code_at(secret, NOW - STEP), now=NOW)


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(una, secret, steps, is_taken):
    assert authenticators.take(una, code_at(secret, NOW + steps * STEP), now=NOW) is is_taken


@pytest.mark.parametrize("typed", ["", "000000", "abcdef", "１２３４５６", "\ud800", "1" * 20, "12345"])
def test_what_is_no_code_is_not_taken(una, secret, typed):
    assert code_at(secret, NOW) != "000000"
    assert not authenticators.take(una, typed, now=NOW)


def test_spaces_do_no_harm(una, secret):
    code = code_at(secret, NOW)
    assert authenticators.take(una, f" {code[:3]} {code[3:]}\n", now=NOW)


def test_of_two_who_show_the_same_code_at_once_one_gets_in(app, una, secret):
    gate, outcomes, code, una_id = threading.Barrier(4), [], code_at(secret, NOW), una.id
    db.session.commit()

    def take():
        with app.app_context():
            who = db.session.get(Teammate, una_id)
            gate.wait()
            outcomes.append(authenticators.take(who, code, now=NOW))
            db.session.remove()

    racers = [threading.Thread(target=take) for _ in range(4)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(outcomes) == [False, False, False, True]


def test_another_app_takes_the_place_of_the_first(una, secret):
    other = authenticators.new_secret()
    with pytest.raises(Invalid):
        authenticators.set_up(una, other, code_at(secret, NOW), now=NOW)
    assert authenticators.take(una, code_at(secret, NOW), now=NOW)
    authenticators.set_up(una, other, code_at(other, NOW), now=NOW)
    assert not authenticators.take(una, code_at(secret, NOW + STEP), now=NOW + STEP)
    assert authenticators.take(una, code_at(other, NOW + STEP), now=NOW + STEP)


def test_nobody_without_an_app_has_a_code(una):
    assert not authenticators.take(una, "123456", now=NOW)


def test_the_secret_lies_sealed(una, secret):
    kept = db.session.get(Authenticator, una.id).sealed_secret
    assert secret.encode() not in kept
    assert base64.b32decode(secret) not in kept


def test_a_secret_that_nobody_can_unseal_takes_no_code(una, secret):
    before = list(signing._secrets)
    try:
        signing.use_secret("another secret, long enough to be one")
        assert not authenticators.take(una, code_at(secret, NOW), now=NOW)
        signing.use_secret("another secret, long enough to be one", previous=[before[0].decode()])
        assert authenticators.take(una, code_at(secret, NOW), now=NOW)
    finally:
        signing._secrets[:] = before


def test_an_app_reads_who_it_is_for(una):
    secret = authenticators.new_secret()
    address = urlsplit(authenticators.address_for(una, secret))
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert address.path == "/Porchlight:una%40example.com"
    assert parse_qs(address.query) == {"secret": [secret], "issuer": ["Porchlight"]}
    assert len(base64.b32decode(secret)) == 20
