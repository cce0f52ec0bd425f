"""Signatures, checked by joserfc. Imported when the first key is used: it takes a quarter of a second."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, Key, OctKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from core.customer_tokens.compact import decode_base64url
from core.customer_tokens.keys import InvalidKey

_KEY_TYPES = {"HS256": "oct", "RS256": "RSA", "ES256": "EC", "EdDSA": "OKP"}
_CURVES = {"ES256": ("P-256",), "EdDSA": ("Ed25519", "Ed448")}
# Only what makes up the public key is handed on: the rest of a JWK (x5u, x5c …) is never used.
_MEMBERS = {"oct": ("k",), "RSA": ("n", "e"), "EC": ("crv", "x", "y"), "OKP": ("crv", "x")}
_PRIVATE = "This is a private key, which must stay on your server. Give the public one."
_UNREADABLE = "This key cannot be read. Copy it whole, from BEGIN PUBLIC KEY to END PUBLIC KEY, or as a complete JWK."


@dataclass(frozen=True, repr=False)
class SigningKey:
    """A key with the one algorithm that it may be used for."""

    algorithm: str
    key: Key

    def has_signed(self, signing_input: bytes, signature: bytes) -> bool:
        """Whether the signature is this key's; a comparison of secrets takes constant time."""
        try:
            # The algorithm is taken by its name, not through the registry's lookup: that warns about EdDSA,
            # whose successor names (RFC 9864) the contract does not have.
            return JWSRegistry.algorithms[self.algorithm].verify(signing_input, signature, self.key)
        except (ValueError, JoseError):
            return False


def key_of_secret(secret: object) -> SigningKey:
    """Use a shared secret of at least 32 bytes, the output of SHA-256 (RFC 7518, 3.2)."""
    try:
        octets = secret.encode("utf-8") if isinstance(secret, str) else secret
    except UnicodeEncodeError:
        octets = None
    if not isinstance(octets, bytes):
        raise InvalidKey("A secret is a text.")
    if len(octets) < 32:
        raise InvalidKey("A secret has at least 32 bytes. Make one with: openssl rand -hex 32")
    if b"-----BEGIN " in octets or octets.startswith((b"ssh-", b"ecdsa-")) or b'"kty"' in octets:
        raise InvalidKey("This is a key pair's key, not a secret. Choose RS256, ES256 or EdDSA for it.")
    try:
        return SigningKey("HS256", OctKey.import_key(octets))
    except ValueError:
        pass
    raise InvalidKey("This is a public key, which everybody may know, so it cannot be a secret.")


def key_of_pem(algorithm: str, pem: object) -> SigningKey:
    """Use a public key in PEM, of the kind that the algorithm needs."""
    text = pem.decode("utf-8", errors="replace") if isinstance(pem, bytes) else pem
    if not isinstance(text, str):
        raise InvalidKey("A public key is PEM text, or a JWK.")
    if "PRIVATE KEY" in text:
        raise InvalidKey(_PRIVATE)
    if "BEGIN CERTIFICATE" in text:
        raise InvalidKey("Give the certificate's public key: openssl x509 -pubkey -noout -in certificate.pem")
    try:
        native = load_pem_public_key(text.encode("utf-8"))
    except (ValueError, UnsupportedAlgorithm):
        native = None
    if native is None:
        raise InvalidKey(_UNREADABLE)
    return _key_of_native(algorithm, native)


def key_of_jwk(algorithm: str, jwk: Mapping[str, Any]) -> SigningKey:
    """Use a JWK whose own members allow it to check signatures of this algorithm (RFC 7517, 4)."""
    if jwk.get("kty") != _KEY_TYPES[algorithm] or jwk.get("alg", algorithm) != algorithm:
        raise InvalidKey(f"This JWK is for another algorithm than {algorithm} (“kty”, “alg”).")
    key_operations = jwk.get("key_ops", ["verify"])
    if jwk.get("use", "sig") != "sig" or not isinstance(key_operations, list) or "verify" not in key_operations:
        raise InvalidKey("This JWK is not meant for checking signatures (“use”, “key_ops”).")
    if "d" in jwk:
        raise InvalidKey(_PRIVATE)
    if algorithm in _CURVES and jwk.get("crv") not in _CURVES[algorithm]:
        raise InvalidKey(_wrong_kind(algorithm))
    members: dict[str, Any] = {name: jwk.get(name) for name in _MEMBERS[jwk["kty"]]}
    octets = {name: decode_base64url(value) for name, value in members.items() if isinstance(value, str)}
    if algorithm == "HS256":
        return key_of_secret(octets.get("k"))
    if algorithm == "RS256":
        _check_size(int.from_bytes(octets.get("n") or b"").bit_length())
    try:
        imported = JWKRegistry.import_key({"kty": jwk["kty"], **members})
    except (ValueError, TypeError, JoseError, UnsupportedAlgorithm):
        imported = None
    if imported is None:
        raise InvalidKey(_UNREADABLE)
    return SigningKey(algorithm, imported)


def _key_of_native(algorithm: str, native: object) -> SigningKey:
    if algorithm == "RS256" and isinstance(native, RSAPublicKey):
        _check_size(native.key_size)
        return SigningKey(algorithm, RSAKey.import_key(native))
    if algorithm == "ES256" and isinstance(native, EllipticCurvePublicKey) and native.curve.name == "secp256r1":
        return SigningKey(algorithm, ECKey.import_key(native))
    if algorithm == "EdDSA" and isinstance(native, Ed25519PublicKey | Ed448PublicKey):
        return SigningKey(algorithm, OKPKey.import_key(native))
    raise InvalidKey(_wrong_kind(algorithm))


def _check_size(bits: int) -> None:
    if bits < 2048:
        raise InvalidKey("An RSA key has at least 2048 bits (RFC 7518, 3.3). Make a new pair.")
    if bits > 16384:
        raise InvalidKey("An RSA key of more than 16384 bits takes too long to check. Make a smaller pair.")


def _wrong_kind(algorithm: str) -> str:
    kinds = {"RS256": "an RSA key", "ES256": "a key on the curve P-256", "EdDSA": "an Ed25519 or Ed448 key"}
    return f"{algorithm} needs {kinds[algorithm]}, and this is another kind."
