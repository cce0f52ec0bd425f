"""Customer tokens: a website proves who is chatting (design.md 5.2)."""

import json
import math

import pytest
from joserfc.jwk import OctKey

from core.customer_tokens import TokenRefused, VerifiedCustomer, verify, verify_with_any
from tests.core.customer_token_forge import (
    EC,
    ED448,
    ED25519,
    HS256,
    NOW,
    OTHER_RSA,
    PAIRS,
    RSA,
    SECRET,
    b64,
    claims,
    encoded,
    hs256,
    jwks,
    pem,
    signed,
)

RS256_SET = {
    "alg": "RS256",
    "jwks": jwks(
        {**RSA.as_dict(), "kid": "one", "use": "sig", "alg": "RS256", "key_ops": ["verify"]},
        {**OTHER_RSA.as_dict(), "kid": "two"},
        {**OTHER_RSA.as_dict(), "kid": "twin"},
        {**RSA.as_dict(), "kid": "twin"},
        {**RSA.as_dict(), "kid": "for-encryption", "use": "enc"},
        {**RSA.as_dict(), "kid": "for-wrapping", "key_ops": ["wrapKey"]},
        {**RSA.as_dict(), "kid": "for-rs512", "alg": "RS512"},
        {**RSA.as_dict(private=True), "kid": "private"},
        {**EC.as_dict(), "kid": "elliptic"},
        {"kty": "oct", "k": b64(SECRET.encode()), "kid": "shared"},
        {"kty": "RSA", "kid": "empty"},
        {**RSA.as_dict(), "kid": ""},
        {**RSA.as_dict()},
        "no key",
    ),
}


def refusal(token, key=HS256, now=NOW):
    with pytest.raises(TokenRefused) as refused:
        verify(token, key, now=now)
    told = refused.value
    assert told.reason == str(told)
    assert told.reason.rstrip(")").endswith((".", "pem", "hex 32"))
    assert told.__cause__ is None
    assert told.__context__ is None
    if isinstance(token, str) and token:
        assert not any(part in repr(told) for part in token.split(".") if len(part) > 3)
    return told.code


def test_an_honest_token_tells_who_is_chatting():
    told = claims(
        sub="customer-1",
        email="ann@example.com",
        name=" Ann Ångström ",
        plan="gold",
        attributes={"orders": 3, "plan": "silver"},
        customAttributes={"vip": True},
        aud="porchlight",
        jti="x",
    )
    assert verify(hs256(told), HS256, now=NOW) == VerifiedCustomer(
        customer_id="customer-1",
        email="ann@example.com",
        name="Ann Ångström",
        attributes={"plan": "silver", "orders": 3, "vip": True},
        expires_at=NOW + 600,
    )


def test_a_token_with_the_least_is_enough():
    customer = verify(hs256({"sub": "7", "exp": NOW + 1}, {"alg": "HS256"}), HS256, now=NOW)
    assert (customer.customer_id, customer.email, customer.name, customer.attributes) == ("7", None, None, {})


@pytest.mark.parametrize("alg", PAIRS)
@pytest.mark.parametrize("form", ["pem", "jwk", "jwks"])
def test_each_kind_of_key_pair_works_in_each_form(alg, form):
    pair = PAIRS[alg]
    key = {
        "pem": {"alg": alg, "public_key": pem(pair)},
        "jwk": {"alg": alg, "public_key": pair.as_dict()},
        "jwks": {"alg": alg, "jwks": jwks({**pair.as_dict(), "kid": "k"})},
    }[form]
    assert verify(signed(alg, pair, kid="k"), key, now=NOW).customer_id == "customer-1"
    other = signed(alg, type(pair).generate_key(), kid="k")
    assert refusal(other, key) == "bad_signature"


def test_eddsa_takes_both_curves():
    assert verify(signed("EdDSA", ED448), {"alg": "EdDSA", "public_key": pem(ED448)}, now=NOW)
    assert refusal(signed("EdDSA", ED448), {"alg": "EdDSA", "public_key": pem(ED25519)}) == "bad_signature"


def test_a_key_set_may_hold_shared_secrets():
    key = {"alg": "HS256", "jwks": jwks({"kty": "oct", "k": b64(SECRET.encode()), "kid": "shared"})}
    assert verify(hs256(header={"alg": "HS256", "kid": "shared"}), key, now=NOW)
    assert refusal(hs256(), key) == "unknown_key"


@pytest.mark.parametrize(
    ("kid", "code"),
    [
        ("one", None),
        ("two", "bad_signature"),
        ("twin", "unknown_key"),
        ("three", "unknown_key"),
        ("ONE", "unknown_key"),
        ("", "unknown_key"),
        (None, "unknown_key"),
        (["one"], "unknown_key"),
        ({"one": 1}, "unknown_key"),
        (1, "unknown_key"),
        ("for-encryption", "bad_key"),
        ("for-wrapping", "bad_key"),
        ("for-rs512", "bad_key"),
        ("private", "bad_key"),
        ("elliptic", "bad_key"),
        ("shared", "bad_key"),
        ("empty", "bad_key"),
    ],
)
def test_in_a_key_set_exactly_the_named_key_counts(kid, code):
    token = signed("RS256", RSA, kid=kid)
    if code is None:
        assert verify(token, RS256_SET, now=NOW)
    else:
        assert refusal(token, RS256_SET) == code


def test_a_key_set_without_a_kid_in_the_token_is_refused_even_with_one_key():
    key = {"alg": "RS256", "jwks": jwks({**RSA.as_dict(), "kid": "one"})}
    assert refusal(signed("RS256", RSA), key) == "unknown_key"


RS256 = {"alg": "RS256", "public_key": pem(RSA)}


@pytest.mark.parametrize(
    ("token", "key", "code"),
    [
        # The public key as a shared secret (RFC 8725, 2.1).
        (hs256(secret=pem(RSA)), RS256, "wrong_algorithm"),
        (hs256(header={"alg": "RS256"}, secret=pem(RSA)), RS256, "bad_signature"),
        (hs256(secret=pem(RSA)), {"alg": "HS256", "secret": pem(RSA)}, "bad_key"),
        (hs256(secret=pem(RSA)), {"alg": "HS256", "public_key": pem(RSA)}, "bad_key"),
        # No algorithm, in every spelling.
        *((f"{encoded({'alg': alg})}.{encoded(claims())}.", HS256, "wrong_algorithm") for alg in ("none", "None", "")),
        (hs256(header={"alg": "none"}), HS256, "wrong_algorithm"),
        (hs256(header={"alg": "none"}), {"alg": "none", "secret": SECRET}, "bad_key"),
        (hs256(header={"typ": "JWT"}), HS256, "wrong_algorithm"),
        (hs256(header={"alg": "hs256"}), HS256, "wrong_algorithm"),
        (hs256(header={"alg": "HS256 "}), HS256, "wrong_algorithm"),
        (hs256(header={"alg": "HS512"}), HS256, "wrong_algorithm"),
        (hs256(header={"alg": ["HS256"]}), HS256, "wrong_algorithm"),
        (hs256(header={"alg": None}), HS256, "wrong_algorithm"),
        (signed("RS512", RSA), RS256, "wrong_algorithm"),
        (signed("PS256", RSA), RS256, "wrong_algorithm"),
        (signed("Ed25519", ED25519), {"alg": "EdDSA", "public_key": pem(ED25519)}, "wrong_algorithm"),
        # Signatures of nobody.
        (hs256(secret="another secret of thirty-two bytes"), HS256, "bad_signature"),
        (hs256().rpartition(".")[0] + ".", HS256, "bad_signature"),
        (hs256().rpartition(".")[0] + "." + b64(b"\0" * 32), HS256, "bad_signature"),
        (hs256().rpartition(".")[0] + "." + b64(b"\0" * 31), HS256, "bad_signature"),
        (signed("ES256", EC).rpartition(".")[0] + "." + b64(b"\0" * 64), {"alg": "ES256", "public_key": pem(EC)}, None),
        (
            signed("ES256", EC).rpartition(".")[0] + "." + b64(b"\xff" * 64),
            {"alg": "ES256", "public_key": pem(EC)},
            None,
        ),
        (signed("ES256", EC).rpartition(".")[0] + "." + b64(b"0" * 70), {"alg": "ES256", "public_key": pem(EC)}, None),
        (signed("RS256", RSA).rpartition(".")[0] + "." + b64(b"0"), RS256, "bad_signature"),
        # Keys that the token brings along.
        (signed("RS256", OTHER_RSA, jwk=OTHER_RSA.as_dict()), RS256, "bad_signature"),
        (signed("RS256", OTHER_RSA, jku="https://evil.example/jwks.json", kid="x"), RS256, "bad_signature"),
        (signed("RS256", OTHER_RSA, x5u="https://evil.example/x.pem", x5c=["MIIB"]), RS256, "bad_signature"),
        (signed("RS256", OTHER_RSA, kid="../../dev/null"), RS256, "bad_signature"),
    ],
)
def test_a_token_that_the_key_has_not_signed_is_refused(token, key, code):
    assert refusal(token, key) == (code or "bad_signature")


@pytest.mark.parametrize(
    "extra", [{"jwk": {"kty": "oct"}}, {"jku": 5}, {"x5u": "x"}, {"x5c": []}, {"cty": "x"}, {"b64": True}]
)
def test_what_is_never_used_does_no_harm_in_an_honest_token(extra):
    assert verify(hs256(header={"alg": "HS256", **extra}), HS256, now=NOW)


@pytest.mark.parametrize(
    "extra",
    [
        {"crit": ["exp"]},
        {"crit": ["b64"], "b64": False},
        {"crit": []},
        {"crit": None},
        {"b64": False},
        {"b64": 0},
        {"b64": None},
        {"b64": "false"},
        {"zip": "DEF"},
        {"zip": None},
        {"typ": "at+jwt"},
        {"typ": "logout+jwt"},
        {"typ": 5},
        {"typ": None},
    ],
)
def test_a_header_that_changes_the_meaning_is_refused(extra):
    assert refusal(hs256(header={"alg": "HS256", **extra})) == "unsupported_header"


@pytest.mark.parametrize("kind", ["JWT", "jwt", "application/jwt", "Application/JWT"])
def test_a_type_of_jwt_is_fine_in_any_case(kind):
    assert verify(hs256(header={"alg": "HS256", "typ": kind}), HS256, now=NOW)


def test_an_unencoded_payload_is_refused():
    assert refusal(hs256(payload=b"x", header={"alg": "HS256", "b64": False, "crit": ["b64"]})) == "unsupported_header"


HONEST = hs256()
HEADER, PAYLOAD, SIGNATURE = HONEST.split(".")


@pytest.mark.parametrize(
    "token",
    [
        None,
        "",
        5,
        HONEST.encode(),
        {"token": HONEST},
        "a",
        "a.b",
        "..",
        "...",
        f".{PAYLOAD}.{SIGNATURE}",
        f"{HEADER}.{PAYLOAD}",
        f"{HONEST}.",
        f"{HONEST}.x",
        f"{HONEST}.x.y",
        f" {HONEST}",
        f"{HONEST}\n",
        f"Bearer {HONEST}",
        f"{HEADER}.{PAYLOAD}\n.{SIGNATURE}",
        f"{HEADER}=.{PAYLOAD}.{SIGNATURE}",
        f"{HEADER}==.{PAYLOAD}.{SIGNATURE}",
        f"{HONEST}=",
        f"{HONEST}+",
        f"{HONEST}/",
        f"{HONEST}é",
        f"{HONEST}\ud800",
        f"{HONEST}\x00",
        f"{SIGNATURE[:1]}.{PAYLOAD}.{SIGNATURE}",
        json.dumps({"payload": PAYLOAD, "protected": HEADER, "signature": SIGNATURE}),
        *(hs256(header=header) for header in (b"", b"{", b"[]", b"null", b"5", b'"x"', b'\xff{"alg":"HS256"}')),
        hs256(header=b'{"alg":"HS256","alg":"HS256"}'),
        hs256(header=b'{"alg":"none","al\\u0067":"HS256"}'),
        hs256(header=b'\xef\xbb\xbf{"alg":"HS256"}'),
        hs256(header=b'{"alg":"HS256"} x'),
        hs256(header='{"alg":"HS256"}'.encode("utf-16")),
        hs256(header=b'{"alg":"HS256","x":NaN}'),
        hs256(header=b"[" * 9000),
        hs256(header=b'{"alg":"HS256","x":' + b'{"x":' * 1500),
        hs256(header=b'{"alg":"HS256","x":' + b"9" * 6000 + b"}"),
    ],
    ids=lambda token: ascii(token)[:30],
)
def test_what_is_no_token_is_malformed(token):
    assert refusal(token) == "malformed"


def test_stray_bits_after_the_signature_are_refused():
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".index(HONEST[-1])
    for bits in range(1, 4):
        stray = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[last + bits]
        assert refusal(HONEST[:-1] + stray) == "malformed"


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'["sub"]',
        b'"sub"',
        b"\xff",
        b'{"sub":"a","exp":1900000000,"sub":"b"}',
        b'{"sub":"a","exp":1900000000,"s\\u0075b":"b"}',
        b'{"sub":"a","exp":1900000000,"x":{"y":1,"y":2}}',
        b'{"sub":"a","exp":NaN}',
        b'{"sub":"a","exp":Infinity}',
        b'{"sub":"a","exp":-Infinity}',
        b'{"sub":"a","exp":1900000000,"x":NaN}',
        b'{"sub":"a","exp":' + b"9" * 5000 + b"}",
        b'{"sub":"a","exp":1900000000,"x":' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"sub":"a","exp":1900000000}{}',
        b'\xef\xbb\xbf{"sub":"a","exp":1900000000}',
        b"{'sub':'a','exp':1900000000}",
        HONEST.encode(),
    ],
    ids=lambda payload: ascii(payload)[:30],
)
def test_a_signed_payload_that_is_no_object_is_malformed(payload):
    assert refusal(hs256(payload)) == "malformed"


def test_the_largest_token_has_sixteen_kib():
    def of_size(size):
        filling = size - len(hs256(claims(x="", y=""))) - 64
        for extra in range(200):
            token = hs256(claims(x="x" * (filling * 3 // 4 + extra)))
            if len(token) == size:
                return token
        raise AssertionError

    largest = of_size(16 * 1024)
    assert verify(largest, HS256, now=NOW).attributes == {}
    assert refusal(largest + "A") == "too_large"
    assert refusal("A" * 5_000_000) == "too_large"
    assert refusal("." * 16_385) == "too_large"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"exp": NOW + 1}, None),
        ({"exp": NOW}, None),
        ({"exp": NOW - 59}, None),
        ({"exp": NOW - 59.5}, None),
        ({"exp": NOW - 60}, "expired"),
        ({"exp": NOW - 61}, "expired"),
        ({"exp": 0}, "expired"),
        ({"exp": -1e300}, "expired"),
        ({"exp": 1e300}, None),
        ({"exp": None}, "missing_claim"),
        ({"nbf": NOW}, None),
        ({"nbf": NOW + 60}, None),
        ({"nbf": NOW + 60.5}, "not_yet_valid"),
        ({"nbf": NOW + 61}, "not_yet_valid"),
        ({"nbf": -5}, None),
        ({"iat": NOW + 60}, None),
        ({"iat": NOW + 61}, "not_yet_valid"),
        ({"iat": 0}, None),
        ({"iat": None}, None),
        *(
            ({name: value}, "bad_claim")
            for name in ("exp", "nbf", "iat")
            for value in (True, False, str(NOW + 600), "", [NOW], {}, 10**400, "2030-01-01")
        ),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_times_count_with_a_leeway_of_a_minute(changes, code):
    token = hs256(claims(**changes))
    if code is None:
        assert verify(token, HS256, now=NOW)
    else:
        assert refusal(token) == code


@pytest.mark.parametrize("name", ["exp", "nbf", "iat"])
@pytest.mark.parametrize("value", ["1e400", "-1e400", "null"])
def test_a_time_without_end_is_refused(name, value):
    payload = json.dumps(claims(**{name: 0})).replace(f'"{name}": 0', f'"{name}": {value}')
    assert refusal(hs256(payload.encode())) == "bad_claim"


@pytest.mark.parametrize("now", [math.nan, math.inf])
def test_a_broken_clock_lets_nobody_in(now):
    assert refusal(HONEST, now=now) == "expired"


@pytest.mark.parametrize(
    ("wanted", "told", "code"),
    [
        ("shop", "shop", None),
        ("shop", ["other", "shop"], None),
        (["shop", "shop-2"], "shop-2", None),
        (None, "anything", None),
        (None, 5, None),
        ("", None, None),
        ("shop", None, "wrong_audience"),
        ("shop", "Shop", "wrong_audience"),
        ("shop", "shop ", "wrong_audience"),
        ("shop", "my-shop", "wrong_audience"),
        ("shop", "", "wrong_audience"),
        ("shop", [], "wrong_audience"),
        ("shop", ["other"], "wrong_audience"),
        ("shop", ["shop", 5], "wrong_audience"),
        ("shop", [["shop"]], "wrong_audience"),
        ("shop", {"shop": 1}, "wrong_audience"),
        ("shop", 5, "wrong_audience"),
        ([], "shop", "bad_key"),
        ([5], "shop", "bad_key"),
        (5, "shop", "bad_key"),
    ],
)
def test_the_audience_counts_when_it_is_configured(wanted, told, code):
    token, key = hs256(claims(aud=told)), {**HS256, "audience": wanted}
    if code is None:
        assert verify(token, key, now=NOW)
    else:
        assert refusal(token, key) == code


@pytest.mark.parametrize(
    ("wanted", "told", "code"),
    [
        ("https://shop.example", "https://shop.example", None),
        (None, 5, None),
        ("https://shop.example", None, "wrong_issuer"),
        ("https://shop.example", "https://shop.example/", "wrong_issuer"),
        ("https://shop.example", "HTTPS://shop.example", "wrong_issuer"),
        ("https://shop.example", ["https://shop.example"], "wrong_issuer"),
        (["https://shop.example"], "https://shop.example", "bad_key"),
    ],
)
def test_the_issuer_counts_when_it_is_configured(wanted, told, code):
    token, key = hs256(claims(iss=told)), {**HS256, "issuer": wanted}
    if code is None:
        assert verify(token, key, now=NOW)
    else:
        assert refusal(token, key) == code


@pytest.mark.parametrize(
    "subject",
    ["a", "0", "x" * 255, "Ü" * 255, "😀" * 255, " a ", "a b", "null", "../1", "<b>", "'; --", "a\u0301", "٣"],
)
def test_a_subject_is_kept_letter_by_letter(subject):
    assert verify(hs256(claims(sub=subject)), HS256, now=NOW).customer_id == subject


@pytest.mark.parametrize(
    "subject",
    [
        "",
        " ",
        "\u3000\u00a0 ",
        "x" * 256,
        "a\x00",
        "a\n",
        "\ta",
        "a\x7f",
        "a\x85",
        "a\u00ad",
        "a\u200b",
        "a\u200d",
        "a\u202e",
        "\ufeffa",
        "a\ud800",
        "\udc00a",
        5,
        0,
        1.5,
        True,
        ["a"],
        {"id": "a"},
    ],
    ids=ascii,
)
def test_a_subject_that_cannot_be_an_identity_is_refused(subject):
    assert refusal(hs256(claims(sub=subject))) == "bad_subject"


def test_a_token_about_nobody_is_refused():
    assert refusal(hs256({"exp": NOW + 600})) == "missing_claim"
    assert refusal(hs256(b'{"sub": null, "exp": 1900000000}')) == "bad_subject"


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ann",
        "@",
        "a@",
        "@b",
        "a@b@c",
        "a b@c.d",
        "a@c.d\n",
        "a\r\nBcc: x@y.z",
        "<a@b.c>",
        "a@b\u202e",
        "a@b\ud800",
        5,
        "a" * 65 + "@b.c",
        "a@" + "b" * 253,
        ["a@b.c"],
        True,
    ],
    ids=lambda email: ascii(email)[:30],
)
def test_an_email_that_is_none_is_left_out(email):
    assert verify(hs256(claims(email=email)), HS256, now=NOW).email is None


@pytest.mark.parametrize(
    "name", ["", "  ", "a\nb", "a\x00", "a\u202eb", "\u200d", "a\u2028b", "a\ud800", "x" * 201, 5, ["Ann"]]
)
def test_a_name_that_is_none_is_left_out(name):
    assert verify(hs256(claims(name=name)), HS256, now=NOW).name is None


@pytest.mark.parametrize("name", ["Ann", "Åsa", "نامه\u200cای", "👩\u200d💻", "<script>"])
def test_a_name_in_any_script_is_kept(name):
    assert verify(hs256(claims(name=name)), HS256, now=NOW).name == name


@pytest.mark.parametrize(
    "value", ["", "text", "two\nlines", 0, -5, 1.5, True, None, ["a", 1], {"a": {"b": ["c"]}}, 2**62, "👩\u200d💻"]
)
def test_a_plain_attribute_is_kept(value):
    token = hs256(json.dumps({**claims(), "customAttributes": {"x": value}}).encode())
    assert verify(token, HS256, now=NOW).attributes == {"x": value}


@pytest.mark.parametrize(
    "value",
    [
        "x" * 1001,
        "\x00",
        "\ud800",
        2**63,
        -(2**63),
        10**300,
        [[[[[1]]]]],
        {"a": {"b": {"c": {"d": 1}}}},
        {"\x00": 1},
        [0] * 51,
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_an_attribute_that_cannot_be_stored_is_left_out(value):
    assert verify(hs256(claims(customAttributes={"x": value, "y": 1})), HS256, now=NOW).attributes == {"y": 1}


def test_attributes_are_bounded_however_they_come():
    told = claims(**{f"a{number}": number for number in range(80)}, customAttributes={"k" * 65: 1}, attributes=[1])
    assert len(verify(hs256(told), HS256, now=NOW).attributes) == 50
    endless = b'{"sub":"a","exp":1900000000,"x":1e400,"y":' + b"[" * 800 + b"]" * 800 + b"}"
    assert verify(hs256(endless), HS256, now=NOW).attributes == {}


@pytest.mark.parametrize(
    "key",
    [
        None,
        5,
        [],
        {},
        {"secret": SECRET},
        {"alg": "HS256"},
        {"alg": ["HS256"], "secret": SECRET},
        {"alg": "hs256", "secret": SECRET},
        {"alg": "HS512", "secret": SECRET},
        {"alg": "HS256", "secret": "x" * 31},
        {"alg": "HS256", "secret": ""},
        {"alg": "HS256", "secret": "\ud800" * 32},
        {"alg": "HS256", "secret": 5},
        {"alg": "HS256", "secret": SECRET, "jwks": jwks()},
        {"alg": "HS256", "jwks": {"keys": "x"}},
        {"alg": "HS256", "jwks": [OctKey.import_key(SECRET).as_dict()]},
        {"alg": "HS256", "jwks": jwks({"kty": "oct", "kid": "k", "k": b64(b"x" * 31)})},
        {"alg": "HS256", "jwks": jwks({"kty": "oct", "kid": "k", "k": 5})},
        {"alg": "HS256", "jwks": jwks({"kty": "oct", "kid": "k"})},
    ],
    ids=lambda key: ascii(key)[:40],
)
def test_a_key_that_cannot_be_used_refuses_every_token(key):
    assert refusal(hs256(header={"alg": "HS256", "kid": "k"}), key) == "bad_key"


def test_while_keys_are_rotated_either_one_counts():
    old, new = HS256, {"alg": "HS256", "secret": "the secret that comes after the old one"}
    assert verify_with_any(hs256(), [new, old], now=NOW)
    assert verify_with_any(hs256(secret=new["secret"]), [new, old], now=NOW)


def test_the_refusal_of_the_key_that_signed_is_told():
    new = {"alg": "HS256", "secret": "the secret that comes after the old one"}
    expired = hs256(claims(exp=1))
    for keys, code in [
        ([new, HS256], "expired"),
        ([new], "bad_signature"),
        ([], "unknown_key"),
        ([RS256], "wrong_algorithm"),
    ]:
        with pytest.raises(TokenRefused) as refused:
            verify_with_any(expired, keys, now=NOW)
        assert refused.value.code == code
        assert refused.value.__context__ is None
