"""Passkeys against every answer that a browser should not have given (WebAuthn Level 3, 7.1 and 7.2)."""

import base64
import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import passkey_challenges, passkeys
from core.errors import Conflict, Invalid, NotFound
from core.passkey_sites import Site
from models import db
from models.second_factors import PasskeyChallenge
from models.teammates import Role
from tests.conftest import NOW, make_teammate
from tests.soft_passkeys import SoftPasskey

SITE = Site("http://localhost")
NEW = "new-passkey"


@pytest.fixture
def una(workspace):
    return make_teammate(workspace, "Una", Role.EDITOR)


@pytest.fixture
def device(una):
    """A device that holds a passkey of Una's."""
    device = SoftPasskey()
    add(una, device)
    return device


def add(teammate, device, *, purpose=NEW, now=NOW, **bent):
    asked = passkeys.ask_for_new(teammate, SITE, purpose=NEW, now=NOW)
    made = device.create(asked.options, **bent)
    passkey = passkeys.read_new(
        teammate, made, challenge=asked.challenge, site=SITE, purpose=purpose, name="Laptop", now=now
    )
    passkeys.add(passkey)
    return passkey


def show(device, *, teammate=None, now=NOW, purpose=passkeys.SIGN_IN, **bent):
    asked = passkeys.ask_for_known(SITE, purpose=passkeys.SIGN_IN, now=NOW, teammate=teammate)
    answer = device.get(asked.options, **bent)
    return passkeys.recognise(answer, challenge=asked.challenge, site=SITE, purpose=purpose, now=now, teammate=teammate)


def test_a_browser_is_asked_for_a_key_that_knows_its_owner(una, device):
    options = passkeys.ask_for_new(una, SITE, purpose=NEW, now=NOW).options
    assert options["rp"] == {"name": "Porchlight", "id": "localhost"}
    assert options["user"]["name"] == "una@example.com"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["attestation"] == "none"
    assert len(options["excludeCredentials"]) == 1


def test_it_signs_its_owner_in(una, device):
    assert show(device).id == una.id
    [kept] = passkeys.listed(una)
    assert (kept.sign_count, kept.last_used_at, kept.transports) == (1, NOW, ["internal"])


def test_strangers_are_not_told_who_has_one(una, device):
    asked = passkeys.ask_for_known(SITE, purpose=passkeys.SIGN_IN, now=NOW)
    assert asked.options["allowCredentials"] == []
    assert asked.options["userVerification"] == "required"


@pytest.mark.parametrize(
    "bent",
    [
        {"origin": "http://localhost.evil.example"},
        {"origin": "http://localhost:8000"},
        {"origin": "https://localhost"},
        {"rp_id": "evil.example"},
        {"type": "webauthn.create"},
        {"challenge": base64.urlsafe_b64encode(bytes(32)).decode()},
        {"flags": 0x01},
        {"flags": 0x04},
        {"signature": b"no signature"},
        {"user_handle": b""},
        {"user_handle": bytes(16)},
        {"user_handle": b"too short"},
        {"sign_count": 1},
    ],
    ids=lambda bent: "-".join(f"{name}={value!r}"[:40] for name, value in bent.items()),
)
def test_an_answer_that_is_bent_is_refused(una, device, bent):
    show(device, sign_count=5)
    with pytest.raises(Invalid):
        show(device, **bent)


@pytest.mark.parametrize(
    "bent",
    [
        {"origin": "https://evil.example"},
        {"rp_id": "evil.example"},
        {"type": "webauthn.get"},
        {"challenge": base64.urlsafe_b64encode(bytes(32)).decode()},
        {"flags": 0x01},
        {"flags": 0x04},
    ],
    ids=str,
)
def test_a_key_that_was_made_for_something_else_is_refused(una, bent):
    with pytest.raises(Invalid):
        add(una, SoftPasskey(), **bent)
    assert passkeys.listed(una) == []


@pytest.mark.parametrize("name", ["rawId", "id", "response", "type"])
@pytest.mark.parametrize("content", [None, 7, [], {}, "", "?", "AAAA", {"clientDataJSON": 1}])
def test_what_is_no_credential_is_refused(una, device, name, content):
    asked = passkeys.ask_for_known(SITE, purpose=passkeys.SIGN_IN, now=NOW)
    answer = device.get(asked.options) | {name: content}
    with pytest.raises(Invalid):
        passkeys.recognise(answer, challenge=asked.challenge, site=SITE, purpose=passkeys.SIGN_IN, now=NOW)
    asked = passkeys.ask_for_new(una, SITE, purpose=NEW, now=NOW)
    made = SoftPasskey().create(asked.options) | {name: content}
    with pytest.raises(Invalid):
        passkeys.read_new(una, made, challenge=asked.challenge, site=SITE, purpose=NEW, name="x", now=NOW)


def test_a_challenge_is_good_once(una, device):
    asked = passkeys.ask_for_known(SITE, purpose=passkeys.SIGN_IN, now=NOW)
    answer = device.get(asked.options, sign_count=0)
    options = {"challenge": asked.challenge, "site": SITE, "purpose": passkeys.SIGN_IN, "now": NOW}
    assert passkeys.recognise(answer, **options).id == una.id
    with pytest.raises(Invalid):
        passkeys.recognise(answer, **options)


def test_a_challenge_runs_out_and_is_forgotten(una, device):
    with pytest.raises(Invalid):
        show(device, now=NOW + passkey_challenges.LIFETIME)
    passkeys.ask_for_known(SITE, purpose=passkeys.SIGN_IN, now=NOW)
    passkey_challenges.clear_expired(now=NOW + passkey_challenges.LIFETIME - timedelta(seconds=1))
    assert db.session.scalar(select(func.count()).select_from(PasskeyChallenge)) == 1
    passkey_challenges.clear_expired(now=NOW + passkey_challenges.LIFETIME)
    assert db.session.scalar(select(func.count()).select_from(PasskeyChallenge)) == 0


def test_a_challenge_is_for_what_it_was_asked_for(una, device):
    for purpose in (NEW, passkeys.purpose_of("second-factor", una), ""):
        with pytest.raises(Invalid):
            show(device, purpose=purpose)
    with pytest.raises(Invalid):
        add(una, SoftPasskey(), purpose=passkeys.SIGN_IN)


def test_of_two_who_send_the_same_answer_at_once_one_gets_in(app, una, device):
    asked = passkeys.ask_for_known(SITE, purpose=passkeys.SIGN_IN, now=NOW)
    answer, outcomes, gate = device.get(asked.options, sign_count=0), [], threading.Barrier(3)

    def send():
        with app.app_context():
            gate.wait()
            try:
                passkeys.recognise(answer, challenge=asked.challenge, site=SITE, purpose=passkeys.SIGN_IN, now=NOW)
                outcomes.append(True)
            except Invalid:
                outcomes.append(False)
            finally:
                db.session.remove()

    racers = [threading.Thread(target=send) for _ in range(3)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(outcomes) == [False, False, True]


def test_as_second_factor_it_has_to_be_ones_own(una, device, workspace):
    eve = make_teammate(workspace, "Eve", Role.OWNER)
    of_eve = SoftPasskey()
    add(eve, of_eve)
    assert show(device, teammate=una).id == una.id
    assert show(device, teammate=una, user_handle=b"").id == una.id
    with pytest.raises(Invalid):
        show(of_eve, teammate=una)
    with pytest.raises(Invalid):
        show(of_eve, user_handle=una.id.bytes)


def test_nobody_comes_back_with_the_passkey_of_who_left(una, device):
    una.removed_at = NOW
    db.session.commit()
    with pytest.raises(Invalid):
        show(device)


def test_a_passkey_that_was_removed_opens_nothing(una, device):
    passkeys.remove(passkeys.listed(una)[0])
    with pytest.raises(Invalid, match="Nobody here"):
        show(device)


def test_the_same_passkey_is_added_once(una, device):
    with pytest.raises(Conflict):
        add(una, device)
    assert len(passkeys.listed(una)) == 1


def test_there_is_an_end_to_them(una, monkeypatch):
    monkeypatch.setattr(passkeys, "MOST", 1)
    add(una, SoftPasskey())
    with pytest.raises(Conflict):
        passkeys.ask_for_new(una, SITE, purpose=NEW, now=NOW)


def test_names_are_clean_and_passkeys_ones_own(una, device, workspace):
    [kept] = passkeys.listed(una)
    passkeys.rename(kept, " Blue \x07key " + "n" * 99)
    assert kept.name.startswith("Blue key n")
    assert len(kept.name) == 60
    with pytest.raises(Invalid):
        passkeys.rename(kept, " \x00 ")
    with pytest.raises(NotFound):
        passkeys.find(make_teammate(workspace, "Eve", Role.OWNER), kept.id)


@pytest.mark.parametrize(
    ("origin", "told"),
    [
        ("https://chat.example.com", ""),
        ("https://chat.example.com:8443", ""),
        ("http://localhost:8000", ""),
        ("http://porch.localhost", ""),
        ("http://chat.example.com", "https://"),
        ("http://porchlight.local:8000", "https://"),
        ("http://notlocalhost", "https://"),
        ("http://127.0.0.1:8000", "open http://localhost:8000 instead"),
        ("http://[::1]:8000", "open http://localhost:8000 instead"),
        ("https://192.0.2.7", "is a number"),
        ("http://192.168.1.20:8000", "is a number"),
    ],
)
def test_where_there_are_no_passkeys_it_is_said_why(origin, told):
    obstacle = Site(origin).obstacle
    assert (told in obstacle) if told else obstacle == ""
    if "192." in origin:
        assert "localhost" not in obstacle
