import threading
import time

import pytest
from argon2 import PasswordHasher

from core import accounts, passwords
from models import transaction
from models.teammates import Role
from tests.conftest import TRUE_HASHER, make_teammate


@pytest.fixture(autouse=True)
def true_hasher(monkeypatch):
    monkeypatch.setattr(passwords, "_HASHER", TRUE_HASHER)
    passwords._decoy.cache_clear()
    yield
    passwords._decoy.cache_clear()


@pytest.mark.parametrize(
    "password",
    ["nine char", "password123", "PassWord123", "aaaaaaaaaaaaaaa", "olga@example.com", "OLGA@example.com", "x" * 201],
)
def test_what_others_would_try_first_is_refused(password):
    with pytest.raises(passwords.TooWeak):
        passwords.check_new(password, email="olga@example.com")


@pytest.mark.parametrize(
    "password", ["ten chars!", "a short sentence", "лампа на крыльце", "🏮 " * 6 + "porch", "x1z" * 66]
)
def test_everything_else_is_its_owners_choice(password):
    passwords.check_new(password, email="olga@example.com")


def test_a_password_is_known_again_and_others_are_not(app):
    kept = passwords.hash_password("a warm lamp")
    assert kept.startswith("$argon2id$")
    assert passwords.verify_password(kept, "a warm lamp")
    assert not passwords.verify_password(kept, "a warm lamp ")
    assert not passwords.verify_password(kept, "")
    assert kept != passwords.hash_password("a warm lamp")


def test_the_same_signs_typed_in_another_way_are_the_same_password(app):
    assert passwords.verify_password(passwords.hash_password("Ångström lamp"), "A\u030angstro\u0308m lamp")


def test_half_characters_and_endless_passwords_do_no_harm(app):
    kept = passwords.hash_password("\ud800 a warm lamp")
    assert not passwords.verify_password(kept, "a warm lamp" * 100_000)


@pytest.mark.parametrize("kept", [None, "", "unusable"])
def test_without_a_hash_no_password_is_right(app, kept):
    assert not passwords.verify_password(kept, "nobody has this password")


def test_an_unknown_person_takes_as_long_as_a_wrong_password(app):
    kept = passwords.hash_password("a warm lamp")

    def seconds(known):
        # The processor's time: what else a machine does takes as long as it likes.
        begun = time.process_time()
        passwords.verify_password(known, "a cold lamp")
        return time.process_time() - begun

    unknown, wrong = (min(seconds(known) for _ in range(5)) for known in (None, kept))
    assert 0.3 < unknown / wrong < 3


def test_hashing_inside_a_transaction_is_refused(app):
    with transaction(), pytest.raises(RuntimeError):
        passwords.hash_password("a warm lamp")


def test_few_are_hashed_at_once(app, monkeypatch):
    running, most = 0, 0
    lock = threading.Lock()

    def slow(*_):
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1
        return False

    monkeypatch.setattr(passwords, "_matches", slow)

    def ask():
        with app.app_context():
            passwords.verify_password(None, "a warm lamp")

    askers = [threading.Thread(target=ask) for _ in range(8)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert most == 2


def test_a_hash_made_in_an_older_way_is_renewed_at_sign_in(app, workspace):
    older = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("a warm lamp")
    una = make_teammate(workspace, "Una", Role.EDITOR, older)
    assert accounts.authenticate("una@example.com", "a warm lamp") is una
    assert una.password_hash != older
    renewed = una.password_hash
    assert accounts.authenticate("una@example.com", "a warm lamp") is una
    assert una.password_hash == renewed
