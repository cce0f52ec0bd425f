"""Keys for customer sign-in, as an owner may paste them."""

import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc.jwk import ECKey

from core.customer_tokens import InvalidKey, check_key
from tests.core.customer_token_forge import EC, EC384, ED448, ED25519, HS256, RSA, SECRET, SMALL_RSA, b64, jwks, pem

SMALL_NUMBERS = SMALL_RSA.public_key().public_numbers()
SMALL_PEM = SMALL_RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
SMALL_JWK = {"kty": "RSA", "n": b64(SMALL_NUMBERS.n.to_bytes(128)), "e": "AQAB"}
K1_PEM = pem(ECKey.import_key(ec.generate_private_key(ec.SECP256K1())))
X25519_PEM = x25519.X25519PrivateKey.generate().public_key()
X25519_PEM = X25519_PEM.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.mark.parametrize(
    "key",
    [
        HS256,
        {"alg": "HS256", "secret": "x" * 32},
        {"alg": "HS256", "secret": "ü" * 16},
        {"alg": "HS256", "secret": bytes(range(32))},
        {"alg": "HS256", "secret": SECRET, "public_key": None, "jwks": None},
        {"alg": "RS256", "public_key": pem(RSA)},
        {"alg": "RS256", "public_key": pem(RSA).replace("\n", "\r\n")},
        {"alg": "RS256", "public_key": RSA.as_dict()},
        {"alg": "ES256", "public_key": pem(EC)},
        {"alg": "EdDSA", "public_key": pem(ED25519)},
        {"alg": "EdDSA", "public_key": ED448.as_dict()},
        {"alg": "ES256", "jwks": jwks(RSA.as_dict(), {"kty": "new"}, "x", {**EC.as_dict(), "kid": "one"})},
        {**HS256, "audience": "shop", "issuer": "https://shop.example", "required": True},
        {**HS256, "audience": ["shop", "shop-2"], "required": False},
        {**HS256, "audience": None, "issuer": None, "required": None},
    ],
)
def test_a_good_key_is_accepted(key):
    check_key(key)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (None, "object with"),
        ({}, "HS256, RS256, ES256 and EdDSA"),
        ({"alg": "none", "secret": SECRET}, "HS256, RS256"),
        ({"alg": "HS256"}, "exactly one of a secret and"),
        ({"alg": "RS256", "secret": SECRET}, "exactly one of a public key and"),
        ({"alg": "RS256", "public_key": pem(RSA), "jwks": jwks()}, "exactly one"),
        ({"alg": "HS256", "secret": "short"}, "at least 32 bytes"),
        ({"alg": "HS256", "secret": pem(RSA)}, "not a secret"),
        ({"alg": "HS256", "secret": RSA.as_pem(private=True).decode()}, "not a secret"),
        ({"alg": "HS256", "secret": '{"kty":"RSA","n":"0000000000000000000000"}'}, "not a secret"),
        ({"alg": "HS256", "secret": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI"}, "not a secret"),
        ({"alg": "HS256", "secret": RSA.as_der()}, "everybody may know"),
        ({"alg": "RS256", "public_key": RSA.as_pem(private=True).decode()}, "private key"),
        ({"alg": "RS256", "public_key": RSA.as_dict(private=True)}, "private key"),
        ({"alg": "ES256", "jwks": jwks({**EC.as_dict(private=True), "kid": "k"})}, "private key"),
        ({"alg": "RS256", "public_key": SMALL_PEM}, "2048 bits"),
        ({"alg": "RS256", "public_key": SMALL_JWK}, "2048 bits"),
        ({"alg": "RS256", "public_key": {**RSA.as_dict(), "n": b64(b"\xff" * 2049)}}, "16384 bits"),
        ({"alg": "RS256", "public_key": {**RSA.as_dict(), "e": "AQ"}}, "cannot be read"),
        ({"alg": "RS256", "public_key": {**RSA.as_dict(), "e": 65537}}, "cannot be read"),
        ({"alg": "RS256", "public_key": {**RSA.as_dict(), "n": 5}}, "2048 bits"),
        ({"alg": "RS256", "public_key": pem(EC)}, "needs an RSA key"),
        ({"alg": "RS256", "public_key": EC.as_dict()}, "another algorithm"),
        ({"alg": "RS256", "public_key": {**RSA.as_dict(), "alg": "RS512"}}, "another algorithm"),
        ({"alg": "RS256", "public_key": {**RSA.as_dict(), "use": "enc"}}, "not meant for"),
        ({"alg": "RS256", "public_key": {**RSA.as_dict(), "key_ops": ["sign"]}}, "not meant for"),
        ({"alg": "RS256", "public_key": {**RSA.as_dict(), "key_ops": "verify"}}, "not meant for"),
        ({"alg": "ES256", "public_key": pem(RSA)}, "curve P-256"),
        ({"alg": "ES256", "public_key": pem(EC384)}, "curve P-256"),
        ({"alg": "ES256", "public_key": EC384.as_dict()}, "curve P-256"),
        ({"alg": "ES256", "public_key": {**EC.as_dict(), "crv": ["P-256"]}}, "curve P-256"),
        ({"alg": "ES256", "public_key": {**EC.as_dict(), "y": EC.as_dict()["x"]}}, "cannot be read"),
        ({"alg": "ES256", "public_key": {**EC.as_dict(), "x": "?"}}, "cannot be read"),
        ({"alg": "ES256", "public_key": K1_PEM}, "curve P-256"),
        ({"alg": "EdDSA", "public_key": X25519_PEM}, "Ed25519"),
        ({"alg": "EdDSA", "public_key": {**ED25519.as_dict(), "crv": "X25519"}}, "Ed25519"),
        ({"alg": "EdDSA", "public_key": {**ED25519.as_dict(), "x": "AAAA"}}, "cannot be read"),
        ({"alg": "RS256", "public_key": "-----BEGIN CERTIFICATE-----\nMIIB"}, "openssl x509"),
        ({"alg": "RS256", "public_key": pem(RSA)[:200]}, "Copy it whole"),
        ({"alg": "RS256", "public_key": "https://shop.example/jwks.json"}, "Copy it whole"),
        ({"alg": "RS256", "public_key": ""}, "Copy it whole"),
        ({"alg": "RS256", "public_key": "\ud800"}, "Copy it whole"),
        ({"alg": "RS256", "public_key": b"\xff"}, "Copy it whole"),
        ({"alg": "RS256", "public_key": 5}, "PEM text"),
        ({"alg": "RS256", "jwks": jwks()}, "no key that could sign"),
        ({"alg": "RS256", "jwks": jwks(RSA.as_dict())}, "name"),
        ({"alg": "RS256", "jwks": jwks({**RSA.as_dict(), "kid": "a"}, {**RSA.as_dict(), "kid": "a"})}, "of its own"),
        ({"alg": "RS256", "jwks": jwks({**EC.as_dict(), "kid": "a"})}, "another algorithm"),
        ({"alg": "RS256", "jwks": jwks(*[{**RSA.as_dict(), "kid": str(n)} for n in range(101)])}, "at most 100"),
        ({"alg": "RS256", "jwks": "https://shop.example/jwks.json"}, "list named"),
        ({**HS256, "audience": []}, "empty list"),
        ({**HS256, "audience": 5}, "audience"),
        ({**HS256, "audience": ["shop", ""]}, "audience"),
        ({**HS256, "issuer": ["x"]}, "issuer"),
        ({**HS256, "required": "yes"}, "required"),
        ({**HS256, "required": []}, "required"),
    ],
    # A key is new in each process, and the workers of a run have to name its tests alike.
    ids=lambda value: ascii(value)[:40] if isinstance(value, str) else type(value).__name__,
)
def test_a_bad_key_is_refused_in_words(key, words):
    with pytest.raises(InvalidKey, match=words) as refused:
        check_key(key)
    assert SECRET not in str(refused.value)
    assert refused.value.__context__ is None


def test_nothing_heavy_is_imported_before_the_first_key_is_used():
    program = "import sys, core.customer_tokens; sys.exit('joserfc' in sys.modules or 'cryptography' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
