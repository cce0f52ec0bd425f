"""Makes customer tokens, honest and forged, for the tests."""

import base64
import hashlib
import hmac
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

NOW = 1_800_000_000
SECRET = "correct horse battery staple, thirty-two bytes"
HS256 = {"alg": "HS256", "secret": SECRET}

RSA = RSAKey.import_key(rsa.generate_private_key(public_exponent=65537, key_size=2048))
OTHER_RSA = RSAKey.import_key(rsa.generate_private_key(public_exponent=65537, key_size=2048))
SMALL_RSA = rsa.generate_private_key(public_exponent=65537, key_size=1024)
EC = ECKey.import_key(ec.generate_private_key(ec.SECP256R1()))
EC384 = ECKey.import_key(ec.generate_private_key(ec.SECP384R1()))
ED25519 = OKPKey.import_key(ed25519.Ed25519PrivateKey.generate())
ED448 = OKPKey.import_key(ed448.Ed448PrivateKey.generate())

PAIRS = {"RS256": RSA, "ES256": EC, "EdDSA": ED25519}


def b64(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def encoded(value: Any) -> str:
    return b64(value if isinstance(value, bytes) else json.dumps(value).encode())


def claims(**changes: Any) -> dict[str, Any]:
    """The claims of an honest token, changed; None takes a claim out."""
    told = {"sub": "customer-1", "exp": NOW + 600, "iat": NOW, **changes}
    return {name: value for name, value in told.items() if value is not None}


def hs256(payload: Any = None, header: Any = None, secret: str = SECRET) -> str:
    """Sign with the shared secret, whatever the header says."""
    header = {"alg": "HS256", "typ": "JWT"} if header is None else header
    signing_input = f"{encoded(header)}.{encoded(claims() if payload is None else payload)}"
    return f"{signing_input}.{b64(hmac.digest(secret.encode(), signing_input.encode(), hashlib.sha256))}"


def signed(alg: str, key: Any, payload: Any = None, **header: Any) -> str:
    """Sign with a private key."""
    signing_input = f"{encoded({'alg': alg, **header})}.{encoded(claims() if payload is None else payload)}"
    return f"{signing_input}.{b64(JWSRegistry.algorithms[alg].sign(signing_input.encode(), key))}"


def pem(key: Any) -> str:
    return key.as_pem(private=False).decode()


def jwks(*members: dict[str, Any]) -> dict[str, Any]:
    return {"keys": list(members)}
