"""Identity keys: two may be live at once, sealed in the database, and checked before they are taken."""

import json

import pytest
from sqlalchemy import select

from core import identity_keys
from core.clock import utc_now
from core.errors import Invalid, Unauthenticated
from models import db
from models.customers import IdentityKey
from tests.core.customer_token_forge import ED25519, HS256, hs256, pem, signed

NOW = utc_now()


def secret(number):
    return f"secret number {number}, of thirty-two bytes and more"


def add(workspace, number=0, **changes):
    return identity_keys.add(workspace, {"alg": "HS256", "secret": secret(number), **changes}, now=NOW)


def token(number=0, sub="c-1"):
    return hs256({"sub": sub, "exp": NOW.timestamp() + 600}, secret=secret(number))


def is_accepted(workspace, shown):
    try:
        return bool(identity_keys.verify(workspace.id, shown, now=NOW))
    except Unauthenticated:
        return False


def test_a_token_names_its_customer(workspace):
    add(workspace)
    assert identity_keys.verify(workspace.id, token(), now=NOW).customer_id == "c-1"


def test_two_keys_are_live_and_the_third_retires_the_oldest(workspace):
    keys = []
    seen = []
    for number in range(3):
        keys.append(add(workspace, number))
        seen.append([is_accepted(workspace, token(one)) for one in range(3)])
    assert seen == [[True, False, False], [True, True, False], [False, True, True]]
    assert [key.retired_at for key in keys] == [NOW, None, None]


def test_keys_of_different_kinds_live_side_by_side(workspace):
    add(workspace)
    identity_keys.add(workspace, {"alg": "EdDSA", "public_key": pem(ED25519)}, now=NOW)
    assert is_accepted(workspace, token())
    assert is_accepted(workspace, signed("EdDSA", ED25519, {"sub": "c-1", "exp": NOW.timestamp() + 600}))


def test_a_key_of_another_workspace_proves_nothing(workspace, other_workspace):
    add(other_workspace)
    assert not is_accepted(workspace, token())
    add(workspace, 1)
    assert not is_accepted(workspace, token())


def test_without_a_key_no_token_is_accepted_and_the_reason_is_plain(workspace):
    with pytest.raises(Unauthenticated, match="no key to check customer tokens with"):
        identity_keys.verify(workspace.id, token(), now=NOW)


def test_a_refusal_never_echoes_the_token(workspace):
    add(workspace)
    with pytest.raises(Unauthenticated) as refused:
        identity_keys.verify(workspace.id, token(5), now=NOW)
    assert token(5)[:20] not in refused.value.message
    assert refused.value.code == "customer_token_refused"


def test_the_newest_key_says_whether_signing_is_required(workspace):
    assert not identity_keys.is_required(workspace.id)
    add(workspace, 0, required=True)
    assert identity_keys.is_required(workspace.id)
    add(workspace, 1)
    assert not identity_keys.is_required(workspace.id)


def test_the_secret_is_sealed_in_the_database(workspace):
    add(workspace)
    row = db.session.scalars(select(IdentityKey)).one()
    assert b"secret number" not in row.sealed_key


@pytest.mark.parametrize(
    "key",
    [
        {},
        {"alg": "none"},
        {"alg": "HS256", "secret": "too short"},
        {"alg": "HS512", "secret": "x" * 64},
        {"alg": "RS256", "secret": "x" * 64},
        {"alg": "EdDSA", "public_key": "no key"},
        {**HS256, "public_key": pem(ED25519)},
    ],
)
def test_what_could_not_check_a_token_safely_is_no_key(workspace, key):
    with pytest.raises(Invalid):
        identity_keys.add(workspace, json.loads(json.dumps(key)), now=NOW)
    assert db.session.scalars(select(IdentityKey)).all() == []
