"""Identity keys: two may be live at once, sealed in the database, and checked before they are taken."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import identity_keys, refresh_secrets
from core.clock import utc_now
from core.errors import Conflict, Invalid, NotFound, Unauthenticated
from core.identity_keys.descriptions import content_of
from gateways.bus import current_bus
from models import db
from models.audits import AuditEntry
from models.customers import IdentityKey
from models.teammates import Role, Workspace
from tests.conftest import make_teammate
from tests.core.customer_token_forge import ED25519, HS256, PAIRS, hs256, pem, signed

NOW = utc_now()


@pytest.fixture
def olga_herself(workspace):
    return make_teammate(workspace, "Olga", Role.OWNER)


def secret(number):
    return f"secret number {number}, of thirty-two bytes and more"


def add(workspace, number=0, **changes):
    return identity_keys.configure(workspace, {"alg": "HS256", "secret": secret(number), **changes}, now=NOW)


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
    identity_keys.configure(workspace, {"alg": "EdDSA", "public_key": pem(ED25519)}, now=NOW)
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
        {**HS256, "jwks_url": "https://example.com/keys"},
        {"alg": "HS256", "jwks_url": "https://example.com/keys"},
        {"alg": "RS256", "jwks_url": "http://example.com/keys"},
        {"alg": "RS256", "jwks_url": 7},
        {"alg": "none", "jwks_url": "https://example.com/keys"},
        {"jwks_url": "https://example.com/keys"},
        {"alg": "RS256", "jwks_url": "https://169.254.169.254/keys"},
    ],
)
def test_what_could_not_check_a_token_safely_is_no_key(workspace, key):
    with pytest.raises(Invalid):
        identity_keys.configure(workspace, json.loads(json.dumps(key)), now=NOW)
    assert db.session.scalars(select(IdentityKey)).all() == []


# Rotation


def test_a_third_key_needs_one_that_makes_room(workspace, olga_herself):
    first, second = add(workspace), add(workspace, 1)
    key = {"alg": "HS256", "secret": secret(2)}
    with pytest.raises(Conflict):
        identity_keys.add(workspace, key, by=olga_herself, now=NOW)
    third = identity_keys.add(workspace, key, by=olga_herself, now=NOW, instead_of=second.id, name=" Live \n shop ")
    assert [row.id for row in identity_keys.live(workspace)] == [first.id, third.id]
    assert [row.id for row in identity_keys.retired(workspace)] == [second.id]
    assert (third.name, third.created_by_id) == ("Live shop", olga_herself.id)


def test_a_key_of_somebody_else_cannot_make_room(workspace, other_workspace, olga_herself):
    add(workspace)
    add(workspace, 1)
    theirs = add(other_workspace)
    with pytest.raises(NotFound):
        identity_keys.add(
            workspace, {"alg": "HS256", "secret": secret(2)}, by=olga_herself, now=NOW, instead_of=theirs.id
        )
    assert len(identity_keys.live(workspace)) == 2
    assert theirs.retired_at is None


def test_a_retired_key_is_erased_and_stays_retired(workspace, olga_herself):
    row = add(workspace, issuer="https://shop.example")
    identity_keys.retire(row, by=olga_herself, now=NOW)
    assert "secret number" not in json.dumps(content_of(row))
    description = identity_keys.described(row)
    assert (description.algorithm, description.source, description.issuer) == (
        "HS256",
        "secret",
        "https://shop.example",
    )
    assert not description.can_sign
    identity_keys.retire(row, by=None, now=NOW + timedelta(hours=1))
    assert row.retired_at == NOW
    with pytest.raises(NotFound):
        identity_keys.find(workspace, row.id)
    assert not is_accepted(workspace, token())


def test_what_happens_to_keys_is_noted_without_the_keys(workspace, olga_herself):
    row = identity_keys.add(workspace, {"alg": "HS256", "secret": secret(1)}, by=olga_herself, now=NOW, name="Shop")
    identity_keys.set_required(workspace, True, by=olga_herself, now=NOW)
    identity_keys.set_required(workspace, False, by=olga_herself, now=NOW)
    identity_keys.retire(row, by=olga_herself, now=NOW)
    noted = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(one.action, one.who, one.subject_name) for one in noted] == [
        ("identity_key.add", "Olga", "Shop"),
        ("customer_sign_in.require", "Olga", "Lantern & Loom"),
        ("customer_sign_in.require", "Olga", "Lantern & Loom"),
        ("identity_key.retire", "Olga", "Shop"),
    ]
    assert all("secret number" not in json.dumps([one.before, one.after]) for one in noted)


def test_nobody_is_locked_out_by_a_switch(workspace, olga_herself):
    with pytest.raises(Conflict):
        identity_keys.set_required(workspace, True, by=olga_herself, now=NOW)
    row = add(workspace)
    identity_keys.set_required(workspace, True, by=olga_herself, now=NOW)
    assert identity_keys.is_required(workspace.id)
    with pytest.raises(Conflict, match="last key"):
        identity_keys.retire(row, by=olga_herself, now=NOW)
    assert identity_keys.live(workspace) == [row]


def test_a_key_that_takes_the_place_of_another_is_no_gap(workspace, olga_herself):
    rows = [add(workspace, number) for number in (1, 2)]
    identity_keys.set_required(workspace, True, by=olga_herself, now=NOW)
    identity_keys.retire(rows[0], by=olga_herself, now=NOW)
    identity_keys.configure(workspace, {"alg": "HS256", "secret": secret(3), "required": True}, now=NOW)
    assert identity_keys.is_required(workspace.id)


def test_open_chats_look_again_when_only_verified_customers_may_chat(workspace, olga_herself):
    add(workspace)
    with current_bus().listener(refresh_secrets.workspace_topic(workspace.id)) as listener:
        identity_keys.set_required(workspace, True, by=olga_herself, now=NOW)
        identity_keys.set_required(workspace, True, by=olga_herself, now=NOW)
        assert list(listener.waiting()) == [{"kind": "session"}]


def test_two_people_who_add_a_key_at_once_never_make_three(app, workspace):
    add(workspace)
    workspace_id, refused = workspace.id, []

    def attempt(number):
        with app.app_context():
            try:
                here = db.session.get(Workspace, workspace_id)
                identity_keys.add(here, {"alg": "HS256", "secret": secret(number)}, by=None, now=NOW)
            except Conflict:
                refused.append(number)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(attempt, range(1, 4)))
    assert len(identity_keys.live(workspace)) == 2
    assert len(refused) == 2


# Use


def test_the_last_use_is_noted_once_a_minute_and_for_the_key_that_was_used(workspace):
    unused, used = add(workspace), add(workspace, 1)
    for seconds, noted in ((0, 0), (59, 0), (60, 60)):
        now = NOW + timedelta(seconds=seconds)
        identity_keys.verify(workspace.id, token(1), now=now)
        db.session.expire_all()
        assert used.last_used_at == NOW + timedelta(seconds=noted)
    assert unused.last_used_at is None


def test_a_refused_token_is_no_use(workspace):
    row = add(workspace)
    assert not is_accepted(workspace, token(3))
    db.session.expire_all()
    assert row.last_used_at is None


# What is pasted


@pytest.mark.parametrize(("algorithm", "key"), PAIRS.items())
def test_a_pasted_key_says_itself_what_it_is(algorithm, key):
    jwk = {**key.as_dict(private=False), "kid": "one"}
    for pasted, source in (
        (pem(key), "public_key"),
        (f"  {pem(key)}\n\n", "public_key"),
        (json.dumps(jwk), "public_key"),
        (json.dumps({"keys": [jwk]}), "jwks"),
    ):
        read = identity_keys.read_key(pasted)
        assert (read["alg"], set(read)) == (algorithm, {"alg", source})


@pytest.mark.parametrize(
    ("pasted", "told"),
    [
        ("", "Paste the public key"),
        ("hello", "cannot be read"),
        ("{", "JSON cannot be read"),
        ('{"keys": []}', "no key that could sign"),
        (json.dumps(ED25519.as_dict(private=True)), "private key"),
        (ED25519.as_pem(private=True).decode(), "private key"),
        (json.dumps({"kty": "oct", "k": "c2VjcmV0"}), "of a kind that cannot be used"),
        ("x" * 200_000, "Paste the public key"),
        ("\ud800", "cannot be read"),
    ],
)
def test_what_is_no_public_key_is_refused_with_what_to_paste_instead(pasted, told):
    with pytest.raises(Invalid, match=told):
        identity_keys.read_key(pasted)


def test_a_new_secret_is_long_random_and_harmless_to_settings_files():
    made = {identity_keys.new_secret() for _ in range(50)}
    assert len(made) == 50
    assert all(re.fullmatch("[0-9a-f]{64}", one) for one in made)
