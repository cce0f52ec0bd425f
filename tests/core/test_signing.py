"""Tokens of each kind pass as that kind only; sealed secrets open with the same secret only."""

import itertools
import time
import uuid

import pytest
from cryptography.exceptions import InvalidTag
from itsdangerous import TimestampSigner

from core import signing
from core.errors import Unauthenticated
from core.signing import Kind


@pytest.fixture(autouse=True)
def secret():
    before = list(signing._secrets)
    signing.use_secret("a secret for tests only, long enough")
    yield
    signing._secrets[:] = before


def code_of(kind, token, max_age=60):
    with pytest.raises(Unauthenticated) as refused:
        signing.read(kind, token, max_age=max_age)
    return refused.value.code


@pytest.mark.parametrize("kind", list(Kind))
def test_what_was_signed_is_read(kind):
    assert signing.read(kind, signing.sign(kind, {"a": ["ä", 1]}), max_age=60) == {"a": ["ä", 1]}


@pytest.mark.parametrize(("made", "shown"), list(itertools.permutations(Kind, 2)))
def test_no_kind_passes_as_another(made, shown):
    assert code_of(shown, signing.sign(made, {"session": "x"})) == "token_invalid"


@pytest.mark.parametrize("kind", list(Kind))
def test_a_token_runs_out(kind, monkeypatch):
    token = signing.sign(kind, {})
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: int(time.time()) + 61)
    assert code_of(kind, token) == "token_expired"


def test_a_token_from_the_future_is_not_valid(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(TimestampSigner, "get_timestamp", lambda _: int(time.time()) + 3600)
        token = signing.sign(Kind.SESSION, {})
    assert code_of(Kind.SESSION, token) in ("token_invalid", "token_expired")


@pytest.mark.parametrize("token", ["", ".", "a.b.c", "\x00", "ä.ö.ü", "x" * 100_000])
def test_junk_is_not_valid(token):
    assert code_of(Kind.SESSION, token) == "token_invalid"


def test_a_secret_is_followed_by_one_that_only_we_can_tell():
    first = signing.successor_of("secret")
    assert first == signing.successor_of("secret") != signing.successor_of("secret2")
    signing.use_secret("another secret, also long enough to be one")
    assert signing.successor_of("secret") != first


def test_what_is_sealed_looks_different_each_time_and_opens_again():
    sealed = [signing.seal(b"a key") for _ in range(2)]
    assert sealed[0] != sealed[1]
    assert all(signing.unseal(one) == b"a key" for one in sealed)
    assert b"a key" not in sealed[0]


def test_what_was_changed_or_sealed_elsewhere_stays_closed():
    sealed = signing.seal(b"a key")
    with pytest.raises(InvalidTag):
        signing.unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    signing.use_secret("another secret, also long enough to be one")
    with pytest.raises(InvalidTag):
        signing.unseal(sealed)


NEXT = "the secret after a rotation, long enough"
FIRST = "a secret for tests only, long enough"


@pytest.mark.parametrize("kind", list(Kind))
def test_a_token_outlives_a_rotation_and_new_ones_bear_the_new_secret(kind):
    old = signing.sign(kind, {"n": 1})
    signing.use_secret(NEXT, previous=[FIRST])
    new = signing.sign(kind, {"n": 2})
    assert signing.read(kind, old, max_age=60) == {"n": 1}
    signing.use_secret(NEXT)
    assert signing.read(kind, new, max_age=60) == {"n": 2}
    assert code_of(kind, old) == "token_invalid"


def test_the_session_of_a_token_of_before_is_still_told():
    session = uuid.uuid4()
    token = signing.sign(Kind.SESSION, {"session": session.hex})
    signing.use_secret(NEXT, previous=[FIRST])
    assert signing.session_of(token) == session


def test_what_was_sealed_before_a_rotation_opens_and_is_sealed_anew_once():
    sealed = signing.seal(b"a key", bound_to=b"row 1")
    signing.use_secret(NEXT, previous=["one more of before, long enough to be", FIRST])
    again = signing.resealed(sealed, bound_to=b"row 1")
    assert again is not None
    assert signing.unseal(sealed, bound_to=b"row 1") == signing.unseal(again, bound_to=b"row 1") == b"a key"
    assert signing.resealed(again, bound_to=b"row 1") is None
    signing.use_secret(NEXT)
    assert signing.unseal(again, bound_to=b"row 1") == b"a key"
    with pytest.raises(InvalidTag):
        signing.resealed(sealed, bound_to=b"row 1")


def test_what_is_bound_to_a_row_opens_nowhere_else():
    sealed = signing.seal(b"a key", bound_to=b"row 1")
    for elsewhere in (b"row 2", b""):
        with pytest.raises(InvalidTag):
            signing.unseal(sealed, bound_to=elsewhere)


def test_what_was_sealed_before_rows_were_bound_still_opens():
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = b"\x01" * 12
    sealed = nonce + AESGCM(signing.derived_key("sealing")).encrypt(nonce, b"of old", None)
    assert signing.unseal(sealed) == b"of old"


def test_the_successor_that_was_given_before_a_rotation_can_still_be_told():
    given = signing.successor_of("secret")
    signing.use_secret(NEXT, previous=[FIRST])
    assert given in signing.successors_of("secret")
    assert signing.successor_of("secret") != given
