"""Looking at a token check by check: it agrees with `verify`, and says in words what it found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.customer_tokens import Step, TokenRefused, examine, verify
from tests.core.customer_token_forge import EC, HS256, NOW, OTHER_RSA, RSA, b64, claims, hs256, jwks, pem, signed
from tests.core.test_customer_tokens_properties import HEADERS, JSON, KEYS, NAMES

RS256 = {"alg": "RS256", "public_key": pem(RSA)}
KEY_SET = {"alg": "RS256", "jwks": jwks({**RSA.as_dict(private=False), "kid": "one"})}


def checks(token, key=HS256):
    return {check.step: check for check in examine(token, key, now=NOW)}


def failing(token, key=HS256):
    return [check.step.value for check in examine(token, key, now=NOW) if check.passed is False]


def unseen(token, key=HS256):
    return [check.step.value for check in examine(token, key, now=NOW) if check.passed is None]


def code_of(token, key):
    try:
        verify(token, key, now=NOW)
    except TokenRefused as refused:
        return refused.code
    return None


def agrees(token, key=HS256):
    """Accepted by one is accepted by the other, and what the one refuses for is among what the other found."""
    found = examine(token, key, now=NOW)
    code = code_of(token, key)
    assert [check.step for check in found] == list(Step)
    assert all(check.passed for check in found) is (code is None)
    assert code is None or code in {check.code for check in found}


def test_an_honest_token_passes_every_check_and_tells_what_it_says():
    found = checks(hs256())
    assert all(check.passed for check in found.values())
    assert found[Step.SUBJECT].found == "customer-1"
    assert found[Step.EXPIRES].found == "Valid until 15 Jan 2027, 08:10:00 UTC, in 10 minutes"
    assert found[Step.ISSUED].found == "Made 15 Jan 2027, 08:00:00 UTC, now"
    assert found[Step.STARTS].found == "Not in the token, and not needed"


@pytest.mark.parametrize(
    ("token", "key", "failed", "not_reached"),
    [
        ("", HS256, ["shape"], 11),
        ("a.b", HS256, ["shape"], 11),
        (hs256(header={"alg": "none"}), HS256, ["algorithm"], 2),
        (signed("RS256", RSA), HS256, ["algorithm"], 2),
        (hs256(secret=pem(RSA)), RS256, ["algorithm"], 2),
        (hs256(header={"alg": "HS256", "crit": ["exp"]}), HS256, ["header"], 0),
        (hs256(header={"alg": "HS256", "b64": False}), HS256, ["header"], 0),
        (hs256(header={"alg": "HS256", "typ": "at+jwt"}), HS256, ["header"], 0),
        (signed("RS256", RSA, kid="two"), KEY_SET, ["key"], 1),
        (signed("RS256", RSA), KEY_SET, ["key"], 1),
        (signed("RS256", OTHER_RSA, kid="one"), KEY_SET, ["signature"], 0),
        (signed("RS256", OTHER_RSA, jwk=OTHER_RSA.as_dict()), RS256, ["signature"], 0),
        (hs256(b"[]"), HS256, ["content"], 6),
        (hs256(b'{"sub": "a", "sub": "b", "exp": 1}'), HS256, ["content"], 6),
        (hs256({}), HS256, ["exp", "sub"], 0),
        (hs256(claims(exp=NOW - 3600)), HS256, ["exp"], 0),
        (hs256(claims(exp="soon", nbf=True, iat=NOW + 999)), HS256, ["exp", "nbf", "iat"], 0),
        (hs256(claims(aud="x", iss="y")), {**HS256, "audience": "shop", "issuer": "z"}, ["aud", "iss"], 0),
        (hs256(claims(sub=" ")), HS256, ["sub"], 0),
        (hs256(), {"alg": "HS256", "secret": "short"}, ["key"], 1),
        (hs256(), {}, ["algorithm", "aud", "iss"], 2),
    ],
)
def test_what_fails_is_named_and_the_rest_is_looked_at_where_it_can_be(token, key, failed, not_reached):
    assert failing(token, key) == failed
    assert len(unseen(token, key)) == not_reached
    agrees(token, key)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1, "1 second ago"),
        (-90, "1 minute ago"),
        (-7300, "2 hours ago"),
        (-200_000, "2 days ago"),
        (0, "now"),
        (59, "in 59 seconds"),
        (7200, "in 2 hours"),
    ],
)
def test_times_are_told_with_their_distance(seconds, words):
    assert checks(hs256(claims(exp=NOW + seconds)))[Step.EXPIRES].found.endswith(f"UTC, {words}")


@pytest.mark.parametrize("exp", [1e300, -1e300, 10**18, -(10**18)])
def test_a_time_beyond_any_calendar_is_told_as_that(exp):
    assert "no time on any calendar" in checks(hs256(claims(exp=exp)))[Step.EXPIRES].found


def test_every_failure_says_how_to_mend_it():
    key = {**HS256, "audience": "shop", "issuer": "z"}
    for token in ("", hs256({}), hs256(header={"alg": "none"}), hs256(claims(exp=1)), hs256(secret="x" * 40)):
        for check in examine(token, key, now=NOW):
            assert bool(check.mend) is (check.passed is False)
            assert bool(check.code) is (check.passed is False)


def test_what_the_token_says_is_shown_beside_what_is_wanted():
    found = checks(hs256(claims(aud=["other"])), {**HS256, "audience": "shop"})
    assert found[Step.AUDIENCE].found == "['other']"
    assert checks(signed("RS256", RSA))[Step.ALGORITHM].found == "RS256"
    assert len(checks(hs256(claims(aud="x" * 5000)), {**HS256, "audience": "shop"})[Step.AUDIENCE].found) == 200


def test_key_material_in_the_header_is_said_to_be_ignored():
    assert "jku, jwk is never used" in checks(hs256(header={"alg": "HS256", "jwk": {}, "jku": "x"}))[Step.HEADER].found


# What holds for every input


@given(st.one_of(st.text(), st.binary(), st.none(), st.text("ey.A-_=0", min_size=3)))
def test_noise_is_agreed_on(token):
    agrees(token)


@given(HEADERS)
def test_any_header_is_agreed_on(header):
    agrees(hs256(header=header))
    agrees(hs256(header={"alg": "HS256", **header}))


@given(st.dictionaries(NAMES, JSON))
def test_any_claims_are_agreed_on(changes):
    agrees(hs256({**claims(), **changes}))
    agrees(hs256({**claims(), **changes}), {**HS256, "audience": ["shop"], "issuer": "https://shop.example"})


@given(KEYS)
def test_any_key_is_agreed_on(key):
    agrees(hs256(), key)
    agrees(signed("ES256", EC), key)


@given(st.binary(max_size=80))
def test_any_signature_is_agreed_on(signature):
    agrees(f"{hs256().rpartition('.')[0]}.{b64(signature)}")
