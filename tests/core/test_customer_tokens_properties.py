"""Customer tokens: what holds for every input."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from core.customer_tokens import TokenRefused, verify
from tests.core.customer_token_forge import EC, HS256, NOW, b64, claims, hs256, pem, signed

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=5,
)
NAMES = st.sampled_from(["sub", "exp", "nbf", "iat", "aud", "iss", "email", "name", "attributes", "customAttributes"])
HEADERS = st.dictionaries(
    st.sampled_from(["alg", "typ", "kid", "crit", "b64", "zip", "jwk", "jku", "x5c", "cty"]), JSON
)
HONEST = hs256()
ES256 = {"alg": "ES256", "public_key": pem(EC)}
HONEST_ES256 = signed("ES256", EC)
KEYS = st.one_of(JSON, st.dictionaries(st.sampled_from(["alg", "secret", "public_key", "jwks", "audience"]), JSON))


def is_refused(token, key=HS256):
    try:
        verify(token, key, now=NOW)
    except TokenRefused:
        return True
    return False


@given(st.one_of(st.text(), st.binary(), st.none(), st.text("ey.A-_=0", min_size=3)))
def test_noise_is_refused(token):
    assert is_refused(token)


@given(st.integers(min_value=0, max_value=len(HONEST) - 1), st.sampled_from("ABab01-_.= é"))
def test_no_changed_letter_goes_unnoticed(place, letter):
    changed = HONEST[:place] + letter + HONEST[place + 1 :]
    assert is_refused(changed) is (changed != HONEST)


@given(st.integers(min_value=0, max_value=len(HONEST_ES256) - 1), st.sampled_from("ABab01-_"))
def test_no_changed_letter_goes_unnoticed_under_a_public_key(place, letter):
    changed = HONEST_ES256[:place] + letter + HONEST_ES256[place + 1 :]
    assert is_refused(changed, ES256) is (changed != HONEST_ES256)


@given(st.binary(max_size=80))
def test_no_other_signature_fits(signature):
    unsigned = HONEST.rpartition(".")[0]
    token = f"{unsigned}.{b64(signature)}"
    assert is_refused(token) is (token != HONEST)


@given(HEADERS)
def test_a_signed_header_never_crashes(header):
    is_refused(hs256(header=header))
    assert is_refused(hs256(header={**header, "alg": "none"}))


@given(st.dictionaries(NAMES, JSON))
def test_signed_claims_never_crash_and_times_stay_numbers(changes):
    told = {**claims(), **changes}
    if is_refused(hs256(told)):
        return
    customer = verify(hs256(told), HS256, now=NOW)
    assert customer.customer_id == told["sub"]
    assert customer.expires_at == told["exp"]
    assert type(told["exp"]) in {int, float}


@given(KEYS)
def test_no_key_crashes(key):
    assert is_refused(HONEST, key)


@given(st.text(max_size=300))
def test_a_subject_is_kept_as_it_is_or_refused(subject):
    fits = 1 <= len(subject) <= 255 and subject.strip() != ""
    fits = fits and not {unicodedata.category(letter) for letter in subject} & {"Cc", "Cf", "Cs"}
    token = hs256({**claims(), "sub": subject})
    assert is_refused(token) is not fits
    assert not fits or verify(token, HS256, now=NOW).customer_id == subject


@given(st.integers(min_value=-200, max_value=200), st.integers(min_value=-200, max_value=200))
def test_a_token_is_valid_between_its_times_and_a_minute_around(until_expiry, since_start):
    token = hs256(claims(exp=NOW + until_expiry, nbf=NOW - since_start, iat=None))
    assert is_refused(token) is not (until_expiry > -60 and since_start >= -60)
